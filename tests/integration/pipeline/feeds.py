"""Feeds for the tests of promotion: made by hand, and The Odds API's sample as raw rows."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from tests.support.checkout import ODDS_API

RawRow = tuple[str, str, str, Any]
"""Game, sportsbook, moment, payload."""

START = dt.datetime(2026, 7, 20, 23, 5, tzinfo=dt.UTC)


def sample_rows() -> Iterator[RawRow]:
    """The sample's blocks, each distinct one once."""
    seen = set()
    with gzip.open(ODDS_API, "rt") as file:
        for line in file:
            for events in json.loads(line)["payload"].values():
                for event in events:
                    for book in event["bookmakers"]:
                        key = (event["id"], book["key"], book["last_update"])
                        if key not in seen:
                            seen.add(key)
                            yield *key, {**event, "bookmakers": [book]}


def odds_row(
    game: str = "g1",
    book: str = "fanduel",
    at: dt.datetime = START - dt.timedelta(hours=5),
    *,
    home: str = "Boston Red Sox",
    away: str = "New York Yankees",
    start: dt.datetime = START,
    prices: tuple[Any, Any] = (1.8, 2.1),
    **changed: Any,
) -> RawRow:
    """One block with a moneyline; ``changed`` replaces keys of its market."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    market = {
        "key": "h2h",
        "last_update": stamp,
        "outcomes": [{"name": home, "price": prices[0]}, {"name": away, "price": prices[1]}],
    }
    event = {
        "id": game,
        "commence_time": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "home_team": home,
        "away_team": away,
        "bookmakers": [{"key": book, "last_update": stamp, "markets": [market | changed]}],
    }
    return game, book, stamp, event


def store(connection: Connection, rows: Iterable[RawRow], table: str = "odds_api_odds") -> None:
    """Put rows into a raw table that has a sportsbook in its key."""
    driver: Any = connection.connection.driver_connection
    with driver, driver.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO raw_data.{table}"
            " (external_game_id, sportsbook_key, collected_at, payload)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(game, book, at, json.dumps(payload)) for game, book, at, payload in rows],
        )
