"""``mlb-perf status``: the state of the database, once or again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text
from sqlalchemy import URL
from typer.core import TyperCommand

from mlb_perf.cli.shared import AsJson, echo, reported, reported_errors, sentence
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.ini import target
from mlb_perf.monitor import history
from mlb_perf.monitor.formats.html import page
from mlb_perf.monitor.formats.json import as_json as json_object
from mlb_perf.monitor.formats.prometheus import exposition
from mlb_perf.monitor.formats.screen import render
from mlb_perf.monitor.report import Report, assess
from mlb_perf.monitor.server_info import probing
from mlb_perf.monitor.thresholds import Thresholds, from_file, from_words

app = typer.Typer()

UNKNOWN = 3  # 0, 1 and 2 are the state of the database

Limits = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="Change a limit; see docs/monitoring.md."),
]
LimitsFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Change limits from a TOML file.")
]

Form = Callable[[Report], Text | str]

_CONSOLE = Console(highlight=False)
_EVERY_SECONDS = 5.0
_BAD_USAGE = cast("type[Exception]", typer.BadParameter.__bases__[0])  # which typer does not export


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
    threshold: Limits = None,
    thresholds: LimitsFile = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a page with plots.")
    ] = None,
) -> None:
    """Check the database: exit status 0 all well, 1 warnings, 2 critical, 3 unknown."""
    with reported(UNKNOWN):
        limits = chosen_limits(threshold, thresholds)
        show = _form(as_json, prometheus, every, watching=watch is not None)
        url = target().connect_url()
        if watch is not None:
            _watch(lambda: _report(url, limits), watch, show)
        report = _report(url, limits, html)
    _print(show(report))
    raise typer.Exit(0 if prometheus else int(report.severity))


def chosen_limits(words: Sequence[str] | None, file: Path | None) -> Thresholds:
    """The defaults, overridden by the file, overridden by the command line."""
    given = from_words(words or ())
    return Thresholds().with_values([*(from_file(file) if file else ()), *given])


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
    with probing(url) as connection:
        report = assess(connection, limits)
        if html is not None:
            _write(html, page(report, history.read(connection)))
        return report


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
        except reported_errors() as error:
            shown = Text(f"mlb-perf: {sentence(error)}", "bold red")


def _print(shown: Text | str) -> None:
    if isinstance(shown, Text):
        shown.plain = "".join(c if c.isprintable() or c == "\n" else "?" for c in shown.plain)
        _CONSOLE.print(shown, soft_wrap=True)
    else:
        echo(shown.removesuffix("\n"))
