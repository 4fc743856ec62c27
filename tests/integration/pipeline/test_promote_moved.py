"""A game that moves to another official date: what is known of it moves along."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import Engine, text

from mlb_perf.models import metadata
from mlb_perf.pipeline.ask.selects import closing_lines, line_as_of
from mlb_perf.pipeline.load.ingest import ingest, read_response
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.promote.session import promoting
from mlb_perf.pipeline.promote.stage import resolve_games, stage_batch
from mlb_perf.pipeline.promote.tables import RAW_TABLES
from tests.integration.pipeline.feeds import odds_row, store
from tests.support.sql import rows

FIRST = dt.datetime(2026, 7, 20, 23, 5, tzinfo=dt.UTC)
MAKE_UP = dt.datetime(2026, 9, 2, 17, 10, tzinfo=dt.UTC)
DATED = sorted(
    table.fullname
    for table in metadata.tables.values()
    if {"game_id", "game_date"} <= set(table.columns.keys()) and table.schema != "raw_data"
)
"""Every table whose rows carry a game's date: a new one is covered once it is there."""


def schedule(engine: Engine, start: dt.datetime, status: str, said: dt.datetime) -> None:
    game = {
        "gamePk": 7, "gameDate": start.isoformat(), "officialDate": start.date().isoformat(),
        "gameNumber": 2 if start == MAKE_UP else 1, "status": {"detailedState": status},
        "teams": {"home": {"team": {"name": "Boston Red Sox"}},
                  "away": {"team": {"name": "New York Yankees"}}},
    }  # fmt: skip
    body = json.dumps({"dates": [{"games": [game]}]})
    assert ingest(engine, read_response(body, "mlb_stats_api", said)).loaded == 1


def fill(engine: Engine) -> None:
    """Lines that moved, splits, an arbitrage, features, and what analytics says of the game."""
    hours = dt.timedelta(hours=1)
    with engine.connect() as connection:
        store(connection, [
            odds_row(at=FIRST - 5 * hours), odds_row(at=FIRST - 4 * hours, prices=(1.7, 2.2)),
            odds_row(book="draftkings", at=FIRST - 4.1 * hours, prices=(2.4, 1.6)),
            odds_row(book="draftkings", at=FIRST - 3.9 * hours, prices=(2.4, 1.6)),
        ])  # fmt: skip
        split = {
            "source": "VSIN",
            "split_type": "moneyline",
            "home_team": "BOS",
            "away_team": "NYY",
            "home_or_over_bets_percentage": "40",
            "game_datetime": FIRST.isoformat(),
            "away_or_under_bets_percentage": "60",
            "home_or_over_stake_percentage": "60",
            "away_or_under_stake_percentage": "40",
        }
        connection.execute(
            text(
                "INSERT INTO raw_data.vsin_splits (external_game_id, sportsbook_key, market_type,"
                " collected_at, payload) VALUES ('7', 'draftkings', 'moneyline', :at, :payload)"
            ),
            {"at": FIRST - 2 * hours, "payload": json.dumps(split)},
        )
        connection.commit()
    promote(engine.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("""
            INSERT INTO analytics.strategy_signals (game_id, game_date, strategy, market_type, side,
                price, strength, signalled_at)
            SELECT game_id, game_date, 'steam', 'moneyline', 'home', 120, 0.5, now()
            FROM curated.enhanced_games
        """)


def dates(engine: Engine) -> dict[str, list[Any]]:
    """The dates in each table that has rows, with their number."""
    found = {
        table: rows(engine, f"SELECT game_date, count(*) FROM {table} GROUP BY 1")
        for table in DATED
    }
    return {table: dated for table, dated in found.items() if dated}


def test_facts_follow_there_and_back(head: Engine) -> None:
    schedule(head, FIRST, "Scheduled", FIRST - dt.timedelta(days=2))
    fill(head)
    before = dates(head)
    assert {name.partition(".")[2] for name in before} >= {
        "enhanced_games", "betting_lines_unified", "unified_betting_splits", "line_movements",
        "arbitrage_opportunities", "ml_features", "ml_market_analysis", "strategy_signals",
        "games", "betting_odds_unified", "betting_splits",
    }  # fmt: skip
    assert {date for dated in before.values() for date, _ in dated} == {FIRST.date()}
    said = FIRST + dt.timedelta(hours=1)
    for start, status in ((MAKE_UP, "Postponed"), (FIRST, "Scheduled"), (MAKE_UP, "Scheduled")):
        said += dt.timedelta(hours=1)
        schedule(head, start, status, said)
        promote(head.url)
        after = dates(head)
        del after["staging.games"]  # each description keeps the date that it told
        assert after == {
            table: [(start.date(), number) for _, number in dated]
            for table, dated in before.items() if table in after
        }  # fmt: skip
        game = (
            "SELECT status, game_number, season, original_start_at, scheduled_start_at"
            " FROM curated.enhanced_games"
        )
        number = 2 if start == MAKE_UP else 1
        assert rows(head, game) == [(status.lower(), number, 2026, FIRST, start)]


def test_what_stood_before_the_old_start_is_asked_by_the_new_date(head: Engine) -> None:
    """And closes the game that is made up, as long as nothing newer was quoted."""
    schedule(head, FIRST, "Scheduled", FIRST - dt.timedelta(days=2))
    fill(head)
    schedule(head, MAKE_UP, "Scheduled", FIRST + dt.timedelta(hours=1))
    promote(head.url)
    ((game_id, game_date),) = rows(head, "SELECT game_id, game_date FROM curated.enhanced_games")
    with head.connect() as connection:
        found = connection.execute(line_as_of(game_id, game_date, FIRST)).all()
        closing = connection.execute(closing_lines([game_id])).all()
    assert sorted((row.sportsbook, row.side, float(row.decimal_price)) for row in found) == sorted(
        (book, side, price)
        for book, side, price in (
            ("fanduel", "home", 1.7), ("fanduel", "away", 2.2),
            ("draftkings", "home", 2.4), ("draftkings", "away", 1.6),
        )
    )  # fmt: skip
    assert len(closing) == 4
    assert all(row.reason is None for row in closing)


def test_a_feed_that_comes_back_to_what_it_said_is_believed(head: Engine) -> None:
    """A start that is moved and moved back is where it was: the newest word counts."""
    start = FIRST
    for number, start in enumerate((FIRST, FIRST + dt.timedelta(minutes=30), FIRST)):
        schedule(head, start, "Scheduled", FIRST - dt.timedelta(hours=9 - number))
        promote(head.url)
    assert rows(head, "SELECT scheduled_start_at FROM curated.enhanced_games") == [(start,)]


def test_what_is_loaded_after_the_games_were_described_is_not_lost(head: Engine) -> None:
    """It is claimed with the batch, and no later promotion would read it again."""
    table = next(table for table in RAW_TABLES if table.name == "mlb_stats_api_games")
    schedule(head, FIRST, "Scheduled", FIRST - dt.timedelta(days=2))
    promote(head.url)
    with promoting(head.url) as session:
        schedule(head, FIRST, "Pre-Game", FIRST - dt.timedelta(hours=1))
        resolve_games(session, {})
        for status, hours in (("Delayed", 1), ("Postponed", 4), ("Postponed", 5)):
            schedule(head, FIRST, status, FIRST + dt.timedelta(hours=hours))
        assert stage_batch(session, table, 100, {}).rows == 4
    assert rows(head, "SELECT status FROM curated.enhanced_games") == [("postponed",)]
    told = rows(head, "SELECT status FROM staging.games ORDER BY collected_at")
    assert told == [("scheduled",), ("pre_game",), ("delayed",), ("postponed",)]
