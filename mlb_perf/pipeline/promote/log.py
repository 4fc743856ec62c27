"""What a promotion did, in ``operational``: the run, and the quality of what it handled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import sql
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import PartitionMissing
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.pipeline.promote.curate import Curated
from mlb_perf.pipeline.promote.staged import Staged

_BEGIN = text(
    "INSERT INTO operational.pipeline_execution_log (stage, status, started_at)"
    " VALUES ('promote', 'running', clock_timestamp() - make_interval(secs => :seconds))"
    " RETURNING execution_id"
)
_END = text(
    "UPDATE operational.pipeline_execution_log SET status = :status,"
    " finished_at = clock_timestamp(), rows_read = :rows, rows_written = :written,"
    " rows_rejected = :rejected, error_sqlstate = :sqlstate, error_message = :message,"
    " details = CAST(:details AS jsonb)"
    " WHERE execution_id = :execution_id"
)


class RunLog:
    """The log row of one run, written by a session of its own so that a rollback keeps it.

    ``seconds``: how long ago it began.
    """

    def __init__(self, connection: Connection, seconds: float = 0) -> None:
        self._connection = connection
        self._id = connection.execute(_BEGIN, {"seconds": seconds}).scalar_one()
        connection.commit()

    def finish(self, staged: Staged, curated: Curated) -> None:
        """The run succeeded; its figures, and the quality of what it handled by source."""
        self._end("succeeded", staged, curated)
        self._connection.execute(
            text(sql.read("pipeline/promote/quality.sql")),
            {
                "execution_id": self._id, "sources": list(staged.quality),
                "staged": [quality.staged for quality in staged.quality.values()],
                "valid": [quality.valid for quality in staged.quality.values()],
                "rejected": [quality.rejected for quality in staged.quality.values()],
            },
        )  # fmt: skip
        self._connection.commit()

    def fail(self, error: DBAPIError | PartitionMissing | KeyboardInterrupt) -> None:
        """The run ended early; what was committed before stands."""
        match error:
            case DBAPIError():
                state = getattr(error.orig, "pgcode", None)
                message = " ".join(str(error.orig).split())
                self._end("failed", Staged(), Curated(), state, message)
            case PartitionMissing():
                self._end("failed", Staged(), Curated(), "23514", str(error))
            case _:
                self._end("cancelled", Staged(), Curated(), None, "interrupted")
        self._connection.commit()

    def _end(
        self,
        status: str,
        staged: Staged,
        curated: Curated,
        sqlstate: str | None = None,
        message: str | None = None,
    ) -> None:
        self._connection.execute(
            _END,
            {
                "execution_id": self._id, "status": status, "rows": staged.rows,
                "written": staged.quotes + staged.splits, "rejected": staged.rejected,
                "sqlstate": sqlstate, "message": message,
                "details": json.dumps(staged.counts() | asdict(curated)),
            },
        )  # fmt: skip


@contextmanager
def logging(url: URL) -> Iterator[Connection]:
    """A connection for the log alone."""
    with connect(migration_engine(url, {})) as connection:
        yield connection


@contextmanager
def logged_run(url: URL) -> Iterator[RunLog]:
    """A run that is logged whichever way it ends; the error goes on to the caller."""
    with logging(url) as connection, cancel_on_interrupt(connection):
        log = RunLog(connection)
        try:
            yield log
        except (DBAPIError, PartitionMissing, KeyboardInterrupt) as error:
            log.fail(error)
            raise
