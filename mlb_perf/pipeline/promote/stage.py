"""raw_data to staging: games of all hot rows first, then rows in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import engine
from mlb_perf.names import literal
from mlb_perf.pipeline.load.missing_months import Impossible
from mlb_perf.pipeline.promote.halves import by_halves
from mlb_perf.pipeline.promote.session import execute, fill, statement
from mlb_perf.pipeline.promote.tables import RAW_TABLES, RawTable

_GAMES_LOCK = int.from_bytes(b"mlbgames")
_ALL_HASHES = range(-(2**31), 2**31)
_OPEN_EVENTS = text("SELECT EXISTS (SELECT FROM event WHERE game_id IS NULL)")


@dataclass(frozen=True)
class Staged:
    """Raw rows taken, and what became of them and of their parts.

    ``promoted`` rows gave a quote or a split, or named a known game; ``rows_rejected`` gave
    rejections alone; the other rows offered nothing. ``quotes`` and ``splits`` are those written,
    ``rejected`` and ``not_offered`` are parts of rows.
    """

    rows: int = 0
    promoted: int = 0
    rows_rejected: int = 0
    quotes: int = 0
    splits: int = 0
    rejected: int = 0
    not_offered: int = 0

    def __add__(self, other: Staged) -> Staged:
        names = [field.name for field in fields(self)]
        return Staged(*(getattr(self, name) + getattr(other, name) for name in names))


def resolve_games(connection: Connection, impossible: Impossible) -> None:
    """Describe, match and make the games of all hot rows, in one transaction.

    One session at a time: two would make the same game twice. One raw table
    after another, so that a later one finds the games of those before it.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _GAMES_LOCK})
    for table in RAW_TABLES:
        games = _Games(connection, table)
        by_halves(connection, _ALL_HASHES, games.resolve, games.refuse, impossible)
    again = _Games(connection, None)
    by_halves(connection, _ALL_HASHES, again.resolve, again.refuse, impossible)
    connection.commit()


class _Games:
    """The games of one raw table, or the unresolved ones; a part of them is a range of hashes."""

    def __init__(self, connection: Connection, table: RawTable | None) -> None:
        self._connection = connection
        self._values = table.placeholders() if table else {}
        self._select = statement(f"describe/{table.file}") if table else None

    def resolve(self, hashes: Sequence[int]) -> None:
        values = {**self._values, "first": str(hashes[0]), "last": str(hashes[-1])}
        if self._select is None:
            found = execute(self._connection, "games_again.sql", values)
        else:
            select = fill(self._select, values)
            found = execute(self._connection, "games_describe.sql", {**values, "select": select})
        if found:
            self._match()

    def _match(self) -> None:
        execute(self._connection, "games_resolve.sql")
        # What one source's games are made, the ids of the next one find.
        while self._connection.execute(_OPEN_EVENTS).scalar_one():
            execute(self._connection, "games_match.sql")
            execute(self._connection, "games_make.sql")
        execute(self._connection, "games_store.sql")
        execute(self._connection, "games_update.sql")

    def refuse(self, hashes: Sequence[int], reason: str) -> None:
        """Keep the ids as those of no game; what is kept already stays as it is."""
        if self._select is not None:
            values = {"first": str(hashes[0]), "last": str(hashes[-1]), "reason": literal(reason)}
            execute(self._connection, "games_refuse.sql", {**self._values, **values})


def stage_batch(
    connection: Connection, table: RawTable, limit: int, impossible: Impossible
) -> Staged:
    """Promote or reject up to ``limit`` hot rows of one table, in one transaction."""
    values = {**table.placeholders(), "limit": str(limit)}
    rows = execute(connection, "claim.sql", values)
    if rows == 0:
        connection.rollback()
        return Staged()
    batch = _Batch(connection, table, values, rows)
    parts = by_halves(connection, range(1, rows + 1), batch.stage, batch.refuse, impossible)
    connection.commit()
    return sum(parts, Staged())


class _Batch:
    """The rows that were claimed; a part of them is a range of their numbers."""

    def __init__(
        self, connection: Connection, table: RawTable, values: dict[str, str], rows: int
    ) -> None:
        self._connection = connection
        self._table = table
        self._values = values
        self._rows = rows

    def stage(self, numbers: Sequence[int]) -> Staged:
        if len(numbers) < self._rows:
            self._narrow(numbers)
        quotes, splits = self._parts()
        self._execute("reject_empty.sql")
        return self._finish(len(numbers), quotes, splits)

    def refuse(self, numbers: Sequence[int], reason: str) -> Staged:
        self._narrow(numbers)
        self._execute("reject_refused.sql", reason=literal(reason))
        return self._finish(len(numbers), 0, 0)

    def _narrow(self, numbers: Sequence[int]) -> None:
        self._execute("narrow.sql", first=str(numbers[0]), last=str(numbers[-1]))

    def _finish(self, rows: int, quotes: int, splits: int) -> Staged:
        self._execute("reject.sql")
        self._execute("processed.sql")
        counts = engine.execute(self._connection, fill(statement("counts.sql"), self._values))
        found: Any = counts.one()
        promoted, rows_rejected, rejected, not_offered = found
        return Staged(rows, promoted, rows_rejected, quotes, splits, rejected, not_offered)

    def _parts(self) -> tuple[int, int]:
        """Read the quotes and splits, resolve their books, store what is possible; how many."""
        if not self._table.gives_prices:
            return 0, 0
        if self._table.has_quotes:
            self._execute(f"quotes/{self._table.file}")
        if self._table.has_splits:
            self._execute(f"splits/{self._table.file}")
        self._execute("books.sql")
        quotes = self._quotes() if self._table.has_quotes else 0
        splits = self._splits() if self._table.has_splits else 0
        self._execute("queue.sql")
        return quotes, splits

    def _quotes(self) -> int:
        judged = self._execute("judge.sql")
        impossible = self._execute("reject_quotes.sql")
        stored = self._execute("stage_quotes.sql")
        # What was not stored was there already, as it is now or otherwise, or is not offered.
        if stored + impossible < judged:
            self._execute("reject_contradicted.sql")
        return stored

    def _splits(self) -> int:
        self._execute("judge_splits.sql")
        self._execute("reject_splits.sql")
        return self._execute("stage_splits.sql")

    def _execute(self, name: str, **values: str) -> int:
        return execute(self._connection, name, {**self._values, **values})
