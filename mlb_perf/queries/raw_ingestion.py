"""Questions about ``raw_data``: the snapshots that arrived, and the rows still to promote."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import Connection

from mlb_perf.queries.query import Sampler, query
from mlb_perf.queries.sampling import (
    AHEAD,
    DAY,
    HOUR,
    before,
    event,
    event_with,
    hot,
    pick,
    window,
)

_SOURCE: Final = "odds_api"
"""Whose responses the questions of this module are about, but for splits and schedules."""

_BOOKS = """
    SELECT sportsbook_key, min(collected_at) AS first, max(collected_at) AS last
    FROM raw_data.odds_api_odds
    WHERE external_game_id = :external
    GROUP BY sportsbook_key ORDER BY sportsbook_key
"""
_SNAPSHOTS = """
    SELECT sportsbook_key, collected_at FROM raw_data.odds_api_odds
    WHERE external_game_id = :external ORDER BY sportsbook_key, collected_at
"""
_SPLITS = """
    SELECT external_game_id, sportsbook_key FROM raw_data.vsin_splits
    WHERE external_game_id = :external GROUP BY 1, 2 ORDER BY 1, 2
"""
_BACKLOG_DAYS: Final = 7
_NEWEST = """
    SELECT max(collected_at) FROM raw_data.odds_api_odds HAVING max(collected_at) IS NOT NULL
"""
_PKS = """
    SELECT game_pk, season FROM curated.enhanced_games
    WHERE game_pk IS NOT NULL ORDER BY game_date DESC, game_pk
"""


def _of_book(connection: Connection, random: Random) -> dict[str, Any]:
    game, book = event_with(connection, random, _BOOKS, hot, _SOURCE)
    return {
        "external_game_id": game.external_game_id,
        "sportsbook_key": book.sportsbook_key,
        **_quoted(game.start_at),
    }


def _quoted(start: dt.datetime) -> dict[str, Any]:
    """``since`` and ``until`` (exclusive): the time in which a game with that start is quoted."""
    return {"since": start - AHEAD, "until": start + DAY}


def _as_of(connection: Connection, random: Random) -> dict[str, Any]:
    given = _of_book(connection, random)
    del given["until"]
    return given | {"moment": before(random, given["since"] + AHEAD)}


def _of_game(connection: Connection, random: Random) -> dict[str, Any]:
    game = event(connection, random, _SOURCE)
    return {"external_game_id": game.external_game_id, **_quoted(game.start_at)}


def _of_snapshot(connection: Connection, random: Random) -> dict[str, Any]:
    game, found = event_with(connection, random, _SNAPSHOTS, source=_SOURCE)
    # Half of the snapshots that a feed sends are in the table already.
    later = random.choice((dt.timedelta(), dt.timedelta(seconds=1)))
    return {
        "external_game_id": game.external_game_id,
        "sportsbook_key": found.sportsbook_key,
        "collected_at": found.collected_at + later,
    }


def _of_splits(connection: Connection, random: Random) -> dict[str, Any]:
    # VSIN's rows carry the ids of MLB StatsAPI.
    _, found = event_with(connection, random, _SPLITS, source="mlb_stats_api")
    return dict(found._mapping)


def _last_days(days: int) -> Sampler:
    """``since`` and ``until`` (exclusive): so many days, until the newest snapshot."""

    def sample(connection: Connection, random: Random) -> dict[str, Any]:
        (newest,) = pick(connection, random, _NEWEST)
        return {"since": newest - days * DAY, "until": newest + HOUR}

    return sample


def _before_the_backlog(connection: Connection, random: Random) -> dict[str, Any]:
    return {"before": _last_days(_BACKLOG_DAYS)(connection, random)["since"]}


def _containing(connection: Connection, random: Random) -> dict[str, Any]:
    """``pattern``: a team's name, half of the time with a book, as in the payloads of a day."""
    game, book = event_with(connection, random, _BOOKS, hot, _SOURCE)
    team = pick(
        connection,
        random,
        "SELECT name FROM curated.teams WHERE team_id = :team ORDER BY name",
        team=game.home_team_id,
    )
    pattern: dict[str, Any] = {"home_team": team.name}
    if random.random() < 0.5:
        pattern["bookmakers"] = [{"key": book.sportsbook_key}]
    until = game.start_at
    return {"since": until - DAY, "until": until, "pattern": json.dumps(pattern)}


