"""A batch of raw rows: its quotes and splits into staging, and into the curated rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.names import literal
from mlb_perf.pipeline.load.missing_months import Impossible
from mlb_perf.pipeline.promote import append
from mlb_perf.pipeline.promote.curate import Thresholds
from mlb_perf.pipeline.promote.halves import by_halves, reason_of
from mlb_perf.pipeline.promote.session import ask, execute, statement
from mlb_perf.pipeline.promote.staged import Quality, Staged
from mlb_perf.pipeline.promote.tables import RawTable

_MANY = 2000
"""Quotes. Fewer, such as those of a poll, are of as many paths: it is cheaper to look for each."""
_UNIQUE_VIOLATION = "23505"
_UNLESS_STORED = (
    "ON CONFLICT (external_game_id, source, sportsbook_key, market_type, side, collected_at)"
    " DO NOTHING"
)
_STORED = text("SELECT coalesce(sum(staged), 0) FROM staged_total")
_RECORDS = text(
    "SELECT DISTINCT record::text FROM (SELECT pg_temp.record_of(quote) AS record FROM quote"
    " UNION ALL SELECT record FROM split) AS part ORDER BY 1"
)


class Batch:
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

    def stage(self, numbers: Sequence[int], refused: Mapping[str, str] | None = None) -> Staged:
        """Stage rows but for their ``refused`` parts, of which it is the server's reason."""
        if len(numbers) < self._rows:
            self._narrow(numbers)
        quotes = splits = games = 0
        if self._table.gives_prices:
            append.choose_games(self._connection)
            self._read()
            self._set_aside(refused or {})
            quotes, splits = self._store_parts()
            games = self._append()
            self._queue()
        self._execute("reject_empty.sql")
        return self._finish(len(numbers), quotes, splits, games)

    def close(self, parts: int) -> None:
        """Mark its rows, which were staged in so many parts, as processed.

        Not within the savepoint of a part: the claim locked the rows outside of it. The old version
        of a row that one transaction locked and another one updated keeps its entry in the index of
        hot rows until it is vacuumed, and each look for hot rows would read it.
        """
        if parts > 1:
            self._narrow(range(1, self._rows + 1))
        self._execute("processed.sql")

    def refuse(self, numbers: Sequence[int], reason: str) -> Staged:
        """Set aside the parts of a row that the server refuses, else the whole row."""
        self._narrow(numbers)
        if self._table.gives_prices:
            try:
                if refused := self._refused_parts():
                    with self._connection.begin_nested():
                        return self.stage(numbers, refused)
            except DBAPIError as error:
                reason = reason_of(self._connection, error, self._impossible)
        self._execute("reject_refused.sql", reason=literal(reason))
        return self._finish(len(numbers), 0, 0, 0)

    def _refused_parts(self) -> dict[str, str]:
        """Of the quotes and splits of the one row those that the server refuses, by their records.

        They are found by halves, and nothing of the attempt stays. Empty if all are refused, or
        none is alone: then it is the row that is refused.
        """
        with self._undone():
            self._read()
            records = list(self._connection.execute(_RECORDS).scalars())
            found = by_halves(
                self._connection, records, self._try_parts, _refused_part, self._impossible
            )
        refused = {record: reason for part in found for record, reason in part.items()}
        return refused if len(refused) < len(records) else {}

    def _try_parts(self, records: Sequence[str]) -> dict[str, str]:
        with self._undone():
            keep = {"records": list(records)}
            self._connection.execute(text(statement("keep_parts.sql")), keep)
            self._store_parts()
        return {}

    @contextmanager
    def _undone(self) -> Iterator[None]:
        """The block changes nothing."""
        attempt = self._connection.begin_nested()
        try:
            yield
        finally:
            attempt.rollback()

    def _set_aside(self, refused: Mapping[str, str]) -> None:
        if refused:
            parts = {"records": list(refused), "reasons": list(refused.values())}
            self._connection.execute(text(statement("reject_parts.sql")), parts)

    def _narrow(self, numbers: Sequence[int]) -> None:
        self._execute("narrow.sql", first=str(numbers[0]), last=str(numbers[-1]))
        self._execute("batch_games.sql")

    def _finish(self, rows: int, quotes: int, splits: int, games: int) -> Staged:
        self._execute("reject.sql")
        found: Any = ask(self._connection, "counts.sql", self._values).one()
        promoted, rows_rejected, rejected, not_offered = found
        by_source = self._connection.exec_driver_sql(statement("batch_quality.sql"))
        quality = {source: Quality(*counts) for source, *counts in by_source}
        return Staged(
            rows, promoted, rows_rejected, quotes, splits, rejected, not_offered, games, quality
        )

    def _read(self) -> None:
        """Read the quotes and splits, and resolve their books."""
        if self._table.has_quotes:
            self._execute(f"quotes/{self._table.file}")
        if self._table.has_splits:
            self._execute(f"splits/{self._table.file}")
        if ask(self._connection, "is_turned.sql").scalar_one():
            self._execute("sides.sql")
        self._execute("books.sql")

    def _store_parts(self) -> tuple[int, int]:
        """Judge the quotes and splits, and store what is possible; how many."""
        quotes = self._quotes() if self._table.has_quotes else 0
        splits = self._splits() if self._table.has_splits else 0
        return quotes, splits

    def _quotes(self) -> int:
        judged = self._execute("judge.sql")
        impossible = self._execute("reject_quotes.sql")
        stored = self._store_quotes(judged)
        # What was not stored was there already, as it is now or otherwise, or is not offered.
        if stored + impossible < judged:
            self._execute("reject_contradicted.sql")
        return stored

    def _store_quotes(self, judged: int) -> int:
        if judged >= _MANY and ask(self._connection, "are_new.sql").scalar_one():
            try:
                with self._connection.begin_nested():
                    return self._store("stage_counted.sql", "stage_quotes.sql", unless_stored="")
            except DBAPIError as error:
                # Another session stored one of them since.
                if diagnosis.sqlstate(error) != _UNIQUE_VIOLATION:
                    raise
        return self._store("stage_counted.sql", "stage_quotes.sql", unless_stored=_UNLESS_STORED)

    def _splits(self) -> int:
        self._execute("judge_splits.sql")
        self._execute("reject_splits.sql")
        return self._store("stage_splits_counted.sql", "stage_splits.sql")

    def _store(self, counting: str, store: str, **values: str) -> int:
        """Store rows, which are counted by source; how many."""
        before = self._connection.execute(_STORED).scalar_one()
        execute(self._connection, counting, self._values | values, {"store": statement(store)})
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


def _refused_part(records: Sequence[str], reason: str) -> dict[str, str]:
    return {records[0]: reason}
