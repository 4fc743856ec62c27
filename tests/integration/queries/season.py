"""A part of a season, asked at the baseline and at head."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import mean
from typing import Any

import pytest
from sqlalchemy import URL, Connection

from mlb_perf.bench.measure import indexes
from mlb_perf.bench.measure.pages import counted, generic
from mlb_perf.bench.tools.catalogue_runs import askable, drawn
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.dataset import generate
from mlb_perf.online.rebuild import copy
from mlb_perf.queries import CATALOGUE, Query
from tests.support.databases import engine_on, upgrade
from tests.support.months import make_months

# A fiftieth of a season: tables of odds, lines and movements have enough pages
# for the planner to choose as it does at scale 1.
SCALE = 0.02
BASELINE = "0007"
SETS = 12
Counted = tuple[float, float, float]
"""Mean pages at the baseline, at head, and at head with the generic plan; with the same values."""
ASKED = [query for query in CATALOGUE if query.category != "monitoring"]


@dataclass(frozen=True)
class Season:
    """A database at head with a month of the monitoring's history; and what was measured."""

    url: URL
    pages: dict[str, Counted]
    """Of each question."""


def measured(url: URL) -> Season:
    """Fill an empty database at the baseline, ask, upgrade it, ask again."""
    upgrade(url, BASELINE)
    generate(url, scale=SCALE, seed=1)
    with _vacuumed(url) as connection:
        found, left_out = askable(connection, ASKED, 1)
        assert left_out == {}
        values = {query.name: drawn(connection, query, 1, SETS) for query in found}
        before = {query.name: _pages(connection, query, values) for query in found}
    with pytest.MonkeyPatch.context() as patch:
        # One batch a table: where a batch ends within a game, its rows lie apart, and batches of
        # milliseconds end where the machine's speed says.
        patch.setattr(copy, "_FIRST_BLOCKS", copy._MOST_BLOCKS)
        upgrade(url, "head")
    with engine_on(url).begin() as connection:
        make_months(connection)
    with _vacuumed(url) as connection:
        after = {query.name: _pages(connection, query, values) for query in found}
        prepared = {query.name: _generic(connection, query, values) for query in found}
    indexes.prepare(url)
    return Season(url, {name: (before[name], after[name], prepared[name]) for name in before})


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
