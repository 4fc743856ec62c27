"""How each market of a game went: from the opening to the closing consensus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mlb_perf.bench.dataset.context import PROMOTE_SECONDS, Split, Story
from mlb_perf.bench.dataset.features import Standing, common_line, eight, mean, no_vig, standing
from mlb_perf.bench.dataset.lines import Line, Movement
from mlb_perf.bench.dataset.market import MARKETS, SIDES
from mlb_perf.bench.dataset.moments import stamp
from mlb_perf.pipeline.promote import Thresholds


def sharp_side(split: Split, limits: Thresholds) -> str | None:
    """The side whose share of the handle exceeds its share of the bets by so much."""
    home_bets, away_bets, home_money, away_money = split.percents
    # Hundredths, since 40.1 - 30.1 is not 10 in binary.
    if round((home_money - home_bets) * 100) >= limits.sharp_points * 100:
        return SIDES[split.market][0]
    if round((away_money - away_bets) * 100) >= limits.sharp_points * 100:
        return SIDES[split.market][1]
    return None


def write_market_analysis(story: Story, lines: list[Line], moves: list[Movement]) -> None:
    """A row of ``curated.ml_market_analysis`` for each market, once the game has begun."""
    if not story.has_begun:
        return
    opening = _opening(lines)
    closing = standing(lines, story.game.start)
    written = stamp(story.game.start + PROMOTE_SECONDS)
    for market, name in enumerate(MARKETS):
        books = {book for book, of, _ in closing if of == market}
        if books:
            story.rows.add(
                "curated.ml_market_analysis", story.game.number, story.game.date, name,
                common_line(opening, market), common_line(closing, market),
                eight(mean(no_vig(opening, market))), eight(mean(no_vig(closing, market))),
                eight(mean(_vigs(closing, market))), _sharp(story, market), len(books),
                sum(move.after.path.market == market for move in moves), written, written,
            )  # fmt: skip


def _opening(lines: Iterable[Line]) -> Standing:
    found: Standing = {}
    for line in lines:
        key = (line.path.book_id, line.path.market, line.side)
        if not line.is_in_play and (key not in found or line.first < found[key].first):
            found[key] = line
    return found


def _vigs(lines: Standing, market: int) -> list[float]:
    return [
        line.price.probability + lines[book, of, 1].price.probability - 1
        for (book, of, side), line in lines.items()
        if of == market and side == 0 and (book, of, 1) in lines
    ]


def _sharp(story: Story, market: int) -> str | None:
    limits = Thresholds()
    sides = Counter(
        side
        for split in story.splits
        if split.market == market and (side := sharp_side(split, limits))
    )
    return max(SIDES[market], key=lambda side: sides[side]) if sides else None
