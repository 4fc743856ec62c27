"""Staging rows of a game: descriptions, quotes and splits, as promotion makes them.

All quotes of recent games are kept. Of a game further back, a quote that repeats the one before
and is itself repeated is dropped: the first and the last of each run say from when to when a price
stood, which is all that the line's path is made of.
"""

from __future__ import annotations

from functools import cache

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
    number = story.game.number * IDS_A_GAME
    keeps_all = story.game.start >= story.staging_since
    resolved = f"{story.game.number}\t{story.date}"
    for path in story.paths:
        for run in path.runs:
            one, other = _sides(path, run, resolved)
            times = run.times if keeps_all or len(run.times) < 3 else (run.times[0], run.times[-1])
            for moment in times:
                rest = _times(
                    moment, run.is_in_play, quality(path.market, run.quote, run.is_in_play)
                )
                lines.append(f"{path.external_id}\t{number}\t{one}\t{rest}")
                lines.append(f"{path.external_id}\t{number + 1}\t{other}\t{rest}")
                number += 2
    assert number < (story.game.number + 1) * IDS_A_GAME, "more quotes than ids of a game"


def _sides(path: Path, run: Run, resolved: str) -> tuple[str, str]:
    line, *prices = run.quote
    texts = []
    for n, side in enumerate(SIDES[path.market]):
        texts.append(
            f"{path.source}\t{path.key}\t{path.book_id}\t{MARKETS[path.market]}\t{side}\t"
            f"{line_text(line, path.market, n)}\t{prices[n].american}\t{prices[n].text}\t"
            f"{'t' if run.is_in_play else 'f'}\t{resolved}"
        )
    return texts[0], texts[1]


def _times(moment: int, _is_in_play: bool, score: float) -> str:
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
        tenths -= 3
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
