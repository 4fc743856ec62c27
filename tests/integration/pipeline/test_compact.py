"""Staged quotes of past games are compacted; every line stays as it is, made again or not."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Engine, text

from mlb_perf.pipeline.promote import promote
from tests.integration.pipeline import feeds
from tests.integration.pipeline.live import (
    MINUTE,
    Feed,
    assert_equal_to_remake,
    curated,
    promoter,
    store,
)
from tests.integration.pipeline.test_live import portions
from tests.support.effort import tries
from tests.support.sql import rows, run, value

COMPACT = "SELECT * FROM performance_monitoring.compact_staging(keep => '-7 days')"
STAGED = """
    SELECT external_game_id, sportsbook_key, market_type, side, collected_at, price, quote_count
    FROM staging.betting_odds_unified ORDER BY 1, 2, 3, 4, 5
"""


def compact(engine: Engine) -> list[Any]:
    with engine.begin() as connection:
        return list(connection.execute(text(COMPACT)).all())


def lines(engine: Engine) -> dict[str, set[str]]:
    with engine.connect() as connection:
        return curated(connection)


@pytest.mark.parametrize("seed", range(tries(3)))
def test_a_remake_of_what_is_left_makes_the_same_rows(head: Engine, seed: int) -> None:
    """With doubled ids, two feeds, moved starts and loads out of order."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        worker = promoter(stack, head)
        for load in portions(Feed(seed, polls=20).rows(), chance, disorder=0.1):
            store(head, load)
        worker.drain()
        before = lines(head)
        staged = value(head, "SELECT count(*) FROM staging.betting_odds_unified")
        done = compact(head)
        left = value(head, "SELECT count(*) FROM staging.betting_odds_unified")
    assert sum(game.deleted for game in done) == staged - left > 0
    assert lines(head) == before
    assert_equal_to_remake(head)
    assert compact(head) == []


def test_the_first_and_the_last_quote_of_a_run_stay(head: Engine) -> None:
    """And of a price without its other side, which is of less quality than the ends of its run."""
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=5)
    prices = [2.0, 2.0, 2.0, 2.0, 1.8, 2.0, 1.9, 1.9, 1.9]
    with head.connect() as connection:
        feeds.store(connection, [
            feeds.odds_row(at=start + (number - 7) * MINUTE, start=start, prices=(price, price))
            for number, price in enumerate(prices)
        ])  # fmt: skip
    promote(head.url)
    run(head, "UPDATE staging.betting_odds_unified SET data_quality_score = 0.5"
              f" WHERE collected_at = '{start - 6 * MINUTE}'")  # fmt: skip
    before = rows(head, "SELECT quote_count FROM curated.betting_lines_unified"
                        " WHERE side = 'home' ORDER BY first_seen_at")  # fmt: skip
    assert compact(head) == [(1, 18, 2)]
    # 1.9 is cut at the start: its first quote is before, and the two others are in play.
    kept = rows(head, "SELECT collected_at, quote_count FROM staging.betting_odds_unified"
                      " WHERE side = 'home' ORDER BY 1")  # fmt: skip
    assert kept == [
        (start - 7 * MINUTE, 2), (start - 6 * MINUTE, 1), (start - 4 * MINUTE, 1),
        (start - 3 * MINUTE, 1), (start - 2 * MINUTE, 1), (start - MINUTE, 1), (start, 1),
        (start + MINUTE, 1),
    ]  # fmt: skip
    assert before == [(4,), (1,), (1,), (1,), (2,)]


def test_rows_that_are_loaded_again_do_not_come_back(head: Engine) -> None:
    """A month of raw rows may be dropped, and its files loaded again."""
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=5)
    told = [feeds.odds_row(at=start - n * MINUTE, start=start) for n in range(1, 9)]
    with head.connect() as connection:
        feeds.store(connection, told)
    promote(head.url)
    compact(head)
    left, before = rows(head, STAGED), lines(head)
    assert len(left) == 4
    run(head, "DELETE FROM raw_data.odds_api_odds")
    with head.connect() as connection:
        feeds.store(connection, told)
    report = promote(head.url)
    assert (report.rows, report.rejected, report.quotes) == (8, 0, 0)
    assert rows(head, STAGED) == left
    assert lines(head) == before
    # One of another price is news, late as it is.
    with head.connect() as connection:
        feeds.store(connection, [
            feeds.odds_row(at=start - 5 * MINUTE + dt.timedelta(seconds=9), start=start,
                           prices=(1.5, 2.9))])  # fmt: skip
    assert promote(head.url).quotes == 2


def test_games_that_are_recent_or_wait_are_left(head: Engine) -> None:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    for number, age in enumerate((2, 4, 5)):
        start = now - dt.timedelta(days=age)
        with head.connect() as connection:
            feeds.store(connection, [
                feeds.odds_row(f"g{number}", at=start - n * MINUTE, start=start)
                for n in range(1, 5)
            ])  # fmt: skip
    promote(head.url)
    games = "SELECT game_id FROM curated.enhanced_games WHERE game_date {} ORDER BY game_date"
    (oldest,), (waits,), (_,) = rows(head, games.format("> '2000-01-01'"))
    run(head, f"INSERT INTO staging.curation_queue (game_id) VALUES ({waits})")
    call = "SELECT game_id FROM performance_monitoring.compact_staging()"
    with head.connect() as promoting:
        promoting.execute(text("SELECT FROM curated.enhanced_games FOR NO KEY UPDATE"))
        assert rows(head, call) == []
        promoting.rollback()
    # A key that any role can hold, which names the game on a cluster, keeps none from it here.
    with head.connect() as stranger, head.begin() as connection:
        stranger.execute(text(
            "SELECT pg_advisory_lock(hashtextextended('mlb_perf: game ' || game_id, 0))"
            " FROM curated.enhanced_games"
        ))  # fmt: skip
        assert list(connection.execute(text(call))) == [(oldest,)]


def test_a_call_that_is_killed_has_deleted_nothing(head: Engine) -> None:
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=5)
    with head.connect() as connection:
        feeds.store(connection, [feeds.odds_row(at=start - n * MINUTE, start=start)
                                 for n in range(1, 9)])  # fmt: skip
    promote(head.url)
    before = rows(head, STAGED)
    connection = head.connect()
    pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    assert connection.execute(text(COMPACT)).one().deleted == 12
    rows(head, f"SELECT pg_terminate_backend({pid}, 10000)")
    connection.invalidate()
    assert rows(head, STAGED) == before
    assert compact(head) == [(1, 16, 12)]


def test_the_job_logs_what_it_did(head: Engine) -> None:
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=5)
    with head.connect() as connection:
        feeds.store(connection, [feeds.odds_row(at=start - n * MINUTE, start=start)
                                 for n in range(1, 9)])  # fmt: skip
    promote(head.url)
    with head.begin() as connection:
        connection.execute(text("SELECT performance_monitoring.run_job('compact_staging')"))
    details = "SELECT details FROM performance_monitoring.maintenance_runs"
    assert rows(head, details) == [({"games": 1, "quotes_deleted": 12},)]
