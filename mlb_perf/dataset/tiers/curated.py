"""Curated rows of a game besides its lines: the game, its ids, splits, arbitrage, features."""

from __future__ import annotations

import json

from mlb_perf.dataset.market.market import MARKETS
from mlb_perf.dataset.market.moments import stamp
from mlb_perf.dataset.story import IDS_A_GAME, PROMOTE_SECONDS, Described, Story
from mlb_perf.dataset.tiers.arbitrage import write_arbitrage
from mlb_perf.dataset.tiers.features import write_features
from mlb_perf.dataset.tiers.lines import (
    Line,
    Movement,
    movements,
    side_lines,
    write_lines,
    write_movements,
)
from mlb_perf.dataset.tiers.market_analysis import sharp_side, write_market_analysis
from mlb_perf.pipeline.promote import Thresholds

_PLACE = {"mlb_stats_api": 1, "retrosheet": 2, "game_results": 3}
_ID_SOURCE = {"game_results": "mlb_stats_api", "vsin": "mlb_stats_api"}


def write(story: Story) -> tuple[list[Line], list[Movement]]:
    """All of a game's rows in curated; its lines and moves, for what is made of them."""
    limits = Thresholds()
    sides = [side_lines(story, path, side) for path in story.paths for side in (0, 1)]
    lines = [line for each in sides for line in each]
    moves = movements(story, sides, limits)
    _game(story, lines)
    _mappings(story)
    write_lines(story, lines)
    _splits(story, limits)
    write_movements(story, moves)
    write_arbitrage(story, lines)
    write_features(story, lines, moves)
    write_market_analysis(story, lines, moves)
    return lines, moves


def _best(described: list[Described]) -> list[Described]:
    """The best source first, and its newest word; as promotion orders them."""
    return sorted(described, key=lambda d: (_PLACE.get(d.source, 4), -d.collected_at))


def _game(story: Story, lines: list[Line]) -> None:
    game = story.game
    said = _best(story.described)
    starts = [d for d in said if d.start is not None]
    oldest = min(starts, key=lambda d: d.collected_at)
    status = min(said, key=lambda d: (d.status == "scheduled", said.index(d))).status
    scored = next((d for d in said if d.home_score is not None), None)
    since: dict[str, int] = {}
    for d in sorted(said, key=lambda d: d.collected_at):
        since.setdefault(d.status, d.collected_at)
    history = [
        {"status": name, "at": stamp(at).replace(" ", "T") + ":00"} for name, at in since.items()
    ]
    has_closing = any(line.is_closing and line.path.market == 0 for line in lines)
    newest = stamp(max(d.collected_at for d in said) + PROMOTE_SECONDS)
    story.rows.add(
        "curated.enhanced_games", game.number, story.reference.league_id, game.season, game.game_pk,
        story.date, game.game_number, stamp(oldest.start or 0), stamp(starts[0].start or 0),
        game.home.venue_id, game.home.team_id, game.away.team_id, status, json.dumps(history),
        scored and scored.home_score, scored and scored.away_score,
        max(d.quality for d in said), has_closing and scored is not None and status == "final",
        stamp(oldest.collected_at + PROMOTE_SECONDS), newest,
    )  # fmt: skip


def _mappings(story: Story) -> None:
    first: dict[tuple[str, str], int] = {}
    for d in story.described:
        key = (_ID_SOURCE.get(d.source, d.source), d.external_id)
        first[key] = min(d.collected_at, first.get(key, d.collected_at))
    for (source, external_id), moment in first.items():
        is_own = source == "mlb_stats_api"
        written = stamp(moment + PROMOTE_SECONDS)
        story.rows.add(
            "curated.game_id_mappings", source, external_id, story.game.number,
            story.reference.league_id, "source_id" if is_own else "teams_and_start",
            "1.000" if is_own else "0.900", written, written,
        )  # fmt: skip


def _splits(story: Story, limits: Thresholds) -> None:
    first = story.game.number * IDS_A_GAME
    for n, split in enumerate(story.splits):
        written = stamp(split.collected_at + PROMOTE_SECONDS)
        home_bets, away_bets, home_money, away_money = split.percents
        story.rows.add(
            "curated.unified_betting_splits", story.game.number, story.date, first + n,
            split.book_id, split.source, MARKETS[split.market], split.line,
            stamp(split.collected_at), *split.bets, home_bets, away_bets, home_money, away_money,
            sharp_side(split, limits), "1.000", written, written,
        )  # fmt: skip
