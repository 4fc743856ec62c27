"""raw_data to staging: games first, by one session at a time, then rows, by many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, text

from mlb_perf.pipeline.promote import append
from mlb_perf.pipeline.promote.curate import Thresholds
from mlb_perf.pipeline.promote.session import execute, fill, statement
from mlb_perf.pipeline.promote.tables import RAW_TABLES, RawTable

_COUNTS = text(
    "SELECT (SELECT count(*) FROM quote), (SELECT count(*) FROM split),"
    " (SELECT count(*) FROM rejection)"
)

_STORED = text("SELECT coalesce(sum(staged), 0) FROM staged_total")


class Quality(NamedTuple):
    """Of one source: rows in staging, how many of them are valid, and parts that were rejected."""

    staged: int = 0
    valid: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Staged:
    """Raw rows taken, the quotes and splits read from them, and how many parts were rejected.

    ``games``: how many were brought up to date in the same transaction.
    """

    rows: int = 0
    quotes: int = 0
    splits: int = 0
    rejected: int = 0
    games: int = 0
    quality: Mapping[str, Quality] = field(default_factory=dict)

    def __add__(self, other: Staged) -> Staged:
        return Staged(
            self.rows + other.rows,
            self.quotes + other.quotes,
            self.splits + other.splits,
            self.rejected + other.rejected,
            self.games + other.games,
            {
                source: Quality(*map(sum, zip(*found, strict=True)))
                for source in {*self.quality, *other.quality}
                if (found := [q[source] for q in (self.quality, other.quality) if source in q])
            },
        )


def resolve_games(
    connection: Connection, tables: Sequence[RawTable] = RAW_TABLES, *, again: bool = True
) -> None:
    """Describe, match and make the games of the hot rows of ``tables``, in one transaction.

    Rows that repeat what is known of their games, as nearly all do, take no lock.
    Otherwise one session at a time: two would make the same game twice.
    ``again``: also the games that could not be resolved before.
    """
    news = any(_describe(connection, table) for table in tables)
    news = news or (again and bool(execute(connection, "games_again.sql")))
    connection.rollback()
    if not news:
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": append.GAMES_LOCK})
    # One raw table after another: a later one finds the games of those before it.
    for table in tables:
        if _describe(connection, table):
            _resolve(connection)
    if again and execute(connection, "games_again.sql"):
        _resolve(connection)
    connection.commit()


def _describe(connection: Connection, table: RawTable) -> int:
    values = table.placeholders()
    select = fill(statement(f"describe/{table.file}"), values)
    return execute(connection, "games_describe.sql", {**values, "select": select})


def _resolve(connection: Connection) -> None:
    execute(connection, "games_resolve.sql")
    execute(connection, "games_update.sql")


def stage_batch(
    connection: Connection, table: RawTable, limit: int, thresholds: Thresholds | None = None
) -> Staged:
    """Promote or reject up to ``limit`` hot rows of one table, in one transaction.

    A full batch queues its games: more is to come, and several sessions may
    stage one game. Another is appended to the curated rows at once.
    """
    values = {**table.placeholders(), "limit": str(limit)}
    rows = execute(connection, "claim.sql", values)
    if rows == 0:
        connection.rollback()
        return Staged()
    is_live = table.gives_prices and rows < limit
    if is_live:
        append.lock_games(connection)
    _stage(connection, table)
    games = append.append(connection, thresholds or Thresholds()) if is_live else 0
    if table.gives_prices:
        _queue(connection)
    execute(connection, "reject_empty.sql", values)
    execute(connection, "reject.sql", values)
    execute(connection, "processed.sql", values)
    quotes, splits, rejected = connection.execute(_COUNTS).one()
    by_source = connection.exec_driver_sql(statement("batch_quality.sql"))
    quality = {source: Quality(*counts) for source, *counts in by_source}
    connection.commit()
    return Staged(rows, quotes, splits, rejected, games, quality)


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


def _stage_quotes(connection: Connection) -> None:
    judged = execute(connection, "judge.sql")
    impossible = execute(connection, "reject_quotes.sql")
    execute(connection, "stage_counted.sql", {"store": statement("stage_quotes.sql")})
    stored = connection.execute(_STORED).scalar_one()
    # What was not stored was there already, as it is now or otherwise.
    if stored + impossible < judged:
        execute(connection, "reject_contradicted.sql")


def _queue(connection: Connection) -> None:
    """Queue the games that nothing was appended to, and keep them there until the commit.

    One that was in the queue already may be taken out by who curates it, without
    what this transaction stages: it is queued again.
    """
    while True:
        execute(connection, "queue.sql")
        if connection.exec_driver_sql(statement("queue_hold.sql")).scalar_one() == 0:
            return
