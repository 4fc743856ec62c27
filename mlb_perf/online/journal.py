"""The journal: the log of migrations, and the progress of rebuilds.

Each revision leaves a row in the log (operation ``upgrade`` or ``downgrade``), and so does
each step that runs outside of a transaction, such as a concurrent build or a
rebuild: its row stays even if the revision fails later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from mlb_perf import diagnosis, sql
from mlb_perf.engine import execute
from mlb_perf.names import qualified, shortened
from mlb_perf.online.shadows import with_live_names

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

JOURNAL = "mlb_perf_journal"
"""The key of the context's options under which the journal is kept."""

DEFAULT_SCHEMA = "public"
"""Of a table that names none, if there is no connection to ask."""

RUNNING = "mlb_perf_running"
"""The key of the context's options under which the running revision is kept."""

_ITS_STEP = "mlb_perf_step_of_revision"
_WRITABLE = "mlb_perf_writable_log"
_DIRECTIONS = ("upgrade", "downgrade")
_LONGEST_NAME = 255

_CANCELLED = "57014"


@dataclass(frozen=True)
class Journal:
    """The schema and the names of the tables; ``op.create_journal`` creates them."""

    schema: str
    log_table: str = "migration_log"
    rebuilds_table: str = "rebuilds"

    @property
    def log(self) -> str:
        """The table of the steps, as SQL writes it."""
        return qualified(self.schema, self.log_table)

    @property
    def rebuilds(self) -> str:
        """The table of the progress of rebuilds, as SQL writes it."""
        return qualified(self.schema, self.rebuilds_table)

    def dropped(self, schema: str, table: str, revision: str) -> str:
        """The table that keeps the contents of columns that a revision drops."""
        return qualified(self.schema, shortened(f"dropped_{schema}_{table}", f"_{revision}"))

    def read(self, name: str) -> str:
        """A file below ``mlb_perf/sql/online``, with the names of the tables."""
        return self._named(name, str)

    def query(self, name: str) -> TextClause:
        """The same as a query with parameters."""
        return text(self._named(name, lambda table: table.replace(":", r"\:")))

    def _named(self, name: str, written: Callable[[str], str]) -> str:
        content = sql.read(f"online/{name}").replace("{log}", written(self.log))
        return content.replace("{rebuilds}", written(self.rebuilds))


@dataclass(frozen=True)
class Running:
    """The revision that is being run."""

    revision: str
    direction: str  # upgrade or downgrade
    title: str = ""


@dataclass
class Step:
    """One step: the operation and its object; the operation sets ``rows`` and ``lock_wait_ms``.

    Without a journal it is not logged.
    """

    journal: Journal | None
    connection: Connection
    revision: str | None
    operation: str
    object_name: str
    rows: int | None = None
    lock_wait_ms: float = 0.0
    began: float = field(default_factory=time.perf_counter)

    def part(self, operation: str) -> Step:
        """A step within this one, on the same object, which begins now."""
        return Step(self.journal, self.connection, self.revision, operation, self.object_name)

    def run(self, statement: str) -> None:
        """Run one statement as it is: no parameters, so a percent sign is a percent sign."""
        execute(self.connection, statement)

    def shown(self, words: str) -> str:
        """``words`` for a message, which names the table and not its shadow."""
        return with_live_names(words, self.object_name)

    def write(
        self,
        status: str,
        error: BaseException | None = None,
        *,
        duration_ms: float | None = None,
    ) -> None:
        """Write the step's row, if the log exists and this role may write to it."""
        if self.journal is None or not self._may_write():
            return
        self.connection.execute(
            self.journal.query("log_step.sql"),
            {
                "revision": self.revision,
                "operation": self.operation,
                "object_name": self.object_name,
                "status": status,
                "duration_ms": self._elapsed_ms() if duration_ms is None else duration_ms,
                "lock_wait_ms": self.lock_wait_ms,
                "rows_affected": self.rows,
                "error_sqlstate": diagnosis.sqlstate(error),
                "error_message": diagnosis.said(error) if error is not None else None,
            },
        )

    def _may_write(self) -> bool:
        """Whether the log exists, and this role may write to it; asked once a revision.

        The revision's own row asks again: it may have dropped the log.
        """
        assert self.journal is not None
        asked, known = (self.journal.log, self.revision), self.connection.info
        if known.get(_WRITABLE) == asked and self.operation not in _DIRECTIONS:
            return True
        query = text("SELECT has_table_privilege(to_regclass(:log)::oid, 'INSERT')")
        found = bool(self.connection.execute(query, {"log": self.journal.log}).scalar())
        known[_WRITABLE] = asked if found else None
        return found

    def _elapsed_ms(self) -> float:
        return (time.perf_counter() - self.began) * 1000


def running(context: MigrationContext) -> Running | None:
    """The revision that the context runs now; None outside of one."""
    found = context.opts.get(RUNNING)
    return found if isinstance(found, Running) else None


def default_schema(context: MigrationContext) -> str:
    """The schema of a table that names none."""
    found = None if context.as_sql else context.dialect.default_schema_name
    return found or DEFAULT_SCHEMA


def journal_of(context: MigrationContext) -> Journal | None:
    """The journal of the context's options."""
    found = context.opts.get(JOURNAL)
    return found if isinstance(found, Journal) else None


@contextmanager
def autocommit(context: MigrationContext) -> Iterator[None]:
    """Alembic's ``autocommit_block()``, which raises the error that ended the block.

    Alembic commits at the end of the block even after an error. On a lost connection this
    commit fails too, and would hide the first error.
    """
    try:
        with context.autocommit_block():
            yield
    except PendingRollbackError as error:
        if isinstance(error.__context__, DBAPIError):
            raise error.__context__ from None
        raise


@contextmanager
def step(context: MigrationContext, operation: str, object_name: str) -> Iterator[Step]:
    """A step of the revision that the context runs, logged.

    The connection must be in an autocommit block.
    """
    assert context.connection is not None
    now = running(context)
    it = Step(
        journal_of(context), context.connection, now.revision if now else None, operation,
        object_name,
    )  # fmt: skip
    with logged(it):
        yield it


@contextmanager
def logged(it: Step) -> Iterator[Step]:
    """Log the outcome of the block: ``succeeded``, or ``failed`` with the error's SQLSTATE."""
    try:
        yield it
    except DBAPIError as error:
        if not error.connection_invalidated and not it.connection.closed:
            it.write("failed", error)
        raise
    it.write("succeeded")


@contextmanager
def whole_revision(context: MigrationContext) -> Iterator[None]:
    """Log that the revision succeeded, in its transaction, so that a rollback removes the row."""
    context.opts[_ITS_STEP] = it = _of_revision(context)
    yield
    it.write("succeeded")


def revision_failed(context: MigrationContext, error: DBAPIError) -> None:
    """Log that the running revision failed, after its transaction is rolled back.

    The row is left out if the connection's owner has a transaction open on it.
    """
    connection = context.connection
    assert connection is not None
    gone = error.connection_invalidated or connection.closed
    if running(context) is None or gone or connection.in_transaction():
        return
    it: Step = context.opts[_ITS_STEP]
    it.write("failed", error)
    connection.commit()


def _of_revision(context: MigrationContext) -> Step:
    now = running(context)
    assert now is not None
    assert context.connection is not None
    title = now.title[:_LONGEST_NAME]
    return Step(journal_of(context), context.connection, now.revision, now.direction, title)
