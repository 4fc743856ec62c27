"""The answers of the selects, computed slowly from the feed itself and without SQL."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

OTHER = {"home": "away", "over": "under"}
STEAM_WINDOW = dt.timedelta(minutes=10)


class Quote(NamedTuple):
    """One side of one market at one book at one moment; ``price`` decimal."""

    game: str
    book: str
    market: str
    side: str
    at: dt.datetime
    line: Fraction | None
    price: Fraction


class Split(NamedTuple):
    """Percentages on home or over at one moment."""

    game: str
    market: str
    at: dt.datetime
    bets: int
    money: int


Key = tuple[str, str, str]
"""Book, market, side."""


def until(quotes: Iterable[Quote], moment: dt.datetime) -> list[Quote]:
    return sorted((q for q in quotes if q.at <= moment), key=lambda q: q.at)


def standing(quotes: Iterable[Quote], moment: dt.datetime) -> dict[Key, Quote]:
    """The last quote of each book, market and side up to the moment."""
    return {(q.book, q.market, q.side): q for q in until(quotes, moment)}


def opening(quotes: Iterable[Quote], moment: dt.datetime) -> dict[Key, Quote]:
    return {(q.book, q.market, q.side): q for q in reversed(until(quotes, moment))}


def runs(quotes: Iterable[Quote]) -> dict[Key, list[list[Quote]]]:
    """Quotes of each path in order, those of one price and line together."""
    paths: dict[Key, list[list[Quote]]] = defaultdict(list)
    for q in sorted(quotes, key=lambda q: q.at):
        path = paths[q.book, q.market, q.side]
        if path and (path[-1][-1].line, path[-1][-1].price) == (q.line, q.price):
            path[-1].append(q)
        else:
            path.append([q])
    return paths


def pairs(lines: dict[Key, Quote]) -> dict[tuple[str, str], tuple[Quote, Quote]]:
    """By book and market: both sides, where the book has them at one line."""
    found = {}
    for (book, market, side), one in lines.items():
        other = lines.get((book, market, OTHER.get(side, "")))
        if other is None:
            continue
        wanted = one.line if market != "spread" or one.line is None else -one.line
        if market == "moneyline" or other.line == wanted:
            found[book, market] = (one, other)
    return found


def no_vig(pair: tuple[Quote, Quote]) -> Fraction:
    one, other = (1 / quote.price for quote in pair)
    return one / (one + other)


def moves(quotes: Iterable[Quote]) -> list[tuple[Quote, Quote, Fraction]]:
    """Before, after, and how far towards the side."""
    found = []
    for path in runs(quotes).values():
        for (before, *_), (after, *_) in pairwise(path):
            if after.line is None or after.line == before.line:
                towards = 1 / after.price - 1 / before.price
            else:
                assert before.line is not None
                change = after.line - before.line
                towards = Fraction(1, 20) * (change if after.side == "over" else -change)
            found.append((before, after, towards))
    return found


def steam_moves(quotes: Iterable[Quote]) -> int:
    strong = [(after, t) for _, after, t in moves(quotes) if abs(t) >= Fraction(1, 100)]
    count = 0
    for after, towards in strong:
        books = {
            other.book
            for other, t in strong
            if (other.market, other.side) == (after.market, after.side)
            and (t > 0) == (towards > 0)
            and after.at - STEAM_WINDOW < other.at <= after.at
        }
        count += len(books) >= 3
    return count


def mode(values: list[Fraction]) -> Fraction | None:
    """The most frequent value; of several the least."""
    if not values:
        return None
    counts = Counter(values)
    return min(value for value, count in counts.items() if count == max(counts.values()))


def mean(values: list[Fraction]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def features(
    quotes: list[Quote], splits: list[Split], start: dt.datetime, moment: dt.datetime
) -> dict[str, float | None]:
    """The features as of a moment, from what was seen by then and before the start."""
    before = until((q for q in quotes if q.at < start), moment)
    now, first = standing(before, moment), opening(before, moment)
    chances = [no_vig(p) for (_, market), p in pairs(now).items() if market == "moneyline"]
    opened = [no_vig(p) for (_, market), p in pairs(first).items() if market == "moneyline"]
    told = [s for s in splits if s.market == "moneyline" and s.at <= moment and s.at < start]
    split = max(told, key=lambda s: s.at, default=None)
    chance, was = mean(chances), mean(opened)

    def lines(market: str, side: str) -> list[Fraction]:
        return [q.line for (_, m, s), q in now.items() if (m, s) == (market, side) and q.line]

    found = {
        "home_win_probability": chance,
        "moneyline_dispersion": (
            statistics.stdev(map(float, chances)) if len(chances) > 1 else None
        ),
        "run_line": mode(lines("spread", "home")),
        "total_line": mode(lines("total", "over")),
        "probability_change": None if chance is None or was is None else chance - was,
        "home_bets_percent": split.bets if split else None,
        "home_money_percent": split.money if split else None,
        "steam_moves": steam_moves(before),
        "book_count": len({book for book, _, _ in now}),
    }
    return {name: None if value is None else float(value) for name, value in found.items()}


def market_analysis(
    quotes: list[Quote], splits: list[Split], start: dt.datetime, market: str
) -> dict[str, float | str | None]:
    """What a market did from opening to closing, once the game has begun."""
    before = [q for q in quotes if q.at < start and q.market == market]
    first, last = opening(before, start), standing(before, start)
    side = "over" if market == "total" else "home"
    opened = mode([q.line for (_, _, s), q in first.items() if s == side and q.line is not None])
    closed = mode([q.line for (_, _, s), q in last.items() if s == side and q.line is not None])
    chance = mean([no_vig(p) for p in pairs(last).values()])
    was = mean([no_vig(p) for p in pairs(first).values()])
    vigs = [1 / one.price + 1 / other.price - 1 for one, other in pairs(last).values()]
    towards: Fraction | None
    if opened is not None and closed is not None and opened != closed:
        towards = opened - closed if market == "spread" else closed - opened
    else:
        towards = None if chance is None or was is None else chance - was
    told = [s for s in splits if s.market == market and s.at < start]
    changes = {(after.book, after.at) for _, after, _ in moves(before)}
    return {
        "opening_line": None if opened is None else float(opened),
        "closing_line": None if closed is None else float(closed),
        "opening_probability": None if was is None else float(was),
        "closing_probability": None if chance is None else float(chance),
        "average_vig": float(sum(vigs) / len(vigs)) if vigs else None,
        "sharp_side": _sharp(max(told, key=lambda s: s.at, default=None), towards),
        "book_count": float(len({q.book for q in before})),
        "movement_count": float(len(changes)),
    }


def _sharp(split: Split | None, towards: Fraction | None) -> str | None:
    """Money exceeds bets by 10 points, bets are fewer than half, and the line went there."""
    if split is None or not towards:
        return None
    one, other = ("over", "under") if split.market == "total" else ("home", "away")
    if split.money - split.bets >= 10 and split.bets < 50 and towards > 0:
        return one
    if split.bets - split.money >= 10 and split.bets > 50 and towards < 0:
        return other
    return None
