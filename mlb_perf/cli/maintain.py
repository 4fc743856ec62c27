"""``mlb-perf maintain``: the maintenance that is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.errors import MaintenanceFailed
from mlb_perf.formatting import in_words
from mlb_perf.migrate.config import target
from mlb_perf.monitor import maintain as work

_ADVICE = {
    "25006": "the server takes no writes; name the primary in the URL",
    "42501": "maintenance is for the owner of the schemas: name that role in the URL, or grant it "
    "to this one",
}


def maintain(
    job: Annotated[
        list[str] | None, typer.Option(help="This one now, due or not; can be repeated.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--list", help="Show the jobs, their last runs, and when they are due.")
    ] = False,
    schedule: Annotated[
        bool,
        typer.Option("--schedule", help="Register them with pg_cron, or say what does the same."),
    ] = False,
) -> None:
    """Run the maintenance jobs that are due; exit status 1 if one failed."""
    try:
        with work.maintaining(target().connect_url()) as connection:
            if show:
                typer.echo(_listed(work.jobs(connection)))
            elif schedule:
                typer.echo("\n".join(_scheduled(row) for row in work.schedule(connection)))
            elif work.hold(connection):
                raise typer.Exit(int(_run(connection, job or ())))
            else:
                typer.echo(f"another {work.RUNNER} is at work; nothing was done")
    except DBAPIError as error:
        advice = diagnosis.advice(diagnosis.sqlstate(error), _ADVICE, "mend that, and run again")
        raise MaintenanceFailed(f"{diagnosis.said(error)}; {advice}") from error


def _run(connection: Connection, names: Sequence[str]) -> bool:
    """Run what is due; whether a job failed."""
    failed = [_told(done) for done in work.run(connection, names)]
    if not failed:
        typer.echo("nothing is due; mlb-perf maintain --list shows when it will be")
    return any(failed)


def _told(done: work.Done) -> bool:
    """Say how it ended; whether it failed."""
    how = f"{done.name}: {done.status} in {in_words(done.seconds, 'seconds')}"
    failed = done.status == "failed"
    typer.echo(f"{how}: {done.message}" if failed else how, err=failed)
    return failed


def _listed(jobs: list[Any]) -> str:
    if not jobs:
        return "there are no jobs; mlb-perf maintain --schedule makes the package's own"
    rows = [("job", "every", "last run", "status", "next due"), *map(_columns, jobs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    errors = [
        f"{job.name}: {job.error_message} [SQLSTATE {job.error_sqlstate}]"
        for job in jobs
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
        return (
            f"pg_cron: {row.job_name} {'runs' if row.is_registered else 'is off'}: {row.definition}"
        )
    return f"# {row.scheduler}; {row.note}\n{row.definition}\n"
