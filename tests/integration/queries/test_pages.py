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

from mlb_perf.bench.tools.catalogue_runs import askable, drawn, statement_of
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.dataset import generate
from mlb_perf.queries import CATALOGUE, Query
from tests.support.databases import Server, copy_of, engine_on, upgrade
from tests.support.sql import value

BASELINE = "0007"
SCALE = 0.02
SETS = 12
# An index may have a level more or less, and rows may lie across the end of a page.
SLACK_PAGES, SLACK_SHARE = 1.0, 1.05

ASKED = [query for query in CATALOGUE if query.category != "monitoring"]

_IN_KEY_ORDER = "rows come in the order of the key, so the same heap pages are touched repeatedly"
MORE: dict[str, str] = {
    "board_as_of": _IN_KEY_ORDER,
    "best_price_by_market": _IN_KEY_ORDER,
    "board_of_day": _IN_KEY_ORDER,
    "movements_of_game": _IN_KEY_ORDER,
    "predictions_of_day": "50 rows in the order of the index; the baseline reads and sorts a day",
    "latest_splits": "a raw feed, by its key and not by an index of the game alone",
}
"""The questions that do, each with the reason."""
SINCE_18 = {"board_of_day"}
"""Of these only from PostgreSQL 18 on: the baseline's plan on older servers reads more pages."""


@pytest.fixture(scope="module")
def pages(empty_template: NoopExecutor, server: Server) -> Iterator[dict[str, tuple[float, float]]]:
    """Mean pages of each question at the baseline and at head, with the same values."""
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
        yield {name: (before[name], after[name]) for name in before}


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
    explainer = Explainer(connection)
    statement = statement_of(query.sql)
    plans = [explainer.explain(statement, one) for one in values[query.name]]
    return mean(plan.buffers_hit + plan.buffers_read for plan in plans)


def _more(before: float, after: float) -> bool:
    return after > max(before + SLACK_PAGES, before * SLACK_SHARE)


@pytest.mark.parametrize("name", [query.name for query in ASKED])
def test_no_question_reads_more_pages(
    pages: dict[str, tuple[float, float]], server: Server, name: str
) -> None:
    """But for the known ones; a question that no longer reads more is to leave their list."""
    before, after = pages[name]
    known = name in MORE and not (name in SINCE_18 and _version(server) < 18)
    assert _more(before, after) is known, f"{before:.1f} pages at {BASELINE}, {after:.1f} at head"


def _version(server: Server) -> int:
    engine = engine_on(server.url(server.maintenance_dbname))
    number: int = value(engine, "SELECT current_setting('server_version_num')::int")
    return number // 10000
