"""What the market thinks of a game through time, and what each book quotes of it.

The chance that the home team wins and the expected runs move by news. A book follows each move
some minutes later and has small moves of its own. What it quotes is kept as runs of the same
quote, with the moments at which it was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mlb_perf.dataset.market.books import Book
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.moments import HOUR, MINUTE
from mlb_perf.dataset.market.prices import Price, two_way

MARKETS = ("moneyline", "spread", "total")
SIDES = (("home", "away"), ("home", "away"), ("over", "under"))

Move = tuple[int, float, float]
"""Moment, change of the home team's chance, change of the expected runs."""

Quote = tuple[int | None, Price, Price]
"""Line in halves of a run (the home side's, or the total); prices of home or over and the other."""


@dataclass(slots=True)
class Run:
    """A quote that a book repeated, in the order of ``times``; cut at the start of the game."""

    quote: Quote
    is_in_play: bool
    times: list[int]


@dataclass(slots=True)
class Path:
    """What one source said of one market of a game at one book."""

    source: str
    external_id: str
    key: str
    book_id: int
    market: int
    runs: list[Run] = field(default_factory=list)

    def say(self, moment: int, quote: Quote, is_in_play: bool) -> None:
        """A quote at a moment later than those before."""
        if self.runs:
            last = self.runs[-1]
            if last.quote == quote and last.is_in_play == is_in_play:
                last.times.append(moment)
                return
        self.runs.append(Run(quote, is_in_play, [moment]))


@dataclass(slots=True)
class Truth:
    """The market of one game: where it opened, its moves, and what came of it."""

    opens: int
    chance: float
    runs: float
    moves: list[Move]
    home_score: int
    away_score: int
    popularity: float


def truth(chance: Chance, game: Game, strength: Sequence[float]) -> Truth:
    """Draw the market of a game, and its result."""
    edge = strength[game.home.statsapi_id % 31] - strength[game.away.statsapi_id % 31]
    opening = min(max(0.53 + edge + chance.bell(0, 0.035), 0.27), 0.75)
    expected = min(max(chance.bell(8.6, 0.8), 6.6), 11.4)
    opens = game.first_start - int(chance.between(24, 36) * HOUR)
    moves = _news(chance, game, opens) + _play(chance, game.start)
    settled = opening + sum(move[1] for move in moves if move[0] < game.start)
    home, away = _score(chance, min(max(settled, 0.05), 0.95), expected)
    popularity = (
        (0.55 + 0.9 * chance.next() * chance.next())
        + 0.25 * (game.home.abbreviation in POPULAR)
        + 0.25 * (game.away.abbreviation in POPULAR)
    )
    return Truth(opens, opening, expected, moves, home, away, popularity)


POPULAR = frozenset({"NYY", "LAD", "BOS", "CHC", "PHI", "NYM", "ATL"})


def _news(chance: Chance, game: Game, opens: int) -> list[Move]:
    moves: list[Move] = []
    moment, start = opens, game.start
    while True:
        left = (start - moment) / HOUR
        # More of it in the last hours: lineups, weather, money.
        moment += int(HOUR * (0.5 + chance.next() * (3 if left < 6 else 9)))
        moment = game.open_at(moment)
        if moment >= start - MINUTE:
            return moves
        size = 0.003 + 0.03 * chance.next() * chance.next()
        sign = 0 if chance.happens(0.3) else 1 if chance.happens(0.5) else -1
        runs = chance.bell(0, 0.21) if chance.happens(0.85) else 0.0
        moves.append((moment, sign * size, runs))


def _play(chance: Chance, start: int) -> list[Move]:
    moves = []
    moment = start
    for _ in range(14):
        moment += chance.whole(8, 14) * MINUTE
        moves.append((moment, chance.bell(0, 0.09), chance.bell(0, 0.6)))
    return moves


def _score(chance: Chance, probability: float, expected: float) -> tuple[int, int]:
    """Runs of both teams; the home team wins as often as the market says."""
    winner = max(1, int(chance.bell(expected * 0.70 + 0.3, 2.8)))
    loser = min(winner - 1, max(0, int(chance.bell(expected * 0.33 + 0.5, 1.8))))
    return (winner, loser) if chance.happens(probability) else (loser, winner)


class View:
    """One book's view of a game, as it follows the market."""

    def __init__(self, chance: Chance, book: Book, truth: Truth, start: int) -> None:
        self._moves = _followed(chance, book, truth, start)
        self._next = 0
        self._chance = truth.chance + chance.bell(0, 0.004)
        self._runs = truth.runs + chance.bell(0, 0.06)
        self._book = book
        self.quotes: list[Quote] = self._quote()

    def at(self, moment: int) -> list[Quote]:
        """The quotes of the three markets at a moment, later than the one asked before."""
        moves, n = self._moves, self._next
        while n < len(moves) and moves[n][0] <= moment:
            self._chance += moves[n][1]
            self._runs += moves[n][2]
            n += 1
        if n != self._next:
            self._next = n
            self.quotes = self._quote()
        return self.quotes

    def _quote(self) -> list[Quote]:
        p = min(max(self._chance, 0.02), 0.98)
        over = self._book.overrounds
        favourite = -3 if p >= 0.5 else 3
        covers = p - 0.155 if p >= 0.5 else p + 0.155
        line = max(int(2 * self._runs + 0.5), 2)
        above = 0.5 + (self._runs - line / 2) * 0.12
        return [
            (None, *two_way(p, over[0])),
            (favourite, *two_way(min(max(covers, 0.03), 0.97), over[1])),
            (line, *two_way(above, over[2])),
        ]


def _followed(chance: Chance, book: Book, truth: Truth, start: int) -> list[Move]:
    moves = [
        (
            moment + int(book.lag * MINUTE * chance.next()) if moment < start
            else moment,
            change * chance.between(0.8, 1.2),
            runs,
        )
        for moment, change, runs in truth.moves
    ]  # fmt: skip
    for _ in range(chance.whole(0, 1)):
        moment = truth.opens + int((start - truth.opens) * chance.next())
        moves.append((moment, chance.bell(0, 0.004), chance.bell(0, 0.03)))
    return sorted(moves)
