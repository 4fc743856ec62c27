"""staging to curated: the whole path of each game that has news, one game in one session."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf.pipeline.promote.session import execute


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
    "curate_arbitrage.sql",
    "curate_features.sql",
    "curate_market.sql",
    "curate_games.sql",
)


_MOVED = text("SELECT coalesce(bool_or(has_moved), false) FROM promoted_game")


def curate_batch(connection: Connection, thresholds: Thresholds, limit: int) -> int:
    """Bring up to ``limit`` games up to date in one transaction; how many there were."""
    games = execute(connection, "curate_claim.sql", {"limit": str(limit)})
    if games == 0:
        connection.rollback()
        return 0
    if connection.execute(_MOVED).scalar_one():
        execute(connection, "curate_dates.sql")
    for step in _STEPS:
        execute(connection, step, thresholds.placeholders())
    connection.commit()
    return games
