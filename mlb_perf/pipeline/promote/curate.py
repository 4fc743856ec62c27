"""staging to curated: the whole path of each queued game, and the close of those that begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf.pipeline.promote.session import date_bounds, execute


@dataclass(frozen=True)
class Thresholds:
    """When a movement is steam or against the public, and when a side is sharp.

    ``steam_books`` books that moved a side the same way by ``steam_change`` of
    implied probability within ``steam_minutes``; at most ``reverse_percent`` of
    the bets on the side that a line moved towards; ``sharp_points`` percentage
    points between a side's share of the handle and of the bets.
    """

    steam_books: int = 3
    steam_minutes: int = 10
    steam_change: float = 0.01
    reverse_percent: float = 40.0
    sharp_points: float = 10.0

    def placeholders(self) -> dict[str, str]:
        return {name: str(value) for name, value in vars(self).items()}


_STEPS = (
    "curate_lines.sql",
    "curate_splits.sql",
    "curate_movements.sql",
    "curate_counts.sql",
    "curate_arbitrage.sql",
    "curate_features.sql",
    "curate_market.sql",
    "curate_games.sql",
)


_MOVED = text("SELECT coalesce(bool_or(has_moved), false) FROM promoted_game")
_BEGUN = text("SELECT coalesce(bool_or(start_at <= now()), false) FROM promoted_game")


def curate_batch(connection: Connection, thresholds: Thresholds, limit: int) -> int:
    """Make the whole path of up to ``limit`` queued games in one transaction; how many."""
    games = execute(connection, "curate_claim.sql", {"limit": str(limit)})
    if games == 0:
        connection.rollback()
        return 0
    if connection.execute(_MOVED).scalar_one():
        execute(connection, "curate_dates.sql")
    for step in _STEPS:
        execute(connection, step, thresholds.placeholders())
    execute(connection, "agenda.sql", {"games": "promoted_game"})
    connection.commit()
    return games


def close_batch(connection: Connection, thresholds: Thresholds, limit: int) -> int:
    """Close up to ``limit`` games that have begun, or ended, in one transaction; how many.

    Nothing is loaded when a game begins, yet its last lines are now the closing
    ones, and its features are known.
    """
    games = execute(connection, "live/close_claim.sql", {"limit": str(limit)})
    bounds = date_bounds(connection, "promoted_game")
    if bounds is None:
        connection.rollback()
        return 0
    execute(connection, "live/counted.sql")
    finish(connection, {**thresholds.placeholders(), **bounds})
    execute(connection, "agenda.sql", {"games": "promoted_game"})
    connection.commit()
    return games


def finish(connection: Connection, values: Mapping[str, str]) -> None:
    """The analysis of the promoted games, and after the start what is known then.

    It follows from the opening and the closing line of each path; what lies
    between them counts as ``movement_total`` alone.
    """
    has_begun = connection.execute(_BEGUN).scalar_one()
    execute(connection, "live/edges.sql", values)
    if has_begun:
        execute(connection, "live/closing.sql")
        execute(connection, "curate_features.sql", values)
    execute(connection, "curate_market.sql", values)
    if has_begun:
        execute(connection, "curate_games.sql")
