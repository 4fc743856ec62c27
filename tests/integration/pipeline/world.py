"""The package's own sample with random splits: the games as the feeds tell them, and promoted."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from tests.integration.pipeline.reference import Quote, Split

MARKETS = {"h2h": "moneyline", "spreads": "spread", "totals": "total"}


class Game(NamedTuple):
    id: int
    date: dt.date
    start: dt.datetime
    quotes: list[Quote]
    splits: list[Split]

    def moments(self, chance: random.Random, count: int) -> list[dt.datetime]:
        """At quotes, just before and just after them, and before all of them."""
        around = [dt.timedelta(seconds=step) for step in (-1, 0, 1)]
        moments = [chance.choice(self.quotes).at + chance.choice(around) for _ in range(count)]
        return [*moments, self.start, min(q.at for q in self.quotes) - around[2]]


class World(NamedTuple):
    engine: Engine
    games: list[Game]

    def asked(self, count: int = 4) -> Iterator[tuple[Connection, Game, dt.datetime]]:
        chance = random.Random(5)
        with self.engine.connect() as connection:
            for game in self.games:
                for moment in game.moments(chance, count):
                    yield connection, game, moment


def build(url: URL, folder: Path) -> World:
    """Load and promote the sample, then splits at random moments; ``folder`` is for their file."""
    engine = create_engine(url, poolclass=NullPool)
    ingest(engine, read_file(ODDS))
    ingest(engine, read_file(SCHEDULE))
    promote(url)
    games = _games(engine)
    splits = _write_splits(folder / "splits.csv", engine, games)
    ingest(engine, read_file(folder / "splits.csv"))
    promote(url, workers=2)
    return World(engine, [game._replace(splits=splits[game.id]) for game in games])


def _games(engine: Engine) -> list[Game]:
    quotes = _quotes(engine)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT game_id, game_date, scheduled_start_at, external_game_id"
                " FROM curated.enhanced_games JOIN curated.game_id_mappings USING (game_id)"
                " WHERE source = 'odds_api' ORDER BY game_id"
            )
        ).all()
    return [Game(row[0], row[1], row[2], quotes[row[3]], []) for row in rows]


def _quotes(engine: Engine) -> dict[str, list[Quote]]:
    """Every distinct quote of the sample by game, read without SQL."""
    with engine.connect() as connection:
        keys = {
            row.alias: row.key
            for row in connection.execute(
                text(
                    "SELECT alias, key FROM staging.sportsbook_aliases"
                    " JOIN curated.sportsbooks USING (sportsbook_id)"
                    " WHERE source IN ('odds_api', 'any') ORDER BY source = 'odds_api'"
                )
            )
        }
    found: dict[str, set[Quote]] = {}
    with gzip.open(ODDS, "rt") as file:
        for line in file:
            for events in json.loads(line)["payload"].values():
                for event in events:
                    found.setdefault(event["id"], set()).update(_of_event(event, keys))
    return {game: sorted(quotes, key=lambda q: q.at) for game, quotes in found.items()}


def _of_event(event: Any, keys: dict[str, str]) -> Iterator[Quote]:
    sides = {event["home_team"]: "home", event["away_team"]: "away"}
    for book in event["bookmakers"]:
        for market in book["markets"]:
            for told in market["outcomes"]:
                yield Quote(
                    event["id"],
                    keys[book["key"]],
                    MARKETS[market["key"]],
                    sides.get(told["name"], told["name"].lower()),
                    dt.datetime.fromisoformat(market["last_update"]),
                    Fraction(str(told["point"])) if "point" in told else None,
                    Fraction(str(told["price"])),
                )


def _write_splits(path: Path, engine: Engine, games: list[Game]) -> dict[int, list[Split]]:
    """Splits of each market at random moments around the start, as VSiN's rows."""
    chance = random.Random(3)
    with engine.connect() as connection:
        named = connection.execute(
            text(
                "SELECT g.game_id, g.game_pk, h.abbreviation, a.abbreviation"
                " FROM curated.enhanced_games g JOIN curated.teams h ON h.team_id = home_team_id"
                " JOIN curated.teams a ON a.team_id = away_team_id"
            )
        ).all()
    names = {row[0]: row[1:] for row in named}
    splits: dict[int, list[Split]] = {}
    with path.open("w") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["game_id", "split_type", "last_updated", "source", "book", "home_team", "away_team",
             "game_datetime", "home_or_over_bets_percentage", "away_or_under_bets_percentage",
             "home_or_over_stake_percentage", "away_or_under_stake_percentage"]
        )  # fmt: skip
        for game in games:
            pk, home, away = names[game.id]
            for market in MARKETS.values():
                for hours in chance.sample(range(-2, 30), 4):
                    at = game.start - dt.timedelta(hours=hours)
                    bets, money = chance.randint(5, 95), chance.randint(5, 95)
                    splits.setdefault(game.id, []).append(Split("", market, at, bets, money))
                    writer.writerow(
                        [pk, market, at.isoformat(), "VSIN", "draftkings", home, away,
                         game.start.isoformat(), bets, 100 - bets, money, 100 - money]
                    )  # fmt: skip
    return splits
