"""Two sides at two books that stood together before the start and leave a profit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlb_perf.dataset.market.market import MARKETS, SIDES
from mlb_perf.dataset.market.moments import stamp
from mlb_perf.dataset.story import IDS_A_GAME, PROMOTE_SECONDS, Story
from mlb_perf.dataset.tiers.lines import Line

Key = tuple[int, int, int, int]
"""Market, the books of both sides, the moment from which both stood."""


def write_arbitrage(story: Story, lines: list[Line]) -> None:
    """Rows of ``curated.arbitrage_opportunities``: the best of a moment, a market and two books."""
    best: dict[Key, tuple[float, Line, Line]] = {}
    for one, other in _pairs(lines):
        profit = (1 / (one.price.probability + other.price.probability) - 1) * 100
        if profit < 0.0005:
            continue
        since = max(one.first, other.first)
        key = (one.path.market, one.path.book_id, other.path.book_id, since)
        if key not in best or profit > best[key][0]:
            best[key] = (profit, one, other)
    number = story.game.number * IDS_A_GAME
    for n, ((market, first, second, since), (profit, one, other)) in enumerate(best.items()):
        story.rows.add(
            "curated.arbitrage_opportunities", story.game.number, story.date, number + n,
            MARKETS[market], one.text, first, SIDES[market][0], one.price.american, second,
            SIDES[market][1], other.price.american, f"{profit:.3f}", stamp(since),
            stamp(min(one.last, other.last)), stamp(since + PROMOTE_SECONDS),
        )  # fmt: skip


def _pairs(lines: Iterable[Line]) -> Iterator[tuple[Line, Line]]:
    """Pairs of lines whose prices leave a profit and which stood at the same time."""
    ones: dict[tuple[int, int | None], list[Line]] = {}
    others: dict[tuple[int, int | None], list[Line]] = {}
    for line in lines:
        if line.is_in_play:
            continue
        market = line.path.market
        mirrored = -line.line if market == 1 and line.side == 1 and line.line else line.line
        (others if line.side else ones).setdefault((market, mirrored), []).append(line)
    for key, firsts in ones.items():
        # The best prices first, so that most lines are done at the first look.
        seconds = sorted(others.get(key, ()), key=lambda line: line.price.probability)
        for one in firsts:
            for other in seconds:
                if one.price.probability + other.price.probability >= 1:
                    break
                if (
                    other.path.book_id != one.path.book_id
                    and other.first <= one.last
                    and other.last >= one.first
                ):
                    yield one, other
