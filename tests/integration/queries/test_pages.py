"""No question reads more pages at head than at the baseline, on the same rows.

Pages are the shared buffers that an execution touches, so a busy machine changes nothing. A page
that is touched twice counts twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import mean
from typing import Any

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import URL, Connection

from mlb_perf.bench.judge.known import MORE_PAGES, WORSE_AS_GENERIC, is_more, is_worse
from mlb_perf.bench.measure.pages import counted, generic
from mlb_perf.bench.tools.catalogue_runs import askable, drawn
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.dataset import generate
from mlb_perf.queries import CATALOGUE, Query
from tests.support.databases import Server, copy_of, engine_on, upgrade
from tests.support.sql import value

BASELINE = "0007"
SCALE = 0.02
SETS = 12
Counted = tuple[float, float, float]
"""At the baseline, at head, and at head with the generic plan."""

ASKED = [query for query in CATALOGUE if query.category != "monitoring"]

NOT_YET = {"strategy_record"}
"""Known to read more, but of more rows than are here."""
SINCE_18 = {"board_of_day"}
"""Known to read more from PostgreSQL 18 on: the baseline's plan on older servers reads more."""


@pytest.fixture(scope="module")
def pages(empty_template: NoopExecutor, server: Server) -> Iterator[dict[str, Counted]]:
    """Mean pages of each question, with the same values."""
    with copy_of(empty_template, server, "mlb_perf_test_pages") as url:
        upgrade(url, BASELINE)
        generate(url, scale=SCALE, seed=1)
        with _vacuumed(url) as connection:
            found, left_out = askable(connection, ASKED, 1)
            assert left_out == {}
            values = {query.name: drawn(connection, query, 1, SETS) for query in found}
            before = {query.name: _pages(connection, query, values) for query in found}
        upgrade(url, "head")
        with _vacuumed(url) as connection:
            after = {query.name: _pages(connection, query, values) for query in found}
            prepared = {query.name: _generic(connection, query, values) for query in found}
        yield {name: (before[name], after[name], prepared[name]) for name in before}


@contextmanager
def _vacuumed(url: URL) -> Iterator[Connection]:
    engine = engine_on(
        url, isolation_level="AUTOCOMMIT", connect_args={"options": "-c timezone=UTC"}
    )
    with engine.connect() as connection:
        # A sample of all rows: otherwise chance decides between plans that cost about the same.
        connection.exec_driver_sql("SET default_statistics_target = 2000")
        connection.exec_driver_sql("VACUUM (ANALYZE)")
        yield connection


def _pages(connection: Connection, query: Query, values: dict[str, list[dict[str, Any]]]) -> float:
    return mean(counted(Explainer(connection), query, values[query.name]))


def _generic(
    connection: Connection, query: Query, values: dict[str, list[dict[str, Any]]]
) -> float:
    return mean(generic(connection, Explainer(connection), query, values[query.name]))


@pytest.mark.parametrize("name", [query.name for query in ASKED])
def test_no_question_reads_more_pages(pages: dict[str, Counted], server: Server, name: str) -> None:
    """But for the known ones; a question that no longer reads more is to leave their list."""
    before, after, _ = pages[name]
    is_known = name in MORE_PAGES and name not in NOT_YET
    if name in SINCE_18 and _version(server) < 18:
        is_known = False
    said = f"{before:.1f} pages at {BASELINE}, {after:.1f} at head"
    assert is_more(before, after) is is_known, said


def test_generic_plans_read_hardly_more(pages: dict[str, Counted]) -> None:
    """Of statements that a driver prepares; but for the known ones."""
    worse = {
        name: f"{custom:.1f} pages for its values, {generic:.1f} as a generic plan"
        for name, (_, custom, generic) in pages.items()
        if is_worse(custom, generic) and name not in WORSE_AS_GENERIC
    }
    assert worse == {}


def _version(server: Server) -> int:
    engine = engine_on(server.url(server.maintenance_dbname))
    number: int = value(engine, "SELECT current_setting('server_version_num')::int")
    return number // 10000
