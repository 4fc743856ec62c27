"""Polls of several feeds with faults of order, and the curated rows as they may be compared."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, text

from mlb_perf.pipeline.promote import queue_games
from mlb_perf.pipeline.promote.run import Promoter
from mlb_perf.pipeline.promote.session import promoting
from tests.integration.pipeline import feeds

MINUTE = dt.timedelta(minutes=1)
TEAMS = ("Boston Red Sox", "New York Yankees", "Chicago Cubs", "Seattle Mariners", "Texas Rangers",
         "Houston Astros", "Atlanta Braves", "Miami Marlins")  # fmt: skip
BOOKS = ("fanduel", "draftkings", "betmgm", "bovada")
# Their rows are compared as sets of texts, without ids that are drawn and times of writing.
CURATED = (
    "betting_lines_unified",
    "unified_betting_splits",
    "line_movements",
    "arbitrage_opportunities",
    "ml_features",
    "ml_market_analysis",
    "enhanced_games",
)
_WRITTEN = ("line_id", "split_id", "movement_id", "opportunity_id", "created_at", "updated_at")

_NUMBERS = itertools.count()


class Row(NamedTuple):
    """One raw row: its table, and its columns."""

    table: str
    values: dict[str, Any]


class Feed:
    """Games whose starts lie around now, and what feeds say of them; all by one seed."""

    def __init__(self, seed: int, games: int = 3, polls: int = 12) -> None:
        self.chance = random.Random(seed)
        self.now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self.polls = polls
        number = next(_NUMBERS) % 6  # months away there are no partitions
        self.ids = [f"live{seed}-{number}-{game}" for game in range(games)]
        # One is over, one is being played, one is to come, each on days of its own.
        self.starts = [
            self.now + (game - 1) * 30 * dt.timedelta(hours=1) - 40 * MINUTE
            + number * dt.timedelta(days=5) * (1 if game == games - 1 else -1)
            for game in range(games)
        ]  # fmt: skip

    def rows(self) -> list[Row]:
        """Every row in the order of its moment."""
        told = [row for game in range(len(self.ids)) for row in self._of_game(game)]
        return sorted(told, key=lambda row: row.values["collected_at"])

    def _of_game(self, game: int) -> Iterator[Row]:
        end = self.starts[game] + 3 * MINUTE
        for poll in range(self.polls):
            at = end - (self.polls - poll) * MINUTE
            for book in BOOKS:
                if self.chance.random() < 0.85:
                    yield self._odds_api(game, book, at)
                if self.chance.random() < 0.4:
                    yield self._action_network(game, book, at)
            if self.chance.random() < 0.5:
                yield self._split(game, at)

    def _prices(self) -> tuple[float, float]:
        """Few different prices, so that runs, moves together and arbitrages come about."""
        return self.chance.choice(((1.9, 1.95), (1.9, 1.95), (2.0, 1.85), (1.75, 2.15), (2.2, 1.9)))

    def _odds_api(self, game: int, book: str, at: dt.datetime) -> Row:
        home, away = TEAMS[2 * game : 2 * game + 2]
        stamp = at.isoformat()
        line = self.chance.choice((8.5, 8.5, 9.0))
        markets = [
            {"key": key, "last_update": stamp, "outcomes": [
                {"name": one, "price": price, **({"point": points[0]} if points else {})},
                {"name": other, "price": back, **({"point": points[1]} if points else {})},
            ]}
            for key, one, other, points, (price, back) in (
                ("h2h", home, away, None, self._prices()),
                ("spreads", home, away, (-1.5, 1.5), self._prices()),
                ("totals", "Over", "Under", (line, line), self._prices()),
            )
        ]  # fmt: skip
        # The same game by another id of the feed, now and then.
        name = self.ids[game] + ("" if self.chance.random() < 0.9 else "-again")
        start = self.starts[game] + (20 * MINUTE if self.chance.random() < 0.03 else 0 * MINUTE)
        event = {
            "id": name, "commence_time": start.isoformat(), "home_team": home, "away_team": away,
            "bookmakers": [{"key": book, "last_update": stamp, "markets": markets}],
        }  # fmt: skip
        return _row("odds_api_odds", name, at, event, sportsbook_key=book)

    def _action_network(self, game: int, book: str, at: dt.datetime) -> Row:
        home, away = TEAMS[2 * game : 2 * game + 2]
        prices = self.chance.choice(((-110, -110), (-120, 110), (130, -140), (115, -115)))
        bets = self.chance.choice((30, 45, 60))
        odds = {
            "type": "game", "inserted": at.isoformat(), "ml_home": prices[0], "ml_away": prices[1],
            "ml_home_public": bets, "ml_away_public": 100 - bets,
            "ml_home_money": 100 - bets, "ml_away_money": bets,
        }  # fmt: skip
        payload = {
            "id": self.ids[game], "start_time": self.starts[game].isoformat(),
            "status": "inprogress" if at > self.starts[game] else "scheduled",
            "home_team_id": 1, "away_team_id": 2,
            "teams": [{"id": 1, "full_name": home}, {"id": 2, "full_name": away}],
            "odds": [odds],
        }  # fmt: skip
        return _row("action_network_odds", self.ids[game], at, payload, sportsbook_key=book)

    def _split(self, game: int, at: dt.datetime) -> Row:
        home, away = TEAMS[2 * game : 2 * game + 2]
        bets = self.chance.choice((20, 38, 55))
        payload = {
            "source": "VSIN", "split_type": "total", "home_team": home, "away_team": away,
            "game_datetime": self.starts[game].isoformat(),
            "home_or_over_bets_percentage": str(bets),
            "away_or_under_bets_percentage": str(100 - bets),
            "home_or_over_stake_percentage": "60", "away_or_under_stake_percentage": "40",
        }  # fmt: skip
        return _row("vsin_splits", self.ids[game], at, payload, sportsbook_key="draftkings",
                    market_type="total")  # fmt: skip


def _row(table: str, game: str, at: dt.datetime, payload: Any, **key: str) -> Row:
    return Row(
        table,
        {"external_game_id": game, "collected_at": at, "payload": json.dumps(payload), **key},
    )


def store(engine: Engine, rows: Iterable[Row]) -> None:
    """Load the rows, in one transaction, whose statistics are there when it ends.

    A session that ends would report them a moment later, to whoever counts then.
    """
    with engine.begin() as connection:
        for row in rows:
            names = list(row.values)
            connection.execute(
                text(
                    f"INSERT INTO raw_data.{row.table} ({', '.join(names)})"
                    f" VALUES ({', '.join(':' + name for name in names)}) ON CONFLICT DO NOTHING"
                ),
                row.values,
            )
        connection.execute(text("SELECT pg_stat_force_next_flush()"))


def curated(connection: Connection) -> dict[str, set[str]]:
    """The curated rows as texts, by table."""
    found = {}
    for table in CURATED:
        query = f"SELECT (to_jsonb(t) - CAST(:written AS text[]))::text FROM curated.{table} AS t"
        rows = connection.execute(text(query), {"written": list(_WRITTEN)}).scalars()
        found[table] = set(rows)
    return found


def remade(engine: Engine) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The curated rows before and after the whole path of every game is made again."""
    with engine.connect() as connection:
        before = curated(connection)
    with engine.begin() as connection:
        assert queue_games(connection) > 0
    with promoting(engine.url) as session:
        Promoter([session]).drain()
    with engine.connect() as connection:
        return before, curated(connection)


