"""How each market of a game went: from the opening to the closing consensus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from mlb_perf.dataset.market.market import MARKETS, SIDES
from mlb_perf.dataset.market.moments import stamp
from mlb_perf.dataset.story import PROMOTE_SECONDS, Split, Story
from mlb_perf.dataset.tiers.features import eight, mean
from mlb_perf.dataset.tiers.lines import Line, Movement
from mlb_perf.pipeline.promote import Thresholds

Pairs = list[tuple[Line, Line | None]]
"""Of each book the home side or over, and the other side where it is at the same line."""


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
    """A row of ``curated.ml_market_analysis`` for each market, as promotion makes it."""
    newest = max((line.last for line in lines), default=0)
    written = stamp(max(newest, min(story.game.start, story.hot_from)) + PROMOTE_SECONDS)
    for market, name in enumerate(MARKETS):
        before = [line for line in lines if line.path.market == market and not line.is_in_play]
        if not before:
            continue
        opened, closed = _opening(before), _closing(before)
        changes = {
            (m.after.path.book_id, m.after.path.source, m.after.first)
            for m in moves
            if m.after.path.market == market
        }
        story.rows.add(
            "curated.ml_market_analysis", story.game.number, story.date, name,
            _text(_common(opened)), _text(_common(closed)),
            eight(mean(_chances(opened))), eight(mean(_chances(closed))),
            eight(mean(_vigs(closed))), _sharp(story, market, opened, closed),
            len({line.path.book_id for line in before}), len(changes), written, written,
        )  # fmt: skip


def _opening(lines: list[Line]) -> Pairs:
    return _of_books(
        [line for line in lines if line.is_opening], lambda line: (line.first, line.path.source)
    )


def _closing(lines: list[Line]) -> Pairs:
    return _of_books(
        [line for line in lines if line.is_closing], lambda line: (-line.last, line.path.source)
    )


def _of_books(lines: list[Line], order: Callable[[Line], tuple[int, str]]) -> Pairs:
    """One source of each book: of those that have both sides at one line, the first in order."""
    others = {(line.path.book_id, line.path.source): line for line in lines if line.side == 1}
    found: dict[int, tuple[Line, Line | None]] = {}
    for line in sorted((line for line in lines if line.side == 0), key=order):
        other = others.get((line.path.book_id, line.path.source))
        if other is not None and not _at_one_line(line, other):
            other = None
        there = found.get(line.path.book_id)
        if there is None or (there[1] is None and other is not None):
            found[line.path.book_id] = (line, other)
    return list(found.values())


def _at_one_line(one: Line, other: Line) -> bool:
    if one.line is None or other.line is None:
        return True
    return other.line == (-one.line if one.path.market == 1 else one.line)


def _chances(pairs: Pairs) -> list[float]:
    return [
        one.price.probability / (one.price.probability + other.price.probability)
        for one, other in pairs
        if other is not None
    ]


def _vigs(pairs: Pairs) -> list[float]:
    return [
        one.price.probability + other.price.probability - 1
        for one, other in pairs
        if other is not None
    ]


def _common(pairs: Pairs) -> int | None:
    """The line that most books have, in halves of a run; the lowest of several."""
    counts = Counter(one.line for one, _ in pairs if one.line is not None)
    return min(counts, key=lambda line: (-counts[line], line)) if counts else None


def _text(line: int | None) -> str | None:
    return None if line is None else f"{line / 2:.1f}"


def _sharp(story: Story, market: int, opened: Pairs, closed: Pairs) -> str | None:
    """The sharp side of the last splits, if it has few of the bets and the line went there."""
    told = [s for s in story.splits if s.market == market and s.collected_at < story.game.start]
    if not told:
        return None
    split = min(told, key=lambda s: (-s.collected_at, s.book_id, s.source))
    side = sharp_side(split, Thresholds())
    if side is None:
        return None
    is_other = side == SIDES[market][1]
    towards = _towards(market, opened, closed) * (-1 if is_other else 1)
    return side if split.percents[is_other] < 50 and towards > 0 else None


def _towards(market: int, opened: Pairs, closed: Pairs) -> float:
    was, now = _common(opened), _common(closed)
    if was is not None and now is not None and was != now:
        return was - now if market == 1 else now - was
    before, after = mean(_chances(opened)), mean(_chances(closed))
    return 0 if before is None or after is None else round(after - before, 12)
