"""The measurement of polls: a process promotes what it loads, and it leaves nothing behind."""

from __future__ import annotations

import itertools
import json

import pytest
from sqlalchemy import URL, Connection

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.found import Goal
from mlb_perf.bench.measure import live, live_figures
from mlb_perf.bench.tools.polls import QUOTES, STANDS_FOR, Polls
from mlb_perf.engine import connect, execute, migration_engine
from mlb_perf.errors import BenchmarkFailed


def prices(feed: Polls, number: int) -> list[float]:
    found = [
        outcome["price"]
        for event in json.loads(feed.body(number))
        for book in event["bookmakers"]
        for market in book["markets"]
        for outcome in market["outcomes"]
    ]
    assert len(found) == QUOTES
    return found


@pytest.mark.parametrize(("all_change", "share"), [(False, 1 / STANDS_FOR), (True, 0.9)])
def test_prices_change_as_they_say(connection: Connection, all_change: bool, share: float) -> None:
    """A calm price changes once in 45 polls; of two that are drawn again a few are equal."""
    feed = Polls.of(connection, STANDS_FOR + 1, all_change=all_change)
    polls = [prices(feed, number) for number in range(STANDS_FOR + 1)]
    changed = sum(
        one != other
        for before, after in itertools.pairwise(polls)
        for one, other in zip(before, after, strict=True)
    )
    assert changed / QUOTES / STANDS_FOR == pytest.approx(share, rel=0.15)
    assert feed.moment(STANDS_FOR) - feed.moment(0) == (feed.now - feed.moment(1))


@pytest.mark.usefixtures("copied")
def test_polls_are_measured_and_the_database_is_gone(
    server_url: URL, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "DATABASE", name)
    found = live.measure(server_url, scale=0, polls=10, samples=3)
    (table,) = found.tables
    assert [row[0] for row in table.rows] == ["10"]
    assert 0 < found.figures["p95 of a poll behind 10 polls, ms"] < 60_000
    assert found.figures["p95, longest history / shortest"] == 1
    assert found.figures["bulk, quotes a second"] > 0
    assert found.figures["a day of one-minute polls from cold"] > 0
    with connect(engine_of(server_url)) as connection:
        query = f"SELECT count(*) FROM pg_database WHERE datname = '{name}'"
        assert connection.exec_driver_sql(query).scalar_one() == 0


@pytest.mark.usefixtures("copied")
def test_a_poll_that_nobody_promotes_is_an_error(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_PATIENCE_SECONDS", 0.1)
    feed = Polls.of(connection, 2, all_change=False)
    engine = migration_engine(connection.engine.url, {})
    with pytest.raises(BenchmarkFailed, match="poll 0 waits for 0 s"):
        live._poll(connection, engine, feed, 0)
    with pytest.raises(BenchmarkFailed, match=r"^0 of 120 rows of polls were loaded"):
        live._load(engine, feed, 0)
    execute(connection, "DELETE FROM raw_data.odds_api_odds WHERE external_game_id LIKE 'live%'")


def test_a_slow_poll_and_a_large_table_miss_their_goals() -> None:
    marks = [
        live_figures.Mark(polls, [time] * 20, [1.0], 100, 0.5, (1, 1))
        for polls, time in ((10, 200.0), (1000, 350.0))
    ]
    found = live_figures.found_of(live_figures.Figures(marks, 30_000, day=91, bytes=15, packed=10))
    assert {goal.figure for goal in found.goals if missed(found.figures, goal)} == {
        "p95 of a poll behind 1,000 polls, ms", "p95, longest history / shortest",
        "a day of one-minute polls from cold", "lines: bytes / packed",
    }  # fmt: skip


def missed(figures: dict[str, float], goal: Goal) -> bool:
    value = figures[goal.figure]
    return value > (goal.most or float("inf")) or value < (goal.least or 0)