def assert_equal_to_remake(engine: Engine) -> None:
    before, after = remade(engine)
    different = {
        table: {"live only": sorted(before[table] - after[table])[:5],
                "remade only": sorted(after[table] - before[table])[:5]}
        for table in CURATED if before[table] != after[table]
    }  # fmt: skip
    # pytest shows the difference of what stands in a test's own file alone.
    assert different == {}, json.dumps(different, indent=1)


def promoter(stack: ExitStack, engine: Engine, workers: int = 1, rows: int = 2000) -> Promoter:
    return Promoter([stack.enter_context(promoting(engine.url)) for _ in range(workers)], rows)


def polls(
    count: int, begin: int = 0, *, all_change: bool = True, others: Sequence[str] = ()
) -> Iterator[list[Row]]:
    """Polls a minute apart of three games tomorrow at four books, both sides of a moneyline.

    ``others`` are keys of books that no alias knows.
    """
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    for number in range(begin, begin + count):
        at = now + (number - 300) * MINUTE
        poll = []
        for game, (place, book) in itertools.product(range(3), enumerate((*BOOKS, *others))):
            step = number if all_change else (number + 7 * game) // 45
            price = 1.75 + (step * 7 + place) % 10 / 25
            odds = feeds.odds_row(
                f"g{game}", book, at, home=TEAMS[2 * game], away=TEAMS[2 * game + 1],
                start=now + dt.timedelta(days=1), prices=(round(price, 2), 2.0),
            )  # fmt: skip
            poll.append(Row("odds_api_odds", dict(zip(
                ("external_game_id", "sportsbook_key", "collected_at", "payload"),
                (*odds[:3], json.dumps(odds[3])), strict=True))))  # fmt: skip
        yield poll
