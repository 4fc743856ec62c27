"""The catalogue: every question is whole, and every index of the schema is there for one."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text

from mlb_perf.models import metadata
from mlb_perf.queries import CATALOGUE, Query, get
from mlb_perf.queries.query import LOOKUP_MS, TARGETS_MS

QUESTIONS = [pytest.param(query, id=query.name) for query in CATALOGUE]

INDEXES = {
    f"{table.schema}.{index.name}" for table in metadata.tables.values() for index in table.indexes
}
KEYS = {
    f"{table.schema}.{constraint.name}"
    for table in metadata.tables.values()
    for constraint in table.constraints
    if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
}


def test_questions_enough_of_each_category() -> None:
    assert len(CATALOGUE) >= 40
    assert {query.category for query in CATALOGUE} == set(TARGETS_MS)
    assert [query.name for query in CATALOGUE if get(query.name) is not query] == []


def test_an_unknown_question_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(KeyError, match=r"no question 'line_as_off'.*line_as_of, "):
        get("line_as_off")


def test_every_file_is_a_question() -> None:
    folder = files("mlb_perf.queries").joinpath("sql")
    found = {
        f"{category.name}/{file.name}"
        for category in folder.iterdir()
        for file in category.iterdir()
    }
    assert found == {f"{query.category}/{query.name}.sql" for query in CATALOGUE}


@pytest.mark.parametrize("query", QUESTIONS)
def test_a_question_is_asked_in_a_sentence_and_has_a_target(query: Query) -> None:
    assert re.fullmatch(r"[A-Z].*\?", query.question)
    assert query.target_ms in (LOOKUP_MS, TARGETS_MS[query.category])


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_parameter_is_cast(query: Query) -> None:
    """Else a driver's or pgbench's literal has the type that it looks like."""
    given = re.findall(r"(?<![:\w]):(\w+)", query.sql)
    assert set(given) == set(text(query.sql)._bindparams)
    assert re.findall(r"CAST\(:(\w+) AS \w+\)", query.sql) == given


@pytest.mark.parametrize("query", QUESTIONS)
def test_bounds_fold_at_planning(query: Query) -> None:
    """``now()``, and a moment plus an interval, are known at execution only: too late to prune."""
    assert re.findall(r"now\(\)|current_|interval|clock_timestamp", query.sql) == []


@pytest.mark.parametrize("query", QUESTIONS)
def test_the_indexes_of_a_question_are_there(query: Query) -> None:
    assert set(query.indexes) - INDEXES - KEYS == set()
    assert len(query.indexes) == len(set(query.indexes))


def test_every_index_is_there_for_a_question() -> None:
    named = {index for query in CATALOGUE for index in query.indexes}
    assert sorted(INDEXES - named) == []


def test_names_in_plans_are_of_one_index() -> None:
    """A plan gives an index's name without its schema."""
    names = [name.split(".")[1] for name in (*INDEXES, *KEYS)]
    assert sorted(name for name in names if names.count(name) > 1) == []
