"""Run the due maintenance jobs: one runner at a time, each run logged."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import URL, Connection, CursorResult, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.engine import connect, execute, migration_engine
from mlb_perf.errors import MaintenanceFailed
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.monitor.server_info import gather

KEY = int.from_bytes(b"mlb_care")
"""Of the runners' advisory lock; migrations use another key."""

RUNNER = "mlb-perf maintain"

_NEEDED = ("maintenance_jobs", "maintenance_runs", "run_maintenance", "schedule_maintenance")
_ROWS_KEPT = 100

_SETTINGS = {
    "application_name": RUNNER,
    # A job does not wait long for a lock: it is retried next time.
    "lock_timeout": "5s",
    # A job that hangs would hold the runners' lock for ever.
    "statement_timeout": "1h",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Done:
    """The end of one job; ``message`` includes the SQLSTATE, and is empty after a success."""

    name: str
    status: Literal["succeeded", "failed"]
    seconds: float
    message: str = ""


@contextmanager
def maintaining(url: URL) -> Iterator[Connection]:
    """A connection for jobs, in autocommit mode, because VACUUM runs in no transaction.

    Raises :class:`~mlb_perf.errors.MonitoringUnavailable`,
    :class:`~mlb_perf.errors.DatabaseUnreachable`.
    """
    with connect(migration_engine(url, _SETTINGS)) as connection:
        _autocommit(connection)
        gather(connection, _NEEDED)
        yield connection


def jobs(connection: Connection) -> list[Any]:
    """Every job with its last run, its last success, and whether it is due."""
    return list(connection.execute(text(sql.read("monitor/jobs.sql"))).all())


def schedule(connection: Connection) -> list[Any]:
    """Register the jobs with pg_cron; without it, rows with equivalent entries of schedulers."""
    query = text("SELECT * FROM performance_monitoring.schedule_maintenance()")
    return list(connection.execute(query).all())


def late(connection: Connection) -> list[str]:
    """The jobs that have had no success for more than twice their interval."""
    return [
        job.name
        for job in jobs(connection)
        if job.is_enabled and job.seconds_without_success > 2 * 60 * job.every_minutes
    ]


def hold(connection: Connection) -> bool:
    """Acquire the runners' lock until the session ends; False if another session has it."""
    query = text("SELECT pg_try_advisory_lock(:key)")
    return bool(connection.execute(query, {"key": KEY}).scalar_one())


def run(connection: Connection, names: Iterable[str] = ()) -> Iterator[Done]:
    """Run the due jobs, or the named ones, due or not; the caller holds the lock.

    A job that fails is logged with its SQLSTATE, and the others continue. Raises
    :class:`~mlb_perf.errors.MaintenanceFailed` for an unknown name, and if another
    runner has taken over after a lost connection.
    """
    connection.execute(text(sql.read("monitor/run_orphans.sql")), {"runner": RUNNER})
    for job in _chosen(jobs(connection), list(names)):
        # A lost connection loses the lock; acquiring a lock that we hold only counts.
        if not hold(connection):
            raise MaintenanceFailed(
                f"the connection was lost, and another {RUNNER} has taken over; this one stops "
                f"before the job {job.name}"
            )
        yield _run(connection, job)


def _chosen(all_jobs: list[Any], names: list[str]) -> list[Any]:
    known = [job.name for job in all_jobs]
    if unknown := [name for name in names if name not in known]:
        raise MaintenanceFailed(
            f"unknown maintenance job {', '.join(unknown)}; mlb-perf maintain --list shows "
            f"all: {', '.join(known)}"
        )
    return [job for job in all_jobs if job.name in names or (not names and job.is_due)]


def _run(connection: Connection, job: Any) -> Done:
    run_id = _begin(connection, job)
    started = time.perf_counter()
    try:
        with cancel_on_interrupt(connection):
            result = execute(connection, job.command)
            details = _answer(result)
    except KeyboardInterrupt:
        _autocommit(connection)
        _end(connection, run_id, "cancelled", message="interrupted")
        raise
    except DBAPIError as error:
        _autocommit(connection)
        state, said = diagnosis.sqlstate(error), diagnosis.said(error)
        message = said.removesuffix(f" [SQLSTATE {state}]")  # it has its own column
        _end(connection, run_id, "failed", sqlstate=state, message=message)
        return Done(job.name, "failed", time.perf_counter() - started, said)
    _end(connection, run_id, "succeeded", details=details)
    return Done(job.name, "succeeded", time.perf_counter() - started)


def _autocommit(connection: Connection) -> None:
    """Set autocommit mode; a connection that was lost and reopened needs it again."""
    connection.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT")


def _answer(result: CursorResult[Any]) -> dict[str, Any]:
    """The result of the command for the log: its first rows, and their number."""
    if not result.returns_rows:
        return {}
    rows = [dict(row._mapping) for row in result.all()]
    return {"rows": len(rows), "answer": rows[:_ROWS_KEPT]}


def _begin(connection: Connection, job: Any) -> int:
    """Log the start, also in the session, so that run_maintenance() writes no second row."""
    values = {"job_id": job.job_id, "runner": RUNNER}
    run_id = int(connection.execute(text(sql.read("monitor/run_begin.sql")), values).scalar_one())
    announce = text("SELECT set_config('performance_monitoring.run_id', :run_id, false)")
    connection.execute(announce, {"run_id": str(run_id)})
    return run_id


def _end(
    connection: Connection,
    run_id: int,
    status: str,
    *,
    sqlstate: str | None = None,
    message: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    values = {
        "run_id": run_id, "status": status, "error_sqlstate": sqlstate, "error_message": message,
        "details": json.dumps(details or {}, default=str),
    }  # fmt: skip
    connection.execute(text(sql.read("monitor/run_end.sql")), values)
