"""Polls of The Odds API: the same games at the same books, minute by minute."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, text

GAMES = 15
BOOKS = 8
ROWS = GAMES * BOOKS
"""Raw rows of one poll."""
QUOTES = ROWS * 3 * 2
"""In one poll: both sides of three markets."""
POLLS_A_DAY = 24 * 60
STANDS_FOR = 45
"""Polls after which a book's price changes where the market is calm."""

_TEAMS = text(
    "SELECT t.name FROM curated.teams AS t JOIN curated.leagues USING (league_id)"
    " WHERE code = 'MLB' ORDER BY team_id LIMIT :teams"
)
_BOOKS = text(
    "SELECT DISTINCT ON (sportsbook_id) alias FROM staging.sportsbook_aliases"
    " WHERE source = 'odds_api' ORDER BY sportsbook_id LIMIT :books"
)


@dataclass(frozen=True)
class Polls:
    """The responses of polls a minute apart, the last of ``count`` now; the games begin tomorrow.

    Where the market is calm, a book's prices of a game stand for 45 polls, and the books change one
    after the other; otherwise every price changes at every poll.
    """

    count: int
    all_change: bool
    now: dt.datetime
    teams: Sequence[str]
    books: Sequence[str]

    @classmethod
    def of(cls, connection: Connection, count: int, *, all_change: bool) -> Self:
        """Polls of teams and sportsbooks that the database knows."""
        teams = connection.execute(_TEAMS, {"teams": 2 * GAMES}).scalars().all()
        books = connection.execute(_BOOKS, {"books": BOOKS}).scalars().all()
        return cls(count, all_change, dt.datetime.now(dt.UTC).replace(microsecond=0), teams, books)

    def moment(self, number: int) -> dt.datetime:
        return self.now - dt.timedelta(minutes=self.count - number)

    def body(self, number: int) -> str:
        """The response of a poll."""
        return json.dumps([self._event(game, number) for game in range(GAMES)])

    def write(self, path: Path, numbers: Iterable[int]) -> None:
        """A file of responses, one a line."""
        with path.open("w") as file:
            for number in numbers:
                file.write(self.body(number) + "\n")

    def _event(self, game: int, number: int) -> dict[str, Any]:
        home, away = self.teams[2 * game : 2 * game + 2]
        start = self.now + dt.timedelta(days=1, minutes=10 * game)
        return {
            "id": f"live{game:028x}",
            "commence_time": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "home_team": home,
            "away_team": away,
            "bookmakers": [
                self._bookmaker(game, book, number, home, away) for book in range(BOOKS)
            ],
        }

    def _bookmaker(self, game: int, book: int, number: int, home: str, away: str) -> dict[str, Any]:
        at = f"{self.moment(number):%Y-%m-%dT%H:%M:%SZ}"
        step = number if self.all_change else (number + 5 * book + 3 * game) // STANDS_FOR
        sides = (("h2h", home, away, None, None), ("spreads", home, away, -1.5, 1.5),
                 ("totals", "Over", "Under", 8.5, 8.5))  # fmt: skip
        markets = []
        for key, one, other, line, other_line in sides:
            price, other_price = _prices(f"{game}/{step}", f"{book}/{key}")
            outcomes = [_outcome(one, price, line), _outcome(other, other_price, other_line)]
            markets.append({"key": key, "last_update": at, "outcomes": outcomes})
        return {"key": self.books[book], "last_update": at, "markets": markets}


def _prices(level: str, own: str) -> tuple[float, float]:
    """Decimal prices of both sides: a level that all books share, and a book's distance from it."""
    common = random.Random(level).uniform(1.75, 2.15)  # noqa: S311  prices, no secret
    price = common + random.Random(f"{level}/{own}").uniform(-0.03, 0.03)  # noqa: S311
    return round(price, 2), round(1 / (1.045 - 1 / price), 2)


def _outcome(name: str, price: float, line: float | None) -> dict[str, Any]:
    return {"name": name, "price": price} | ({} if line is None else {"point": line})
