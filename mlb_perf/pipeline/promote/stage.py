"""raw_data to staging: games of all hot rows first, then rows in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import engine
from mlb_perf.names import literal
from mlb_perf.pipeline.load.missing_months import Impossible
from mlb_perf.pipeline.promote import append
from mlb_perf.pipeline.promote.curate import Thresholds
from mlb_perf.pipeline.promote.halves import by_halves, reason_of
from mlb_perf.pipeline.promote.session import execute, fill, statement
from mlb_perf.pipeline.promote.tables import RAW_TABLES, RawTable

ALL_GAMES = "true"
_ALL_HASHES = range(-(2**31), 2**31)
_BATCH = "(SELECT *, NULL::timestamptz AS processed_at FROM batch)"
_OPEN_EVENTS = text("SELECT EXISTS (SELECT FROM event WHERE game_id IS NULL)")
_STORED = text("SELECT coalesce(sum(staged), 0) FROM staged_total")


class Quality(NamedTuple):
    """Of one source: rows in staging, how many of them are valid, and parts that were rejected."""

    staged: int = 0
    valid: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Staged:
    """Raw rows taken, and what became of them and of their parts.

    ``promoted`` rows gave a quote or a split, or named a known game; ``rows_rejected`` gave
    rejections alone; the other rows offered nothing. ``quotes`` and ``splits`` are those written,
    ``rejected`` and ``not_offered`` are parts of rows. ``appended`` games were brought up to date
    in the same transaction. ``quality`` is by source.
    """

    rows: int = 0
    promoted: int = 0
    rows_rejected: int = 0
    quotes: int = 0
    splits: int = 0
    rejected: int = 0
    not_offered: int = 0
    appended: int = 0
    quality: Mapping[str, Quality] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """What became of the rows, by name, for reports and logs."""
        return {name: n for name, n in vars(self).items() if name not in ("appended", "quality")}

    def __add__(self, other: Staged) -> Staged:
        both = (self.quality, other.quality)
        quality = {
            source: Quality(*map(sum, zip(*(q[source] for q in both if source in q), strict=True)))
            for source in {*self.quality, *other.quality}
        }
        counts = {name: n + vars(other)[name] for name, n in self.counts().items()}
        return Staged(**counts, appended=self.appended + other.appended, quality=quality)


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
    parts = [_Games(connection, table) for table in (*tables, *((None,) if again else ()))]
    if not _has_news(connection, parts, impossible):
        connection.rollback()
        return
    # In the same transaction, so that what was read need not be read again.
    append.hold_games(connection)
    for games in parts:
        by_halves(connection, _ALL_HASHES, games.resolve, games.refuse, impossible)
    connection.commit()


def _has_news(connection: Connection, parts: Sequence[_Games], impossible: Impossible) -> bool:
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
    games = _Games(connection, table, _BATCH)
    query = fill(statement("batch_undescribed.sql"), {"differs": _differs("true")})
    try:
        with connection.begin_nested():
            games.read(_ALL_HASHES)
            if not connection.exec_driver_sql(query).scalar_one():
                return
            games.is_read = True
    except DBAPIError as error:
        reason_of(connection, error, impossible)
    append.hold_games(connection)
    by_halves(connection, _ALL_HASHES, games.resolve, games.refuse, impossible)


class _Games:
    """The games of one raw table, or the unresolved ones; a part of them is a range of hashes."""

    def __init__(self, connection: Connection, table: RawTable | None, rows: str = "") -> None:
        self._connection = connection
        self._table = table
        self._rows = rows
        self.is_read = False

    def read(self, hashes: Sequence[int]) -> None:
        """What the hot rows, or those of the batch, say of their games, into ``told_change``."""
        if self._table is None:
            return
        name = self._table.name
        rows = {"rows": self._rows or f"raw_data.{name}"}
        values = {
            "select": fill(statement(f"describe/{self._table.file}"), rows),
            "first": str(hashes[0]), "last": str(hashes[-1]), "table": name,
            "kept": "true" if self._rows else "is_change",
        }  # fmt: skip
        told = fill(statement("told.sql"), values)
        execute(self._connection, "games_read.sql", {**values, "told": told})

    def describe(self, hashes: Sequence[int]) -> int:
        """Put what is new of them into ``description``; how many."""
        values = {"first": str(hashes[0]), "last": str(hashes[-1])}
        if self._table is None:
            return execute(self._connection, "games_again.sql", values)
        # A later change of the same rows follows on one that is not stored yet.
        values |= {"table": self._table.name, "differs": _differs("c.place = 1")}
        return execute(self._connection, "games_describe.sql", values)

    def resolve(self, hashes: Sequence[int]) -> None:
        if not self.is_read:
            self.read(hashes)
        if self.describe(hashes):
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
        if self._table is not None:
            values = {"first": str(hashes[0]), "last": str(hashes[-1]), "reason": literal(reason)}
            execute(self._connection, "games_refuse.sql", {**self._table.placeholders(), **values})


def _differs(compared: str) -> str:
    """The part of a query that keeps what is not stored of the games; ``compared``: which rows."""
    return fill(statement("differs.sql"), {"compared": compared})


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
    if table.gives_prices and rows < limit:
        append.lock_games(connection)
    batch = _Batch(connection, table, values, rows, thresholds or Thresholds(), impossible)
    parts = by_halves(connection, range(1, rows + 1), batch.stage, batch.refuse, impossible)
    connection.commit()
    return sum(parts, Staged())


class _Batch:
    """The rows that were claimed; a part of them is a range of their numbers."""

    def __init__(
        self,
        connection: Connection,
        table: RawTable,
        values: dict[str, str],
        rows: int,
        thresholds: Thresholds,
        impossible: Impossible,
    ) -> None:
        self._connection = connection
        self._table = table
        self._values = values
        self._rows = rows
        self._thresholds = thresholds
        self._impossible = impossible

    def stage(self, numbers: Sequence[int]) -> Staged:
        if len(numbers) < self._rows:
            self._narrow(numbers)
        quotes = splits = games = 0
        if self._table.gives_prices:
            append.choose_games(self._connection)
            quotes, splits = self._parts()
            games = self._append()
            self._queue()
        self._execute("reject_empty.sql")
        return self._finish(len(numbers), quotes, splits, games)

    def refuse(self, numbers: Sequence[int], reason: str) -> Staged:
        self._narrow(numbers)
        self._execute("reject_refused.sql", reason=literal(reason))
        return self._finish(len(numbers), 0, 0, 0)

    def _narrow(self, numbers: Sequence[int]) -> None:
        self._execute("narrow.sql", first=str(numbers[0]), last=str(numbers[-1]))

    def _finish(self, rows: int, quotes: int, splits: int, games: int) -> Staged:
        self._execute("reject.sql")
        self._execute("processed.sql")
        counts = engine.execute(self._connection, fill(statement("counts.sql"), self._values))
        found: Any = counts.one()
        promoted, rows_rejected, rejected, not_offered = found
        by_source = self._connection.exec_driver_sql(statement("batch_quality.sql"))
        quality = {source: Quality(*counts) for source, *counts in by_source}
        return Staged(
            rows, promoted, rows_rejected, quotes, splits, rejected, not_offered, games, quality
        )

    def _parts(self) -> tuple[int, int]:
        """Read the quotes and splits, resolve their books, store what is possible; how many."""
        if self._table.has_quotes:
            self._execute(f"quotes/{self._table.file}")
        if self._table.has_splits:
            self._execute(f"splits/{self._table.file}")
        self._execute("books.sql")
        quotes = self._quotes() if self._table.has_quotes else 0
        splits = self._splits() if self._table.has_splits else 0
        return quotes, splits

    def _quotes(self) -> int:
        judged = self._execute("judge.sql")
        impossible = self._execute("reject_quotes.sql")
        stored = self._store("stage_counted.sql", "stage_quotes.sql")
        # What was not stored was there already, as it is now or otherwise, or is not offered.
        if stored + impossible < judged:
            self._execute("reject_contradicted.sql")
        return stored

    def _splits(self) -> int:
        self._execute("judge_splits.sql")
        self._execute("reject_splits.sql")
        return self._store("stage_splits_counted.sql", "stage_splits.sql")

    def _store(self, counting: str, store: str) -> int:
        """Store rows, which are counted by source; how many."""
        before = self._connection.execute(_STORED).scalar_one()
        self._execute(counting, store=statement(store))
        return int(self._connection.execute(_STORED).scalar_one() - before)

    def _append(self) -> int:
        """Bring curated rows up to date; a game that the server refuses is left to the queue."""
        try:
            with self._connection.begin_nested():
                return append.append(self._connection, self._thresholds)
        except DBAPIError as error:
            reason_of(self._connection, error, self._impossible)
            append.leave_games(self._connection)
            return 0

    def _queue(self) -> None:
        """Queue the games that nothing was appended to, and keep them there until the commit.

        One that was in the queue already may be taken out by who curates it, without
        what this transaction stages: it is queued again.
        """
        while True:
            self._execute("queue.sql")
            missing = self._connection.exec_driver_sql(statement("queue_hold.sql"))
            if missing.scalar_one() == 0:
                return

    def _execute(self, name: str, **values: str) -> int:
        return execute(self._connection, name, {**self._values, **values})
