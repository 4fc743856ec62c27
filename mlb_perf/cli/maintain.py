"""``mlb-perf maintain``: the maintenance jobs, and their timers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.cli.shared import echo
from mlb_perf.errors import MaintenanceFailed
from mlb_perf.formatting import in_words
from mlb_perf.migrate import advisory_lock
from mlb_perf.migrate.ini import target
from mlb_perf.monitor import maintain as jobs

app = typer.Typer()

_ADVICE = {
    "25006": "the server is read-only; put the primary in the URL",
    "42501": "run maintenance as the owner of the schemas, or grant its role to this one",
}


@app.command()
def maintain(
    job: Annotated[
        list[str] | None, typer.Option(help="Run this job now, due or not; can be repeated.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--list", help="List the jobs, their last runs, and when they are due.")
    ] = False,
    schedule: Annotated[
        bool,
        typer.Option(
            "--schedule",
            help="Register the jobs with pg_cron, or print equivalent cron, systemd or Kubernetes "
            "entries.",
        ),
    ] = False,
) -> None:
    """Run the maintenance jobs that are due; exit status 1 if one failed or is late."""
    try:
        with jobs.maintaining(target().connect_url()) as connection:
            if show:
                echo(_listed(jobs.jobs(connection)))
            elif schedule:
                echo("\n".join(_scheduled(row) for row in jobs.schedule(connection)))
            elif jobs.hold(connection):
                raise typer.Exit(int(_run(connection, job or ())))
            else:
                _left_to(advisory_lock.holder(connection, jobs.KEY), jobs.late(connection))
    except DBAPIError as error:
        advice = diagnosis.advice(
            diagnosis.sqlstate(error), _ADVICE, "fix the cause, and run again"
        )
        raise MaintenanceFailed(f"{diagnosis.said(error)}; {advice}") from error


def _left_to(holder: str | None, late: list[str]) -> None:
    """Another session has the runners' lock. That is usual, unless the jobs are late meanwhile."""
    running = f"another {jobs.RUNNER} is running ({holder or 'it has just ended'})"
    if late:
        raise MaintenanceFailed(
            f"{running}, and {', '.join(late)} had no success for twice the interval; if that "
            "session is not at work, end it with SELECT pg_terminate_backend(pid), and run again"
        )
    echo(f"{running}; nothing was done")


def _run(connection: Connection, names: Sequence[str]) -> bool:
    """Run the jobs; whether one failed."""
    failed = [_is_failed(done) for done in jobs.run(connection, names)]
    if not failed:
        echo("no job is due; mlb-perf maintain --list shows the next times")
    return any(failed)


def _is_failed(done: jobs.Done) -> bool:
    """Print the result of a job; whether it failed."""
    line = f"{done.name}: {done.status} in {in_words(done.seconds, 'seconds')}"
    failed = done.status == "failed"
    echo(f"{line}: {done.message}" if failed else line, err=failed)
    return failed


def _listed(found: list[Any]) -> str:
    if not found:
        return "no jobs; mlb-perf maintain --schedule creates the package's own"
    rows = [("job", "every", "last run", "status", "next due"), *map(_columns, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    errors = [
        f"{job.name}: {job.error_message} [SQLSTATE {job.error_sqlstate}]"
        for job in found
        if job.last_status == "failed"
    ]
    return "\n".join(lines + errors)


def _columns(job: Any) -> tuple[str, ...]:
    due = "now" if job.is_due else _moment(job.due_at)
    return (
        job.name, in_words(job.every_minutes * 60, "seconds"), _moment(job.last_started_at),
        job.last_status or "-", due if job.is_enabled else "disabled",
    )  # fmt: skip


def _moment(moment: dt.datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "-"


def _scheduled(row: Any) -> str:
    if row.scheduler == "pg_cron":
        state = "runs" if row.is_registered else "is off"
        return f"pg_cron: {row.job_name} {state}: {row.definition}"
    return f"# {row.scheduler}; {row.note}\n{row.definition}\n"
