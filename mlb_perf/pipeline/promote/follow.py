"""Promote what is loaded as it is loaded, until the process is asked to stop."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf.diagnosis import sqlstate
from mlb_perf.engine import connect, driver, migration_engine
from mlb_perf.errors import DatabaseUnreachable, PartitionMissing
from mlb_perf.pipeline.loaded import CHANNEL
from mlb_perf.pipeline.lock_holders import LOCK_NOT_AVAILABLE, lock_holders
from mlb_perf.pipeline.promote.curate import Curated, Thresholds
from mlb_perf.pipeline.promote.log import RunLog, logging
from mlb_perf.pipeline.promote.run import Promoter
from mlb_perf.pipeline.promote.session import promoting
from mlb_perf.pipeline.promote.staged import Staged

LOOK_SECONDS = 5.0
"""How long raw rows may wait of which no notification came: of another loader, or behind a pooler
that gives each transaction another session."""

REPORT_SECONDS = 60.0
_WAIT_SECONDS = 0.5  # how soon it stops once it is asked to
_QUERY_CANCELED = "57014"
_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass
class Interval:
    """What a follower did since it last reported; ``slowest``: its longest pass, in seconds."""

    staged: Staged = field(default_factory=Staged)
    curated: Curated = field(default_factory=Curated)
    passes: int = 0
    slowest: float = 0.0
    waited: str = ""

    def add(self, staged: Staged, curated: Curated, seconds: float) -> None:
        self.staged += staged
        self.curated += curated
        self.passes += 1
        self.slowest = max(self.slowest, seconds)


@dataclass
class Follower:
    """One follower of a database; several may run, and each row is promoted by one of them.

    ``stopping`` is asked between two batches and while it waits. ``report`` is
    called every ``report_seconds``, and at the end.
    """

    url: URL
    stopping: Callable[[], bool]
    report: Callable[[Interval], None]
    workers: int = 1
    thresholds: Thresholds = field(default_factory=Thresholds)
    look_seconds: float = LOOK_SECONDS
    report_seconds: float = REPORT_SECONDS

    def __post_init__(self) -> None:
        self._interval = Interval()
        self._since = time.monotonic()
        self._failures = 0
        self._was_connected = False

    def run(self) -> None:
        """Follow until it is asked to stop; a server that went away is waited for.

        Raises :class:`~mlb_perf.errors.DatabaseUnreachable` if it could never connect, and
        what promotion raises but for a lost connection, such as
        :class:`~mlb_perf.errors.PartitionMissing`.
        """
        while not self.stopping():
            try:
                self._follow()
            except (DBAPIError, DatabaseUnreachable, psycopg2.Error) as error:
                if self.stopping() and sqlstate(error) == _QUERY_CANCELED:
                    break  # Ctrl-C while a session was made ready
                if not (self._was_connected and _passes(error)):
                    raise
                self._pause(error)
        self._report()

    def _follow(self) -> None:
        with ExitStack() as stack:
            heard = stack.enter_context(_listening(self.url))
            self._was_connected = True
            log = stack.enter_context(logging(self.url))
            sessions = [stack.enter_context(promoting(self.url)) for _ in range(self.workers)]
            promoter = Promoter(sessions, thresholds=self.thresholds, stopping=self.stopping)
            self._failures = 0
            again = True
            while not self.stopping():
                self._pass(promoter, log, again=again)
                again = self._report_if_due()
                _wait(heard, self.look_seconds, self.stopping)

    def _pass(self, promoter: Promoter, log: Connection, *, again: bool) -> None:
        started = time.monotonic()
        try:
            staged, curated = promoter.drain(again=again)
        except (DBAPIError, PartitionMissing) as error:
            if not _passes(error):
                RunLog(log, time.monotonic() - started).fail(error)
            raise
        if staged.rows or curated != Curated():
            seconds = time.monotonic() - started
            self._interval.add(staged, curated, seconds)
            RunLog(log, seconds).finish(staged, curated)

    def _report_if_due(self) -> bool:
        """Whether the interval was over, and is reported."""
        if time.monotonic() - self._since < self.report_seconds:
            return False
        self._report()
        return True

    def _report(self) -> None:
        self.report(self._interval)
        self._interval, self._since = Interval(), time.monotonic()

    def _pause(self, error: Exception) -> None:
        """Wait for the server, longer each time, and say so in the next report."""
        self._interval.waited = " ".join(str(getattr(error, "orig", error)).split())
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            self._interval.waited += f"; {lock_holders(self.url)}"
        self._report_if_due()
        end = time.monotonic() + _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        while not self.stopping() and (rest := end - time.monotonic()) > 0:
            time.sleep(min(rest, _WAIT_SECONDS))


@contextmanager
def _listening(url: URL) -> Iterator[Any]:
    """psycopg2's connection, which hears of each load that commits."""
    engine = migration_engine(url, {"application_name": "mlb_perf follow"})
    with connect(engine.execution_options(isolation_level="AUTOCOMMIT")) as connection:
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        yield driver(connection)


def _wait(listener: Any, seconds: float, stopping: Callable[[], bool]) -> None:
    """Until something is loaded, the time is over, or the process is asked to stop."""
    end = time.monotonic() + seconds
    while not stopping() and (rest := end - time.monotonic()) > 0:
        if select.select([listener], [], [], min(rest, _WAIT_SECONDS))[0]:
            listener.poll()
        if listener.notifies:
            listener.notifies.clear()
            return


def _passes(error: Exception) -> bool:
    """Whether the connection is gone, none could be made, or another session holds a lock.

    These pass; an error of a statement does not.
    """
    if isinstance(error, DBAPIError):
        # 57P01 to 57P03: the server shuts down, crashed, or is starting.
        state = getattr(error.orig, "pgcode", None) or ""
        waits = ("08", "57P0", LOCK_NOT_AVAILABLE)
        return error.connection_invalidated or state.startswith(waits)
    return isinstance(error, (DatabaseUnreachable, psycopg2.Error))  # the latter: the listener's
