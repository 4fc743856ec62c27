"""staging to curated: the whole path of each game that has news, one game in one session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf.names import literal
from mlb_perf.pipeline.load.missing_months import Impossible
from mlb_perf.pipeline.promote.halves import by_halves
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


@dataclass(frozen=True)
class Curated:
    """Games that were brought up to date, and games that the server refused, which are parked."""

    games: int = 0
    parked: int = 0

    def __add__(self, other: Curated) -> Curated:
        return Curated(self.games + other.games, self.parked + other.parked)


_STEPS = (
    "curate_lines.sql",
    "curate_splits.sql",
    "curate_movements.sql",
    "curate_arbitrage.sql",
    "curate_features.sql",
    "curate_market.sql",
    "curate_games.sql",
)

_CLAIMED = text("SELECT game_id FROM promoted_game ORDER BY game_id")
_MOVED = text("SELECT coalesce(bool_or(has_moved), false) FROM promoted_game")


def curate_batch(
    connection: Connection, thresholds: Thresholds, limit: int, impossible: Impossible
) -> Curated:
    """Bring up to ``limit`` games up to date in one transaction; park those that are refused."""
    if execute(connection, "curate_claim.sql", {"limit": str(limit)}) == 0:
        connection.rollback()
        return Curated()
    games = list(connection.execute(_CLAIMED).scalars())
    batch = _Batch(connection, thresholds, len(games))
    parts = by_halves(connection, games, batch.curate, batch.park, impossible)
    connection.commit()
    return sum(parts, Curated())


class _Batch:
    """The games that were claimed."""

    def __init__(self, connection: Connection, thresholds: Thresholds, games: int) -> None:
        self._connection = connection
        self._thresholds = thresholds
        self._games = games

    def curate(self, games: Sequence[int]) -> Curated:
        if len(games) < self._games:
            self._narrow(games)
        if self._connection.execute(_MOVED).scalar_one():
            execute(self._connection, "curate_dates.sql")
        for step in _STEPS:
            execute(self._connection, step, self._thresholds.placeholders())
        return Curated(games=len(games))

    def park(self, games: Sequence[int], reason: str) -> Curated:
        self._narrow(games)
        execute(self._connection, "park.sql", {"reason": literal(reason)})
        return Curated(parked=len(games))

    def _narrow(self, games: Sequence[int]) -> None:
        listed = ", ".join(str(game) for game in games)
        execute(self._connection, "curate_narrow.sql", {"games": listed})
