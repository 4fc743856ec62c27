"""``mlb-perf status`` and ``maintain``: the state of the database, and its maintenance jobs."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from typer.core import TyperCommand

from mlb_perf import diagnosis
from mlb_perf.cli.shared import REPORTED, AsJson, echo, reported, sentence
from mlb_perf.errors import ConfigurationError, MaintenanceFailed, MonitoringUnavailable
from mlb_perf.formatting import in_words
from mlb_perf.migrate import advisory_lock
from mlb_perf.migrate.config import target
from mlb_perf.monitor import history
from mlb_perf.monitor import maintain as jobs
from mlb_perf.monitor.formats.html import page
from mlb_perf.monitor.formats.json import as_json as json_object
from mlb_perf.monitor.formats.prometheus import exposition
from mlb_perf.monitor.formats.screen import render
from mlb_perf.monitor.report import Report, assess
from mlb_perf.monitor.server_info import probing
from mlb_perf.monitor.thresholds import Thresholds, from_file, from_words

app = typer.Typer()

UNKNOWN = 3  # 0, 1 and 2 are the state of the database

Form = Callable[[Report], Text | str]

_CONSOLE = Console(highlight=False)
_EVERY_SECONDS = 5.0
_BAD_USAGE = cast("type[Exception]", typer.BadParameter.__bases__[0])  # which typer does not export
_ADVICE = {
    "25006": "the server is read-only; put the primary in the URL",
    "42501": "run maintenance as the owner of the schemas, or grant its role to this one",
}


class StatusCommand(TyperCommand):
    """``--watch`` needs no value; and a mistyped option is not a critical database."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, _with_seconds(args))
        except _BAD_USAGE as error:
            error.exit_code = UNKNOWN  # type: ignore[attr-defined]
            raise


def _with_seconds(args: list[str]) -> list[str]:
    bare = f"--watch={_EVERY_SECONDS:g}"
    following = [*args, ""][1:]
    return [
        bare if arg == "--watch" and not after[:1].isdigit() else arg
        for arg, after in zip(args, following, strict=False)
    ]


@app.command(cls=StatusCommand)
def status(
    as_json: AsJson = False,
    prometheus: Annotated[
        bool, typer.Option("--prometheus", help="Print the figures in Prometheus' text format.")
    ] = False,
    watch: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="[SECONDS]", help="Repeat; every 5 s if no value is given."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show every finding, not only four of each probe.")
    ] = False,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Change a limit; see docs/monitoring.md."),
    ] = None,
    thresholds: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Change limits from a TOML file.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a page with plots.")
    ] = None,
) -> None:
    """Check the database: exit status 0 all well, 1 warnings, 2 critical, 3 unknown."""
    with reported(UNKNOWN):
        limits = _limits(threshold or (), thresholds)
        show = _form(as_json, prometheus, every, watching=watch is not None)
        url = target().connect_url()
        if watch is not None:
            _watch(lambda: _report(url, limits), watch, show)
        report = _report(url, limits, html)
    _print(show(report))
    raise typer.Exit(0 if prometheus else int(report.severity))


def _limits(words: Sequence[str], file: Path | None) -> Thresholds:
    """The defaults, overridden by the file, overridden by the command line."""
    return Thresholds().with_values([*(from_file(file) if file else ()), *from_words(words)])


def _form(as_json: bool, prometheus: bool, every: bool, *, watching: bool) -> Form:
    if prometheus and (as_json or watching):
        other = "--watch" if watching else "--json"
        raise ConfigurationError(f"--prometheus excludes {other}; leave out one of them")
    if prometheus:
        return exposition
    if as_json:
        return lambda report: json_object(report, indent=None if watching else 2)
    return lambda report: render(report, _width(), every=every)


def _width() -> int | None:
    """Of the terminal; output for a program is not wrapped."""
    return _CONSOLE.width if _CONSOLE.is_terminal else None


def _report(url: URL, limits: Thresholds, html: Path | None = None) -> Report:
    try:
        with probing(url) as connection:
            report = assess(connection, limits)
            if html is not None:
                _write(html, page(report, history.read(connection)))
            return report
    except DBAPIError as error:
        raise MonitoringUnavailable(_advised(error, {})) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}; name a file in a folder that exists"
        ) from error


def _watch(ask: Callable[[], Report], seconds: float, show: Form) -> NoReturn:
    """Until Ctrl-C, which exits with 130. The first report must succeed, later ones are retried.

    On a terminal one screen in place; elsewhere, and as JSON, one report after another.
    """
    shown = show(ask())
    if not (_CONSOLE.is_terminal and isinstance(shown, Text)):
        _repeat(ask, seconds, show, shown, _print)
    with Live(shown, console=_CONSOLE, screen=True, auto_refresh=False) as live:
        _repeat(ask, seconds, show, shown, lambda text: live.update(text, refresh=True))


def _repeat(
    ask: Callable[[], Report],
    seconds: float,
    show: Form,
    shown: Text | str,
    put: Callable[[Text | str], None],
) -> NoReturn:
    while True:
        put(shown)
        time.sleep(seconds)
        try:
            shown = show(ask())
        except REPORTED as error:
            shown = Text(f"mlb-perf: {sentence(error)}", "bold red")


def _print(shown: Text | str) -> None:
    if isinstance(shown, Text):
        shown.plain = "".join(c if c.isprintable() or c == "\n" else "?" for c in shown.plain)
        _CONSOLE.print(shown, soft_wrap=True)
    else:
        echo(shown.removesuffix("\n"))


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
        raise MaintenanceFailed(_advised(error, _ADVICE)) from error


def _left_to(holder: str | None, late: list[str]) -> None:
    """Another session has the runners' lock. That is usual, unless the jobs are late meanwhile."""
    running = f"another {jobs.RUNNER} is running ({holder or 'it has just ended'})"
    if late:
        raise MaintenanceFailed(
            f"{running}, and {', '.join(late)} had no success for twice the interval; if that "
            "session is not at work, end it with SELECT pg_terminate_backend(pid), and run again"
        )
    echo(f"{running}; nothing was done")


def _advised(error: DBAPIError, special: dict[str, str]) -> str:
    advice = diagnosis.advice(diagnosis.sqlstate(error), special, "fix the cause, and run again")
    return f"{diagnosis.said(error)}; {advice}"


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
