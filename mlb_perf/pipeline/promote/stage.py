"""raw_data to staging: games first, by one session at a time, then rows, by many."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf.pipeline.promote.session import execute, fill, statement
from mlb_perf.pipeline.promote.tables import RAW_TABLES, RawTable

_GAMES_LOCK = int.from_bytes(b"mlbgames")

_COUNTS = text(
    "SELECT (SELECT count(*) FROM quote), (SELECT count(*) FROM split),"
    " (SELECT count(*) FROM rejection)"
)


@dataclass(frozen=True)
class Staged:
    """Raw rows taken, the quotes and splits read from them, and how many parts were rejected."""

    rows: int = 0
    quotes: int = 0
    splits: int = 0
    rejected: int = 0

    def __add__(self, other: Staged) -> Staged:
        return Staged(
            self.rows + other.rows,
            self.quotes + other.quotes,
            self.splits + other.splits,
            self.rejected + other.rejected,
        )


def resolve_games(connection: Connection) -> None:
    """Describe, match and make the games of all hot rows, in one transaction.

    One session at a time: two would make the same game twice. One raw table
    after another, so that a later one finds the games of those before it.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _GAMES_LOCK})
    for table in RAW_TABLES:
        values = table.placeholders()
        select = fill(statement(f"describe/{table.file}"), values)
        if execute(connection, "games_describe.sql", {**values, "select": select}):
            _resolve(connection)
    if execute(connection, "games_again.sql"):
        _resolve(connection)
    connection.commit()


def _resolve(connection: Connection) -> None:
    execute(connection, "games_resolve.sql")
    execute(connection, "games_update.sql")


def stage_batch(connection: Connection, table: RawTable, limit: int) -> Staged:
    """Promote or reject up to ``limit`` hot rows of one table, in one transaction."""
    values = {**table.placeholders(), "limit": str(limit)}
    rows = execute(connection, "claim.sql", values)
    if rows == 0:
        connection.rollback()
        return Staged()
    _stage(connection, table)
    execute(connection, "reject_empty.sql", values)
    execute(connection, "reject.sql", values)
    execute(connection, "processed.sql", values)
    quotes, splits, rejected = connection.execute(_COUNTS).one()
    connection.commit()
    return Staged(rows, quotes, splits, rejected)


def _stage(connection: Connection, table: RawTable) -> None:
    """Read the batch's quotes and splits, resolve their books, and store what is possible."""
    if not table.gives_prices:
        return
    if table.has_quotes:
        execute(connection, f"quotes/{table.file}")
    if table.has_splits:
        execute(connection, f"splits/{table.file}")
    execute(connection, "books.sql")
    if table.has_quotes:
        _stage_quotes(connection)
    if table.has_splits:
        execute(connection, "stage_splits.sql")
    execute(connection, "queue.sql")


def _stage_quotes(connection: Connection) -> None:
    judged = execute(connection, "judge.sql")
    impossible = execute(connection, "reject_quotes.sql")
    stored = execute(connection, "stage_quotes.sql")
    # What was not stored was there already, as it is now or otherwise.
    if stored + impossible < judged:
        execute(connection, "reject_contradicted.sql")
