"""Records into ``raw_data``, each once, a transaction a batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from typing import Any, TypeAlias

import psycopg2
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.distribution import is_distributed
from mlb_perf.engine import connect, own_engine, safe
from mlb_perf.errors import DatabaseUnreachable, LoadFailed, PartitionMissing
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.pipeline import failures
from mlb_perf.pipeline.interrupt import cancel_until_done
from mlb_perf.pipeline.load import log, missing_months, rejects
from mlb_perf.pipeline.load.batch import Batch, batches, prepared
from mlb_perf.pipeline.loaded import notify
from mlb_perf.pipeline.read.reader import read_file, read_response
from mlb_perf.pipeline.read.sources import LineHistory
from mlb_perf.pipeline.records import (
    Empty,
    Item,
    LoadReport,
    Malformed,
    Problem,
    RawRecord,
)

__all__ = [
    "Empty",
    "Item",
    "LineHistory",
    "LoadReport",
    "Malformed",
    "RawRecord",
    "ingest",
    "log_failure",
    "read_file",
    "read_response",
]

BATCH_ROWS = 5_000
WRITERS = 2
"""Connections that write side by side: one parses JSON while the other writes its indexes."""

Progress: TypeAlias = Callable[[LoadReport], None]


def ingest(
    target: Engine | Connection,
    records: Iterable[Item],
    *,
    batch_rows: int = BATCH_ROWS,
    strict: bool = False,
    progress: Progress | None = None,
    writers: int = WRITERS,
    source: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> LoadReport:
    """Load records, skip those that are there, keep the malformed ones apart, and count all.

    With an engine of any driver, each batch is a transaction, on one of ``writers`` connections;
    a load that was killed is completed by another. With a connection, everything is part of the
    transaction that it is in, which the caller commits. ``strict``: the first malformed record
    raises, and nothing at all is loaded. ``progress`` is called after each batch with the counts so
    far. ``source`` and ``details`` go into ``operational.pipeline_execution_log``.

    Raises :class:`~mlb_perf.errors.LoadFailed`.
    """
    items = _strictly(records) if strict else records
    load = _Load(batches(items, batch_rows), strict, progress or _silent)
    with _explained(target):
        if isinstance(target, Connection):
            _require_transactions(target)
            run = log.started(target, source, details or {})
            load.within(target)
            log.finished(target, run, load.report, None)
        else:
            # Batches are compared with what others committed, so no older snapshot will do.
            engine = own_engine(target).execution_options(isolation_level="READ COMMITTED")
            _logged(engine, load, 1 if strict else writers, source, details or {})
    return load.report


class _Load:
    """Batches on their way into the database, and the count of what became of them."""

    def __init__(self, batches: Iterator[list[Item]], strict: bool, progress: Progress) -> None:
        self.report = LoadReport()
        self.strict = strict
        self._batches = batches
        self._progress = progress
        # By table, as its last batch was: a file that was loaded before stays one to compare.
        self._are_new: dict[str, bool] = {}
        self._is_distributed: bool | None = None

    def within(self, connection: Connection) -> None:
        """All batches within the transaction that the connection is in."""
        for batch in self._batches:
            self._count(self._write(connection, prepared(batch)))

    def side_by_side(self, engine: Engine, writers: int) -> None:
        """A transaction a batch, on several connections while the next one is being read."""
        with ExitStack() as stack:
            connections = [stack.enter_context(connect(engine)) for _ in range(writers)]
            free: SimpleQueue[Connection] = SimpleQueue()
            for connection in connections:
                free.put(connection)
            pool = stack.enter_context(ThreadPoolExecutor(writers, "mlb-perf-load"))
            written: deque[Future[LoadReport]] = deque()
            try:
                for batch in self._batches:
                    # Encoded here, while the writers wait for the server.
                    written.append(pool.submit(self._commit, free, prepared(batch)))
                    if len(written) > writers:
                        self._count(written[0].result())
                        written.popleft()
                while written:
                    self._count(written[0].result())
                    written.popleft()
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                cancel_until_done(connections, written)
                raise

    def _commit(self, free: SimpleQueue[Connection], batch: Batch) -> LoadReport:
        connection = free.get()
        try:
            with connection.begin():
                # The log's last entry is committed synchronously, and all before it with it.
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                return self._write(connection, batch)
        finally:
            free.put(connection)

    def _write(self, connection: Connection, batch: Batch) -> LoadReport:
        malformed = [*batch.malformed]
        report = LoadReport(read=batch.read, empty=batch.empty)
        if self._is_distributed is None:
            self._is_distributed = is_distributed(connection)
        for table, records, encoded in batch.tables:
            # COPY into a distributed table loses the SQLSTATE of an error; INSERT keeps it.
            are_new = self._are_new.get(table, True) and not self._is_distributed
            done = missing_months.written(connection, table, records, encoded, are_new=are_new)
            self._are_new[table] = done.were_new
            report.loaded += done.loaded
            report.merged += done.merged
            report.already_there += done.already_there
            malformed += done.malformed
        if self.strict and malformed:
            raise _refused(malformed[0])
        if report.loaded:
            notify(connection)
        rejects.write(connection, malformed)
        report.malformed = [Problem(m.origin, m.reason, m.reason_code) for m in malformed]
        return report

    def _count(self, done: LoadReport) -> None:
        self.report.add(done)
        self._progress(self.report)


def _logged(
    engine: Engine, load: _Load, writers: int, source: str | None, details: Mapping[str, Any]
) -> None:
    with _interruptible(engine) as connection:
        run = log.started(connection, source, details)
    try:
        with _explained(engine):
            if load.strict:
                with _interruptible(engine) as connection:
                    load.within(connection)
            else:
                load.side_by_side(engine, writers)
    except BaseException as caught:
        if load.strict:
            load.report.loaded = 0
        # What ended the load is what the caller should hear of, not that the log is unreachable.
        with suppress(DBAPIError, DatabaseUnreachable):
            _finish(engine, run, load.report, caught)
        raise
    _finish(engine, run, load.report, None)


def log_failure(
    engine: Engine, error: BaseException, source: str | None, details: Mapping[str, Any]
) -> None:
    """Log a load that was rolled back with its own entry, as one within a transaction is."""
    with _interruptible(engine) as connection:
        run = log.started(connection, source, details)
    _finish(engine, run, LoadReport(), error)


def _finish(engine: Engine, run: int, report: LoadReport, error: BaseException | None) -> None:
    with _interruptible(engine) as connection:
        log.finished(connection, run, report, error)


@contextmanager
def _interruptible(engine: Engine) -> Iterator[Connection]:
    """A transaction whose statements Ctrl-C cancels, also while they wait for a lock."""
    with connect(engine) as connection, connection.begin(), cancel_on_interrupt(connection):
        yield connection


def _strictly(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        if isinstance(item, Malformed):
            raise _refused(item)
        yield item


def _refused(malformed: Malformed) -> LoadFailed:
    return LoadFailed(f"{malformed}; nothing is loaded, since every record had to be sound")


def _require_transactions(connection: Connection) -> None:
    driver_connection = connection.connection.driver_connection
    if driver_connection is not None and driver_connection.autocommit:
        raise LoadFailed("the connection commits each statement; give one with transactions")


@contextmanager
def _explained(target: Engine | Connection) -> Iterator[None]:
    try:
        yield
    except (psycopg2.Error, DBAPIError) as error:
        engine = target.engine
        raise failures.explain(error, engine.url) from error
    except PartitionMissing as error:
        raise LoadFailed(f"{safe(target.engine.url)}: {error}") from error


def _silent(_: LoadReport) -> None:
    """Nobody watches."""
