"""Staging rows of a game: descriptions, quotes and splits, as promotion makes them.

All quotes of recent games are kept. Of a game further back, those that the job ``compact_staging``
leaves: the first and the last of each run say from when to when a price stood, and the first
counts those between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import groupby, product

from mlb_perf.dataset.market.market import MARKETS, SIDES, Path, Quote, Run
from mlb_perf.dataset.market.moments import stamp
from mlb_perf.dataset.story import IDS_A_GAME, PROMOTE_SECONDS, Story

ODDS = "staging.betting_odds_unified"


def write(story: Story) -> None:
    """All of a game's rows in staging."""
    _games(story)
    _quotes(story)
    _splits(story)


def _games(story: Story) -> None:
    game = story.game
    for n, said in enumerate(story.described):
        written = stamp(said.collected_at + PROMOTE_SECONDS)
        story.rows.add(
            "staging.games", said.external_id, game.number * IDS_A_GAME + n, said.source,
            said.home_name, said.away_name, game.home.team_id, game.away.team_id,
            None if said.start is None else stamp(said.start), said.game_number, said.status,
            said.venue, said.home_score, said.away_score, game.number, said.game_date,
            stamp(said.collected_at), said.quality, "valid", None, written, written,
        )  # fmt: skip


def _quotes(story: Story) -> None:
    lines = story.rows.lines[ODDS]
    first = number = story.game.number * IDS_A_GAME
    keeps_all = story.game.start >= story.staging_since
    resolved = f"{story.game.number}\t{story.date}"
    for path, side in product(story.paths, (0, 1)):
        for quote, run in groupby(path.runs, partial(_text, path, side, resolved)):
            for moment, score, count in _kept(_scored(path, run), keeps_all=keeps_all):
                rest = _times(moment, score)
                lines.append(f"{path.external_id}\t{number}\t{quote}\t{count}\t{rest}")
                number += 1
    assert number < first + IDS_A_GAME, "more quotes than ids of a game"
    if not keeps_all and number > first:
        _compacted(story, number - first)


def _text(path: Path, side: int, resolved: str, run: Run) -> str:
    """The columns that one side's quotes of a run share; the other side may change meanwhile."""
    line, *prices = run.quote
    price = prices[side]
    return (
        f"{path.source}\t{path.key}\t{path.book_id}\t{MARKETS[path.market]}\t"
        f"{SIDES[path.market][side]}\t{line_text(line, path.market, side)}\t{price.american}\t"
        f"{price.text}\t{'t' if run.is_in_play else 'f'}\t{resolved}"
    )


def _scored(path: Path, runs: Iterable[Run]) -> list[tuple[int, float]]:
    return [
        (moment, quality(path.market, run.quote, run.is_in_play))
        for run in runs
        for moment in run.times
    ]


def _kept(run: list[tuple[int, float]], *, keeps_all: bool) -> Iterator[tuple[int, float, int]]:
    """The moments that staging holds of a run, their quality, and the quotes that each stands for.

    The first, the last, and the first of the least quality, if that is less than theirs.
    """
    kept = set(range(len(run)))
    if not keeps_all:
        least = min(range(len(run)), key=lambda n: run[n][1])
        ends = {0, len(run) - 1}
        kept = ends | {least} if run[least][1] < min(run[n][1] for n in ends) else ends
    for n in sorted(kept):
        yield *run[n], 1 if n else 1 + len(run) - len(kept)


def _compacted(story: Story, kept: int) -> None:
    quotes = 2 * sum(len(run.times) for path in story.paths for run in path.runs)
    done = stamp(story.game.start + story.until - story.staging_since)
    story.rows.add("staging.compacted_games", story.game.number, quotes, quotes - kept, done)


def _times(moment: int, score: float) -> str:
    written = stamp(moment + PROMOTE_SECONDS)
    status = "valid" if score >= 0.7 else "suspect"
    return f"{stamp(moment)}\t{score:.3f}\t{status}\t\\N\t{written}\t{written}"


@cache
def line_text(line: int | None, market: int, side: int) -> str:
    """The line of a side as COPY reads it: the away side's is the home side's, negated."""
    if line is None:
        return "\\N"
    return f"{(-line if market == 1 and side == 1 else line) / 2:.1f}"


@cache
def quality(market: int, quote: Quote, is_in_play: bool) -> float:
    """The score that promotion gives to both sides of a market that is whole."""
    line, one, other = quote
    tenths = 10
    if not 0.98 <= one.probability + other.probability <= 1.20:
        tenths -= 4
    if market == 1 and line not in (-3, 3):
        tenths -= 2
    if market == 2 and line is not None and not 10 <= line <= 30:
        tenths -= 2
    if not is_in_play and max(one.decimal, other.decimal) > 21:
        tenths -= 2
    return tenths / 10


def _splits(story: Story) -> None:
    first = story.game.number * IDS_A_GAME
    for n, split in enumerate(story.splits):
        written = stamp(split.collected_at + PROMOTE_SECONDS)
        home_bets, away_bets, home_money, away_money = split.percents
        story.rows.add(
            "staging.betting_splits", split.external_id, first + n, split.source, split.key,
            split.book_id, MARKETS[split.market], split.line, *split.bets, home_bets, away_bets,
            home_money, away_money, story.game.number, story.date, stamp(split.collected_at),
            "1.000", "valid", None, written, written,
        )  # fmt: skip
