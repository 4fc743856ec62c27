"""Whatever a feed sends, no row is lost and none stops the others."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from mlb_perf.pipeline.promote import promote
from tests.integration.pipeline.feeds import START, odds_row, store
from tests.support.databases import Server, copy_of
from tests.support.effort import tries

_NUMBERS = itertools.count()

words = st.sampled_from(
    ["", " ", "Boston Red Sox", "new york yankees ", "BOS", "American League", "h2h", "spreads",
     "totals", "Over", "under", "fanduel", "nobody", "-110", "+150", "1.91", "evens", "NaN",
     "2026-07-20T18:00:00Z", "2026-02-30T00:00:00Z", "2026-07-20 18:00", "9999-99-99", "x" * 5000,
     "1e999", "--", "\u00e9\u4e2d", "'; DROP TABLE raw_data.odds_api_odds; --", "{}", "%s :name"]
)  # fmt: skip
numbers = st.one_of(
    st.integers(-200_000, 200_000), st.floats(-1e12, 1e12, allow_nan=False),
    st.sampled_from([0, 1, 1.0, 100, -100, -100_000, 2**53, 10**30]),
)  # fmt: skip
junk = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, words),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)
PATHS = (
    ("id",), ("home_team",), ("away_team",), ("commence_time",), ("bookmakers",),
    ("bookmakers", 0), ("bookmakers", 0, "key"), ("bookmakers", 0, "markets"),
    ("bookmakers", 0, "markets", 0), ("bookmakers", 0, "markets", 0, "key"),
    ("bookmakers", 0, "markets", 0, "last_update"), ("bookmakers", 0, "markets", 0, "outcomes"),
    ("bookmakers", 0, "markets", 0, "outcomes", 0),
    ("bookmakers", 0, "markets", 0, "outcomes", 0, "name"),
    ("bookmakers", 0, "markets", 0, "outcomes", 0, "price"),
    ("bookmakers", 0, "markets", 0, "outcomes", 1, "point"),
)  # fmt: skip


@st.composite
def corrupted(draw: st.DrawFn) -> Any:
    """An event in which some places hold something else, or nothing at all."""
    event = odds_row(prices=(draw(numbers), draw(numbers)))[3]
    for path in draw(st.lists(st.sampled_from(PATHS), max_size=4)):
        _put(event, path, draw(junk))
    return event


def _put(event: Any, path: tuple[Any, ...], value: Any) -> None:
    *way, last = path
    place = event
    for step in way:
        try:
            place = place[step]
        except (KeyError, IndexError, TypeError):
            return  # an earlier corruption took the way
    fits = isinstance(last, int) and isinstance(place, list) and len(place) > last
    if fits or (isinstance(place, dict) and isinstance(last, str)):
        place[last] = value


@pytest.fixture(scope="module")
def database(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    with copy_of(head_template, server, "mlb_perf_test_property") as url:
        engine = create_engine(url, poolclass=NullPool)
        yield engine
        engine.dispose()


@settings(max_examples=tries(15), suppress_health_check=list(HealthCheck))
@given(payloads=st.lists(st.one_of(corrupted(), junk), min_size=1, max_size=30))
def test_no_row_is_lost_and_none_stops_the_batch(database: Engine, payloads: list[Any]) -> None:
    names = [f"p{next(_NUMBERS)}" for _ in payloads]
    at = (START - dt.timedelta(hours=5)).isoformat()
    with database.connect() as connection:
        store(
            connection,
            [(name, "fanduel", at, payload) for name, payload in zip(names, payloads, strict=True)],
        )
        store(connection, [odds_row(f"good{names[0]}")])
    report = promote(database.url)
    assert report.rows == len(payloads) + 1
    told = """
        SELECT count(*) FROM raw_data.odds_api_odds r
        WHERE r.external_game_id = ANY(:names) AND (r.processed_at IS NULL OR NOT (
            EXISTS (SELECT FROM staging.betting_odds_unified s
                    WHERE s.external_game_id = r.external_game_id)
            OR EXISTS (SELECT FROM staging.rejected_records x
                       WHERE x.external_game_id = r.external_game_id)))
    """
    with database.connect() as connection:
        gave_nothing = connection.execute(text(told), {"names": names}).scalar_one()
        assert gave_nothing == report.rows_not_offered
        good = connection.execute(
            text(
                "SELECT count(*) FROM staging.betting_odds_unified WHERE external_game_id = :name"
            ),
            {"name": f"good{names[0]}"},
        ).scalar_one()
    assert good == 2