def _schedule(connection: Connection, random: Random) -> dict[str, Any]:
    """``pattern``: a rare status, or the number of one game; ``since``: the year's first day."""
    game = pick(connection, random, _PKS, hot)
    rare = random.choice(("Postponed", "Cancelled", "Suspended"))
    pattern: dict[str, Any] = random.choice(
        ({"status": {"detailedState": rare}}, {"gamePk": game.game_pk})
    )
    return {
        "since": dt.datetime(game.season, 1, 1, tzinfo=dt.UTC),
        "pattern": json.dumps(pattern),
    }


_query = partial(query, "raw_ingestion")
_KEY: Final = "raw_data.pk_odds_api_odds"
_FEEDS: Final = ("odds_api_odds", "action_network_odds", "sbd_splits", "vsin_splits")
_OTHERS: Final = (
    "mlb_stats_api_games", "action_network_games", "action_network_history", "game_results",
    "line_history",
)  # fmt: skip

QUERIES: Final = (
    _query(
        "latest_snapshot",
        "What is this book's latest snapshot of this game?",
        _of_book,
        _KEY,
        lookup=True,
    ),
    _query(
        "snapshot_as_of",
        "What was this book's latest snapshot of this game at that moment?",
        _as_of,
        _KEY,
        lookup=True,
    ),
    _query(
        "snapshot_has_come",
        "Has this snapshot been loaded already?",
        _of_snapshot,
        _KEY,
        lookup=True,
    ),
    _query(
        "latest_snapshots_of_game",
        "What is each book's latest snapshot of this game?",
        _of_game,
        _KEY,
        lookup=True,
    ),
    _query(
        "snapshots_of_book",
        "What are all snapshots of this game from this book, in order?",
        _of_book,
        _KEY,
    ),
    _query(
        "latest_splits",
        "What are the newest bets and money percentages of this game, by market?",
        _of_splits,
        "raw_data.pk_vsin_splits",
        lookup=True,
    ),
    _query(
        "hot_queue",
        "Which snapshots of the last week have waited longest for promotion?",
        _last_days(7),
        "raw_data.ix_odds_api_odds_hot",
        lookup=True,
    ),
    _query(
        "promotion_backlog",
        "How many rows of each feed wait for promotion, and since when?",
        _last_days(_BACKLOG_DAYS),
        *(f"raw_data.ix_{table}_hot" for table in (*_FEEDS, *_OTHERS)),
    ),
    _query(
        "promotion_overdue",
        "Which feeds still have rows to promote from before that moment?",
        _before_the_backlog,
        *(f"raw_data.ix_{table}_hot" for table in _FEEDS),
    ),
    _query(
        "snapshots_containing",
        "Which snapshots of the last day contain this JSON?",
        _containing,
        "raw_data.ix_odds_api_odds_collected_at",
    ),
    _query(
        "schedule_containing",
        "Which rows of this season's schedule contain this JSON?",
        _schedule,
        "raw_data.ix_mlb_stats_api_games_payload",
    ),
    _query(
        "snapshots_by_hour",
        "How many snapshots arrived in each hour of the last day, by book?",
        window(DAY),
        "raw_data.ix_odds_api_odds_collected_at",
    ),
    _query(
        "feed_freshness",
        "Which feeds sent data in the last hour, and when was the latest?",
        window(HOUR),
        *(f"raw_data.ix_{table}_collected_at" for table in _FEEDS),
    ),
)
