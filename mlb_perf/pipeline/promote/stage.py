"""raw_data to staging: games of all hot rows first, then rows in batches."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf.pipeline.load.missing_months import Impossible
from mlb_perf.pipeline.promote import append
from mlb_perf.pipeline.promote.batch import Batch
from mlb_perf.pipeline.promote.curate import Thresholds
from mlb_perf.pipeline.promote.games import Games, differs
from mlb_perf.pipeline.promote.halves import by_halves, reason_of
from mlb_perf.pipeline.promote.session import ask, execute
from mlb_perf.pipeline.promote.staged import Staged
from mlb_perf.pipeline.promote.tables import RAW_TABLES, RawTable

ALL_GAMES = "true"
_ALL_HASHES = range(-(2**31), 2**31)
_BATCH = "(SELECT *, NULL::timestamptz AS processed_at FROM batch)"


def resolve_games(
    connection: Connection,
    impossible: Impossible,
    tables: Sequence[RawTable] = RAW_TABLES,
    *,
    again: bool = True,
) -> None:
    """Describe, match and make the games of the hot rows of ``tables``, in one transaction.

    Rows that repeat what is known of their games, as nearly all do, take no lock.
    Otherwise one session at a time: two would make the same game twice.
    ``again``: also the games that could not be resolved before.
    """
    # One raw table after another: a later one finds the games of those before it.
    parts = [Games(connection, table) for table in (*tables, *((None,) if again else ()))]
    if not _has_news(connection, parts, impossible):
        connection.rollback()
        return
    # In the same transaction, so that what was read need not be read again.
    append.hold_games(connection)
    for games in parts:
        by_halves(connection, _ALL_HASHES, games.resolve, games.refuse, impossible)
    connection.commit()


def _has_news(connection: Connection, parts: Sequence[Games], impossible: Impossible) -> bool:
    """Whether a description is new, or one that the server refuses."""
    try:
        with connection.begin_nested():
            for games in parts:
                games.read(_ALL_HASHES)
            is_new = any(games.describe(_ALL_HASHES) for games in parts)
            connection.exec_driver_sql("DELETE FROM description")
    except DBAPIError as error:
        return bool(reason_of(connection, error, impossible))
    for games in parts:
        games.is_read = True
    return is_new


def _describe_batch(connection: Connection, table: RawTable, impossible: Impossible) -> None:
    """Describe the games of the claimed rows that were loaded after the games were described.

    What such a row says of its game would be lost: it is promoted, and not read again.
    """
    games = Games(connection, table, _BATCH)
    try:
        with connection.begin_nested():
            games.read(_ALL_HASHES)
            parts = {"differs": differs("true")}
            if not ask(connection, "batch_undescribed.sql", parts=parts).scalar_one():
                return
            games.is_read = True
    except DBAPIError as error:
        reason_of(connection, error, impossible)
    append.hold_games(connection)
    by_halves(connection, _ALL_HASHES, games.resolve, games.refuse, impossible)


def share_of(number: int, sessions: int) -> str:
    """A condition on raw rows: those of one of ``sessions`` equal parts of the games.

    CASE, because the planner takes half of the rows for it, and one in 200 for an equation.
    """
    if sessions == 1:
        return ALL_GAMES
    part = f"(hashtext(r.external_game_id) & 2147483647) % {sessions}"
    return f"CASE {part} WHEN {number} THEN true END"


def stage_batch(
    connection: Connection,
    table: RawTable,
    limit: int,
    impossible: Impossible,
    thresholds: Thresholds | None = None,
    share: str = ALL_GAMES,
) -> Staged:
    """Promote or reject up to ``limit`` hot rows of one table, in one transaction.

    ``share``: of which games, as :func:`share_of` gives it.
    A full batch queues its games: more is to come, and several sessions may
    stage one game. Another is appended to the curated rows at once.
    """
    values = {**table.placeholders(), "limit": str(limit), "share": share}
    rows = execute(connection, "claim.sql", values)
    if rows == 0:
        connection.rollback()
        return Staged()
    _describe_batch(connection, table, impossible)
    execute(connection, "batch_games.sql")
    if table.gives_prices and rows < limit:
        append.lock_games(connection)
    batch = Batch(connection, table, values, rows, thresholds or Thresholds(), impossible)
    parts = by_halves(connection, range(1, rows + 1), batch.stage, batch.refuse, impossible)
    batch.close(parts=len(parts))
    connection.commit()
    return sum(parts, Staged())
