"""staging to curated: the whole path of each queued game, and the close of those that begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf.names import literal
from mlb_perf.pipeline.load.missing_months import Impossible
from mlb_perf.pipeline.promote.halves import by_halves
from mlb_perf.pipeline.promote.session import date_bounds, execute, statement


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
    "curate_store_lines.sql",
    "curate_splits.sql",
    "curate_movements.sql",
    "curate_counts.sql",
    "curate_arbitrage.sql",
    "curate_features.sql",
    "curate_market.sql",
    "curate_games.sql",
)

_CLAIMED = text("SELECT game_id FROM promoted_game ORDER BY game_id")
_LATE = text(
    "SELECT coalesce(bool_or(late_paths IS NULL), false),"
    " coalesce(bool_or(late_paths IS NOT NULL), false) FROM promoted_game"
)
_MOVED = text("SELECT coalesce(bool_or(has_moved), false) FROM promoted_game")
_BEGUN = text(
    "SELECT coalesce(bool_or(pg_temp.closes_at(start_at, game_date) <= now()), false)"
    " FROM promoted_game"
)


def curate_batch(
    connection: Connection,
    thresholds: Thresholds,
    limit: int,
    impossible: Impossible,
    sessions: int = 1,
) -> Curated:
    """Make the whole path of up to ``limit`` queued games; park those that are refused.

    ``sessions`` work side by side: the batch is at most this one's share.
    """
    claimed = {"limit": str(limit), "sessions": str(sessions)}
    if execute(connection, "curate_claim.sql", claimed) == 0:
        connection.rollback()
        return Curated()
    games = list(connection.execute(_CLAIMED).scalars())
    batch = _Batch(connection, thresholds, len(games))
    parts = by_halves(connection, games, batch.curate, batch.park, impossible)
    connection.commit()
    return sum(parts, Curated())


def close_batch(
    connection: Connection, thresholds: Thresholds, limit: int, impossible: Impossible
) -> Curated:
    """Close up to ``limit`` games that have begun, or ended, in one transaction.

    Nothing is loaded when a game begins, yet its last lines are now the closing
    ones, and its features are known.
    """
    if execute(connection, "append/close_claim.sql", {"limit": str(limit)}) == 0:
        connection.rollback()
        return Curated()
    games = list(connection.execute(_CLAIMED).scalars())
    batch = _Batch(connection, thresholds, len(games))
    parts = by_halves(connection, games, batch.close, batch.park, impossible)
    connection.commit()
    return sum(parts, Curated())


def finish(connection: Connection, values: Mapping[str, str]) -> None:
    """The analysis of the promoted games, and after the start what is known then.

    It follows from the opening and the closing line of each path; what lies
    between them counts as ``movement_total`` alone.
    """
    has_begun = connection.execute(_BEGUN).scalar_one()
    execute(connection, "append/edges.sql", values)
    if has_begun:
        execute(connection, "append/closing.sql")
        execute(connection, "curate_features.sql", values)
    execute(connection, "curate_market.sql", values)
    if has_begun:
        execute(connection, "curate_games.sql")


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
        self._lines()
        for step in _STEPS:
            execute(self._connection, step, self._thresholds.placeholders())
        execute(self._connection, "agenda.sql", {"games": "promoted_game"})
        return Curated(games=len(games))

    def _lines(self) -> None:
        """The lines of all paths of the games, or of late paths, beside which the others stay."""
        all_paths, late_paths = self._connection.execute(_LATE).one()
        if all_paths:
            quotes = {"quotes": statement("quotes_of_games.sql")}
            execute(self._connection, "curate_lines.sql", parts=quotes)
        if late_paths:
            quotes = {"quotes": statement("quotes_of_paths.sql")}
            execute(self._connection, "curate_lines.sql", parts=quotes)
            bounds = date_bounds(self._connection, "promoted_game")
            execute(self._connection, "curate_kept_lines.sql", bounds)

    def close(self, games: Sequence[int]) -> Curated:
        if len(games) < self._games:
            self._narrow(games)
        bounds = date_bounds(self._connection, "promoted_game")
        execute(self._connection, "append/counted.sql")
        finish(self._connection, {**self._thresholds.placeholders(), **(bounds or {})})
        execute(self._connection, "agenda.sql", {"games": "promoted_game"})
        return Curated(games=len(games))

    def park(self, games: Sequence[int], reason: str) -> Curated:
        self._narrow(games)
        execute(self._connection, "park.sql", {"reason": literal(reason)})
        return Curated(parked=len(games))

    def _narrow(self, games: Sequence[int]) -> None:
        listed = ", ".join(str(game) for game in games)
        execute(self._connection, "curate_narrow.sql", {"games": listed})
