"""Pages, generic plans, the time limit and a database with its keys alone, on a real server."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Connection, text

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.judge.sides import is_over
from mlb_perf.bench.measure import latency, pages, secondary_indexes
from mlb_perf.bench.tools.catalogue_runs import Draws, numbered
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.engine import connect
from mlb_perf.queries import Query
from tests.support.databases import Server, copy_of

HOT = 20


def number(_connection: Connection, random: Random) -> dict[str, Any]:
    return {"number": random.randrange(HOT), "state": "hot"}


def question(sql: str) -> Query:
    return Query("numbers", "Which?", sql, "joins", 1.0, (), number)


# Only a plan for its values can know that the state is the index's.
BY_STATE = question(
    "SELECT payload FROM operational.bench_states\n"
    "WHERE id = CAST(:number AS bigint) AND state = CAST(:state AS text) AND payload <> '5%';\n"
)
LONG = question(
    "SELECT count(*) FROM generate_series(1, 3000000)"
    " WHERE CAST(:number AS bigint) >= 0 AND CAST(:state AS text) = 'hot'"
)


@pytest.fixture
def states(connection: Connection) -> Iterator[None]:
    """A table with an index on a few of its rows."""
    connection.exec_driver_sql(
        "CREATE TABLE operational.bench_states AS"
        " SELECT n::bigint AS id, repeat('x', 400) AS payload,"
        f" CASE WHEN n < {HOT} THEN 'hot' ELSE 'cold' END AS state"
        " FROM generate_series(0, 3999) AS n"
    )
    connection.exec_driver_sql(
        "CREATE INDEX bench_hot ON operational.bench_states (id) WHERE state = 'hot'"
    )
    connection.exec_driver_sql("VACUUM ANALYZE operational.bench_states")
    yield
    connection.exec_driver_sql("DROP TABLE operational.bench_states")


@pytest.mark.usefixtures("states")
def test_a_generic_plan_that_cannot_use_an_index_reads_more(connection: Connection) -> None:
    explainer, draws = Explainer(connection), Draws(1, 4).of(connection, BY_STATE)
    custom = pages.counted(explainer, BY_STATE, draws)
    generic = pages.generic(connection, explainer, BY_STATE, draws)
    whole = connection.exec_driver_sql(
        "SELECT pg_relation_size('operational.bench_states') / 8192"
    ).scalar_one()
    assert max(custom) <= 3
    assert generic == [whole] * 4
    assert pages.counted(explainer, BY_STATE, draws) == custom
    assert left_in_session(connection) == ("auto", 0)


def left_in_session(connection: Connection) -> tuple[str, int]:
    found = connection.exec_driver_sql(
        "SELECT current_setting('plan_cache_mode'), count(*) FROM pg_prepared_statements"
        " WHERE name LIKE 'mlb_perf%%'"
    ).one()
    return found[0], found[1]


@pytest.mark.usefixtures("states")
def test_a_case_has_the_pages_of_the_same_values(connection: Connection) -> None:
    few = latency.Effort(
        executions=8, sets=4, rounds=2, warm_up=1, seconds_per_question=5, at_least=4
    )
    draws = Draws(1, 4)
    (before,) = latency.measure(connection, [BY_STATE], 1, few, draws=draws)
    connection.exec_driver_sql("DROP INDEX operational.bench_hot")
    never_drawn = dataclasses.replace(BY_STATE, sample=not_again)
    (after,) = latency.measure(connection, [never_drawn], 1, few, draws=draws)
    assert before.generic_pages == after.generic_pages == after.pages
    assert max(before.pages) < min(after.pages)
    assert len(before.pages) == few.sets


def not_again(_connection: Connection, _random: Random) -> dict[str, Any]:
    raise AssertionError("the values of the first side are those of the second")


def test_the_time_limit_ends_a_question(connection: Connection) -> None:
    few = latency.Effort(
        executions=8, sets=2, rounds=2, warm_up=1, seconds_per_question=0, at_least=2, limit_ms=50
    )
    (case,) = latency.measure(connection, [LONG], 1, few)
    assert (case.ended, len(case.samples_ms)) == (2, 2)
    assert is_over(case)
    assert (case.pages, case.generic_pages) == ([], [])
    assert case.plan.startswith("Aggregate")
    limit = connection.exec_driver_sql("SELECT current_setting('statement_timeout')")
    assert limit.scalar_one() == "0"


def test_without_secondary_indexes(head_template: NoopExecutor, server: Server) -> None:
    """Keys, unique and exclusion constraints stay; of partitioned tables too."""
    with (
        copy_of(head_template, server, "mlb_perf_test_bench_keys") as url,
        connect(engine_of(url)) as connection,
    ):
        connection.exec_driver_sql(
            "CREATE TABLE operational.bench_spans (id bigint PRIMARY KEY, code text UNIQUE,"
            " day daterange, note text, EXCLUDE USING gist (day WITH &&))"
        )
        connection.exec_driver_sql("CREATE INDEX bench_note ON operational.bench_spans (note)")
        before = definitions(connection)
        dropped = secondary_indexes.drop(connection)
        gone = before.keys() - definitions(connection).keys()
        assert "operational.bench_note" in dropped
        assert set(dropped) < gone  # with them those of partitions
        assert not [name for name in gone if "UNIQUE" in before[name]]
        assert secondary_indexes.drop(connection) == []
        left = {name for name in definitions(connection) if "bench_spans" in name}
        assert left == {
            "operational.bench_spans_pkey", "operational.bench_spans_code_key",
            "operational.bench_spans_day_excl",
        }  # fmt: skip


def definitions(connection: Connection) -> dict[str, str]:
    rows = connection.execute(
        text(
            "SELECT format('%I.%I', schemaname, indexname) AS name, indexdef FROM pg_indexes"
            " WHERE schemaname !~ '^pg_'"
        )
    )
    return {row.name: row.indexdef for row in rows}


def test_parameters_as_drivers_prepare_them() -> None:
    assert numbered("SELECT '5%' AS a, b::text, CAST(:c AS int), CAST(:d AS int), :c") == (
        "SELECT '5%' AS a, b::text, CAST($1 AS int), CAST($2 AS int), $1",
        ["c", "d"],
    )
