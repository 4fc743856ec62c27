"""The features of a game as of its start, from what was seen before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mlb_perf.dataset.market.moments import stamp
from mlb_perf.dataset.story import PROMOTE_SECONDS, Story
from mlb_perf.dataset.tiers.lines import Line, Movement

Standing = dict[tuple[int, int, int], Line]
"""By book, market and side."""


def standing(lines: Iterable[Line], moment: int) -> Standing:
    """The line of each book, market and side that was seen last before a moment."""
    found: Standing = {}
    for line in lines:
        if line.first >= moment:
            continue
        key = (line.path.book_id, line.path.market, line.side)
        there = found.get(key)
        # Of two sources at one moment, the first by name, as promotion has it.
        if (
            there is None
            or line.first > there.first
            or (line.first == there.first and line.path.source < there.path.source)
        ):
            found[key] = line
    return found


def _opening(lines: Iterable[Line]) -> Standing:
    found: Standing = {}
    for line in lines:
        key = (line.path.book_id, line.path.market, line.side)
        if line.path.market == 0 and not line.is_in_play:
            there = found.get(key)
            if there is None or (line.first, line.path.source) < (there.first, there.path.source):
                found[key] = line
    return found


def no_vig(lines: Standing, market: int) -> list[float]:
    """Each book's probability of home or over, without its vig."""
    found = []
    for (book, of, side), line in lines.items():
        other = lines.get((book, of, 1))
        if of == market and side == 0 and other is not None:
            one = line.price.probability
            found.append(one / (one + other.price.probability))
    return found


def mean(values: list[float]) -> float | None:
    """Their mean; ``None`` of none."""
    return sum(values) / len(values) if values else None


def _dispersion(values: list[float]) -> float | None:
    if len(values) < 2:
        return None
    middle = sum(values) / len(values)
    square = sum((value - middle) * (value - middle) for value in values) / (len(values) - 1)
    return float(square**0.5)


def common_line(lines: Standing, market: int) -> str | None:
    """The line that most books have; the lowest of several."""
    counts = Counter(
        line.line
        for (_, of, side), line in lines.items()
        if of == market and side == 0 and line.line is not None
    )
    if not counts:
        return None
    return f"{min(counts, key=lambda line: (-counts[line], line)) / 2:.1f}"


def eight(value: float | None) -> str | None:
    """With eight digits, as the column keeps it."""
    return None if value is None else f"{value:.8f}"


def write_features(story: Story, lines: list[Line], moves: list[Movement]) -> None:
    """The row of ``curated.ml_features``, once the game has begun."""
    start = story.game.start
    stood = standing(lines, start)
    if not story.has_begun or not stood:
        return
    now, then = no_vig(stood, 0), mean(no_vig(_opening(lines), 0))
    consensus = mean(now)
    change = None if consensus is None or then is None else consensus - then
    split = max(
        (s for s in story.splits if s.market == 0 and s.collected_at < start),
        key=lambda s: s.collected_at,
        default=None,
    )
    written = stamp(max(start, max(line.last for line in lines)) + PROMOTE_SECONDS)
    story.rows.add(
        "curated.ml_features", story.game.number, story.date, "market_v1", stamp(start),
        eight(consensus), eight(_dispersion(now)), common_line(stood, 1), common_line(stood, 2),
        eight(change), split and split.percents[0], split and split.percents[2],
        sum(move.is_steam for move in moves), len({book for book, _, _ in stood}),
        f"{min(line.quality for line in stood.values()):.3f}", written, written,
    )  # fmt: skip
