"""The lock ladder: ask for a strong lock briefly, give up, pause, ask again.

All sessions queue behind a statement that waits for a strong lock. So each
attempt is short, and the queue drains between two attempts.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.engine import driver, execute, in_callers_transaction
from mlb_perf.errors import ConfigurationError, MigrationFailed
from mlb_perf.online.journal import Journal, Step

if TYPE_CHECKING:  # loading a feed takes locks, too, and needs nothing else of Alembic
    from alembic.runtime.migration import MigrationContext

log = logging.getLogger("alembic.mlb_perf")

LOCK_NOT_AVAILABLE = "55P03"

_LOG_EVERY_SECONDS = 10.0


PATIENCE = "mlb_perf_patience"
"""The key of the context's options under which the ladder's patience is kept."""


@dataclass(frozen=True)
class Patience:
    """How long one attempt waits, how long to try in total, and the pauses between attempts.

    ``raised_by``: the advice to a user who wants more patience, for the message.
    """

    attempt_ms: int = 150
    total_seconds: float = 600.0
    first_pause_seconds: float = 0.1
    longest_pause_seconds: float = 5.0
    raised_by: str = "give a longer patience (total_seconds)"


def patience_of(context: MigrationContext) -> Patience:
    """The patience of the context's steps."""
    found = context.opts.get(PATIENCE)
    return found if isinstance(found, Patience) else Patience()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """A transaction on a connection that is in autocommit mode; else a savepoint."""
    if in_callers_transaction(connection):
        with connection.begin_nested():
            yield
        return
    connection.exec_driver_sql("BEGIN")
    with _ended(connection):
        yield


@contextmanager
def _ended(connection: Connection) -> Iterator[None]:
    """Commit the transaction that is open, or roll it back after an error."""
    try:
        yield
    except BaseException:
        if not connection.closed and not connection.invalidated:
            connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def under_lock(
    step: Step,
    relations: Sequence[str],
    mode: str,
    work: Callable[[], None],
    patience: Patience,
) -> float:
    """Lock ``relations`` in ``mode``, do ``work`` in the same transaction; milliseconds held.

    ``relations`` are names as SQL writes them; ``ONLY name`` leaves out its
    partitions. After SQLSTATE 55P03 it tries again until ``patience`` ends, and
    logs each wait; then :class:`~mlb_perf.errors.MigrationFailed` names the
    holder of the lock. Every other error surfaces at once, with nothing done.
    """
    ladder = _Ladder(step, list(relations), mode, patience)
    while True:
        try:
            return ladder.attempt(work)
        except DBAPIError as error:
            if diagnosis.sqlstate(error) != LOCK_NOT_AVAILABLE:
                raise
            ladder.step_back(error)


@contextmanager
def lock_ladder(
    connection: Connection | MockConnection,
    relations: Sequence[str],
    mode: str,
    *,
    patience: Patience | None = None,
    journal: Journal | None = None,
) -> Iterator[None]:
    """Hold the locks during the block, which is a transaction of its own.

    For a revision that changes a table itself::

        with op.get_context().autocommit_block():
            with lock_ladder(op.get_bind(), ["shop.line"], "ACCESS EXCLUSIVE"):
                op.execute("ALTER TABLE shop.line ...")

    ``relations`` are names as SQL writes them. The attempts are those of :func:`under_lock`; the
    block runs once. With a ``journal``, each attempt that failed is logged. Offline, the
    script gets one transaction with LOCK TABLE. Raises
    :class:`~mlb_perf.errors.ConfigurationError` for a connection that is not in autocommit mode,
    whose transaction would keep its locks between two attempts.
    """
    named = ", ".join(relations)
    if isinstance(connection, MockConnection):
        from alembic import op

        write = op.get_context().impl.static_output
        write(f"BEGIN;\n\nLOCK TABLE {named} IN {mode} MODE;\n")
        yield
        write("COMMIT;\n")
        return
    if not driver(connection).autocommit:
        raise ConfigurationError(
            f"lock_ladder on {named} needs a connection in autocommit mode; put it into the block "
            "`with op.get_context().autocommit_block():`"
        )
    step = Step(journal, connection, None, "lock_ladder", named)
    ladder = _Ladder(step, list(relations), mode, patience or Patience())
    while (error := ladder.acquire()) is not None:
        ladder.step_back(error)
    with _ended(connection):
        yield


class _Ladder:
    def __init__(self, step: Step, relations: list[str], mode: str, patience: Patience) -> None:
        self.step = step
        self.relations = relations
        self.named = step.shown(", ".join(relations))
        self.mode = mode
        self.patience = patience
        self.pause = patience.first_pause_seconds
        self.began = time.monotonic()
        self.logged = float("-inf")
        self.random = random.Random()  # noqa: S311  spreads attempts, guards nothing

    def attempt(self, work: Callable[[], None]) -> float:
        connection = self.step.connection
        asked = time.perf_counter()
        try:
            with transaction(connection):
                self._lock()
                got = time.perf_counter()
                work()
        except DBAPIError:
            self.step.lock_wait_ms += (time.perf_counter() - asked) * 1000
            raise
        self.step.lock_wait_ms += (got - asked) * 1000
        return (time.perf_counter() - got) * 1000

    def acquire(self) -> DBAPIError | None:
        """Begin a transaction with the locks; the error, and none, if they are not available."""
        connection = self.step.connection
        connection.exec_driver_sql("BEGIN")
        try:
            self._lock()
        except DBAPIError as error:
            if not connection.closed and not connection.invalidated:
                connection.exec_driver_sql("ROLLBACK")
            if diagnosis.sqlstate(error) != LOCK_NOT_AVAILABLE:
                raise
            return error
        return None

    def _lock(self) -> None:
        connection = self.step.connection
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{self.patience.attempt_ms}ms'")
        execute(connection, f"LOCK TABLE {', '.join(self.relations)} IN {self.mode} MODE")

    def step_back(self, error: DBAPIError) -> None:
        self.step.write("retried", error)
        waited = time.monotonic() - self.began
        if waited >= self.patience.total_seconds:
            raise MigrationFailed(
                f"{self.named}: could not acquire the {self.mode} lock within "
                f"{waited:.0f} s; held by {self._holders()}; this step changed nothing. "
                f"End that transaction, or {self.patience.raised_by}, and run again"
            ) from error
        self._log()
        time.sleep(self.pause * self.random.uniform(0.5, 1.5))
        self.pause = min(self.pause * 2, self.patience.longest_pause_seconds)

    def _log(self) -> None:
        if time.monotonic() - self.logged >= _LOG_EVERY_SECONDS:
            self.logged = time.monotonic()
            log.info("Waiting for a lock on %s; held by %s", self.named, self._holders())

    def _holders(self) -> str:
        rows = self.step.connection.execute(
            text(sql.read("online/holders.sql")),
            {"relations": [name.removeprefix("ONLY ") for name in self.relations]},
        ).all()
        named = [
            f"pid {r.pid} ({r.role_name}, {r.state}, transaction of {r.age}: {r.query})"
            + (f", which uses {r.referenced}" if r.referenced else "")
            for r in rows
        ]
        return "; ".join(named) or "a session that has since ended"
