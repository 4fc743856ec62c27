"""The curated rows that follow from a batch of newer quotes, without the path before them.

Curated rows are those that :mod:`mlb_perf.pipeline.promote.curate` makes of all of
staging, for each game that is not in ``staging.curation_queue``. A batch keeps
that true by what it adds: it looks at the newest line of each path, at the moves
of the steam window, and at the lines that stand. A path with a quote that is not
newer than its line goes to the queue instead, and so does a game that another
session has queued.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from mlb_perf.pipeline.promote.curate import Thresholds, finish
from mlb_perf.pipeline.promote.session import date_bounds, execute

_SHARE_GAMES = "LOCK TABLE curated.leagues IN ROW SHARE MODE"
_HOLD_GAMES = "LOCK TABLE curated.leagues IN EXCLUSIVE MODE"
# A session that makes games holds the lock alone, those that append to their lines share it. It is
# on a table that only the roles of the pipeline may write, so that no other role can hold it;
# readers of the table do not wait.

_NEWS = text("""
    SELECT (SELECT count(*) FROM live_game),
        EXISTS (SELECT 1 FROM appended WHERE NOT is_in_play),
        EXISTS (SELECT 1 FROM appended WHERE is_new AND NOT is_in_play AND price_before IS NOT NULL)
            OR EXISTS (SELECT 1 FROM staged_split)
""")


class _News(NamedTuple):
    games: int
    before_start: bool
    moves: bool


def lock_games(connection: Connection) -> None:
    """Lock the games of what was claimed, but for those whose whole path is to be made again."""
    connection.exec_driver_sql(_SHARE_GAMES)
    execute(connection, "append/lock.sql")


def hold_games(connection: Connection) -> None:
    """Let no other session make games or append to them until the transaction ends."""
    connection.exec_driver_sql(_HOLD_GAMES)


def choose_games(connection: Connection) -> None:
    """Of the locked games those of the batch that have not been queued since."""
    execute(connection, "append/games.sql")


def leave_games(connection: Connection) -> None:
    """Append to none of them: their whole paths are made again."""
    connection.exec_driver_sql("DELETE FROM live_game")


def append(connection: Connection, thresholds: Thresholds) -> int:
    """Bring the locked games up to date with the batch; how many there were."""
    bounds = date_bounds(connection, "live_game")
    if bounds is None:
        return 0
    values = {**thresholds.placeholders(), **bounds}
    for step in ("standing", "splits", "lines", "paths"):
        execute(connection, f"append/{step}.sql", values)
    news = _News(*connection.execute(_NEWS).one())
    if news.moves:
        execute(connection, "append/movements.sql", values)
    if news.before_start:
        execute(connection, "append/arbitrage.sql", values)
    _follow(connection, values)
    execute(connection, "agenda.sql", {"games": "live_game"})
    return news.games


def _follow(connection: Connection, values: Mapping[str, str]) -> None:
    """The analysis of the games that it changes for."""
    if execute(connection, "append/affected.sql"):
        finish(connection, values)
