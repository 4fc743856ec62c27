"""What a promotion did, in ``operational``: the run, and the quality of what it handled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import sql
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import PartitionMissing
from mlb_perf.pipeline.promote.stage import Staged

_BEGIN = text(
    "INSERT INTO operational.pipeline_execution_log (stage, status, started_at)"
    " VALUES ('promote', 'running', clock_timestamp()) RETURNING execution_id"
)
_END = text(
    "UPDATE operational.pipeline_execution_log SET status = :status,"
    " finished_at = clock_timestamp(), rows_read = :rows, rows_written = :written,"
    " rows_rejected = :rejected, error_sqlstate = :sqlstate, error_message = :message,"
    " details = jsonb_build_object('games', CAST(:games AS bigint), 'quotes',"
    " CAST(:quotes AS bigint), 'splits', CAST(:splits AS bigint))"
    " WHERE execution_id = :execution_id"
)


class RunLog:
    """The log row of one run, written by a session of its own so that a rollback keeps it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._id = connection.execute(_BEGIN).scalar_one()
        connection.commit()

    def finish(self, staged: Staged, games: int) -> None:
        """The run succeeded; its figures, and the quality of what it handled by source."""
        self._end("succeeded", staged, games)
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

    def fail(self, status: str, sqlstate: str | None, message: str) -> None:
        """The run ended early; what was committed before stands."""
        self._end(status, Staged(), 0, sqlstate, message)
        self._connection.commit()

    def _end(
        self,
        status: str,
        staged: Staged,
        games: int,
        sqlstate: str | None = None,
        message: str | None = None,
    ) -> None:
        written = staged.quotes + staged.splits - staged.rejected
        self._connection.execute(
            _END,
            {
                "execution_id": self._id, "status": status, "rows": staged.rows,
                "written": max(written, 0), "rejected": staged.rejected, "games": games,
                "quotes": staged.quotes, "splits": staged.splits, "sqlstate": sqlstate,
                "message": message,
            },
        )  # fmt: skip


@contextmanager
def logged_run(url: URL) -> Iterator[RunLog]:
    """A run that is logged whichever way it ends; the error goes on to the caller."""
    with connect(migration_engine(url, {})) as connection:
        log = RunLog(connection)
        try:
            yield log
        except DBAPIError as error:
            state = getattr(error.orig, "pgcode", None)
            log.fail("failed", state, " ".join(str(error.orig).split()))
            raise
        except PartitionMissing as error:
            log.fail("failed", "23514", str(error))
            raise
        except KeyboardInterrupt:
            log.fail("cancelled", None, "interrupted")
            raise
