"""The path of each line of a game, changes only, with its opening and closing, and its moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from mlb_perf.dataset.columns import NULL
from mlb_perf.dataset.market.market import MARKETS, SIDES, Path
from mlb_perf.dataset.market.moments import MINUTE, stamp
from mlb_perf.dataset.market.prices import Price
from mlb_perf.dataset.story import IDS_A_GAME, PROMOTE_SECONDS, Split, Story
from mlb_perf.dataset.tiers.staging import quality
from mlb_perf.pipeline.promote import Thresholds

LINES = "curated.betting_lines_unified"
MOVEMENTS = "curated.line_movements"


@dataclass(slots=True)
class Line:
    """A row of ``curated.betting_lines_unified``; ``line`` in halves of a run, of this side."""

    path: Path
    side: int
    line: int | None
    price: Price
    first: int
    last: int
    count: int
    is_in_play: bool
    quality: float
    is_opening: bool = False
    is_closing: bool = False

    @property
    def text(self) -> str:
        """The line as COPY reads it."""
        return "\\N" if self.line is None else f"{self.line / 2:.1f}"


@dataclass(slots=True)
class Movement:
    """A change of a line before the start; ``towards`` is what it is worth to the side."""

    before: Line
    after: Line
    towards: float
    books: int = 1
    bets: float | None = None
    is_steam: bool = False
    is_reverse: bool = False


def side_lines(story: Story, path: Path, side: int) -> list[Line]:
    """The runs of one side: those of the market, joined where this side did not change."""
    lines: list[Line] = []
    for run in path.runs:
        line = run.quote[0]
        if line is not None and path.market == 1 and side == 1:
            line = -line
        price = run.quote[2] if side else run.quote[1]
        score = quality(path.market, run.quote, run.is_in_play)
        last = lines[-1] if lines else None
        if last and (last.price, last.line, last.is_in_play) == (price, line, run.is_in_play):
            last.last = run.times[-1]
            last.count += len(run.times)
            last.quality = min(last.quality, score)
        else:
            lines.append(
                Line(path, side, line, price, run.times[0], run.times[-1], len(run.times),
                     run.is_in_play, score)
            )  # fmt: skip
    before = [line for line in lines if not line.is_in_play]
    if before:
        lines[0].is_opening = True
        before[-1].is_closing = story.has_begun
    return lines


def write_lines(story: Story, lines: Iterable[Line]) -> None:
    """Rows of ``curated.betting_lines_unified``."""
    rows = story.rows.lines[LINES]
    number = story.game.number * IDS_A_GAME
    game = f"{story.game.number}\t{story.date}"
    for line in lines:
        path, price = line.path, line.price
        rows.append(
            f"{game}\t{number}\t{path.book_id}\t{path.source}\t{MARKETS[path.market]}\t"
            f"{SIDES[path.market][line.side]}\t{line.text}\t{price.american}\t{price.text}\t"
            f"{price.implied}\t{stamp(line.first)}\t{stamp(line.last)}\t{line.count}\t"
            f"{line.is_opening}\t{line.is_closing}\t{line.is_in_play}\t{line.quality:.3f}\t"
            f"{stamp(line.first + PROMOTE_SECONDS)}\t{stamp(line.last + PROMOTE_SECONDS)}"
        )
        number += 1


def movements(story: Story, sides: list[list[Line]], limits: Thresholds) -> list[Movement]:
    """All moves of the game before its start, with who moved together and what the public bet."""
    by_side: dict[tuple[int, int], list[Movement]] = {}
    for lines in sides:
        before = [line for line in lines if not line.is_in_play]
        for one, other in pairwise(before):
            move = Movement(one, other, _towards(one, other))
            by_side.setdefault((one.path.market, one.side), []).append(move)
    for (market, side), moves in by_side.items():
        moves.sort(key=lambda move: move.after.first)
        _together(moves, limits)
        _public(moves, [s for s in story.splits if s.market == market], side, limits)
    return [move for moves in by_side.values() for move in moves]


def _towards(one: Line, other: Line) -> float:
    if one.line is None or other.line is None or one.line == other.line:
        return other.price.probability - one.price.probability
    moved = (other.line - one.line) / 2
    is_over = one.path.market == 2 and one.side == 0
    return 0.05 * moved if is_over else -0.05 * moved


def _together(moves: list[Movement], limits: Thresholds) -> None:
    window = limits.steam_minutes * MINUTE
    first = 0
    for n, move in enumerate(moves):
        moment = move.after.first
        while moves[first].after.first <= moment - window:
            first += 1
        books = set()
        m = first
        while m < len(moves) and (m <= n or moves[m].after.first == moment):
            other = moves[m]
            if other.towards * move.towards > 0 and abs(other.towards) >= limits.steam_change:
                books.add(other.after.path.book_id)
            m += 1
        move.books = len(books) or 1
        move.is_steam = (
            len(books) >= limits.steam_books and abs(move.towards) >= limits.steam_change
        )


def _public(moves: list[Movement], splits: list[Split], side: int, limits: Thresholds) -> None:
    splits = sorted(splits, key=lambda split: split.collected_at)
    n = 0
    bets: float | None = None
    for move in moves:
        while n < len(splits) and splits[n].collected_at <= move.after.first:
            bets = splits[n].percents[side]
            n += 1
        move.bets = bets
        move.is_reverse = bets is not None and move.towards > 0 and bets <= limits.reverse_percent


def write_movements(story: Story, moves: Iterable[Movement]) -> None:
    """Rows of ``curated.line_movements``."""
    rows = story.rows.lines[MOVEMENTS]
    number = story.game.number * IDS_A_GAME
    game = f"{story.game.number}\t{story.date}"
    for move in moves:
        one, other = move.before, move.after
        path = other.path
        change = other.price.probability - one.price.probability
        rows.append(
            f"{game}\t{number}\t{path.book_id}\t{path.source}\t{MARKETS[path.market]}\t"
            f"{SIDES[path.market][other.side]}\t{stamp(other.first)}\t{one.text}\t{other.text}\t"
            f"{one.price.american}\t{other.price.american}\t{change:.8f}\t{move.books}\t"
            f"{NULL if move.bets is None else move.bets}\t{move.is_steam}\t{move.is_reverse}\t"
            f"{stamp(other.first + PROMOTE_SECONDS)}"
        )
        number += 1
