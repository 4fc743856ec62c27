"""``mlb-perf status``: how the database is, on one screen, as JSON, or for Prometheus."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from typer.core import TyperCommand

from mlb_perf import diagnosis
from mlb_perf.errors import ConfigurationError, MlbPerfError
from mlb_perf.migrate.config import target
from mlb_perf.monitor.formats.prometheus import exposition
from mlb_perf.monitor.formats.screen import render
from mlb_perf.monitor.report import Report, assess
from mlb_perf.monitor.server_info import asking
from mlb_perf.monitor.thresholds import Thresholds, from_file, from_words

NOT_KNOWN = 3  # 0, 1 and 2 say how the database is; this one that nobody knows

Form = Callable[[Report], Text | str]

_CONSOLE = Console(highlight=False)
_EVERY_SECONDS = 5.0
_BAD_USAGE = cast("type[Exception]", typer.BadParameter.__bases__[0])  # which typer does not export


class StatusCommand(TyperCommand):
    """``--watch`` may stand alone; and a mistyped option is no critical database."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, _with_seconds(args))
        except _BAD_USAGE as error:
            error.exit_code = NOT_KNOWN  # type: ignore[attr-defined]
            raise


def _with_seconds(args: list[str]) -> list[str]:
    bare = f"--watch={_EVERY_SECONDS:g}"
    following = [*args, ""][1:]
    return [
        bare if arg == "--watch" and not after[:1].isdigit() else arg
        for arg, after in zip(args, following, strict=False)
    ]


def status(
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    prometheus: Annotated[
        bool, typer.Option("--prometheus", help="The figures in Prometheus' text format.")
    ] = False,
    watch: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="[SECONDS]", help="Again and again; every 5 s if not given."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every finding, not only the first of each probe.")
    ] = False,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Another limit; see docs/monitoring.md."),
    ] = None,
    thresholds: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Other limits, from a TOML file.")
    ] = None,
) -> None:
    """Say how the database is: exit status 0 well, 1 warnings, 2 critical, 3 not known."""
    try:
        limits = _limits(threshold or (), thresholds)
        show = _form(as_json, prometheus, every, watching=watch is not None)
        url = target().connect_url()
        if watch is not None:
            _watch(lambda: _ask(url, limits), watch, show)
        report = _ask(url, limits)
    except (MlbPerfError, DBAPIError) as error:
        typer.echo(f"mlb-perf: {_sentence(error)}", err=True)
        raise typer.Exit(NOT_KNOWN) from error
    _print(show(report))
    raise typer.Exit(0 if prometheus else int(report.severity))


def _limits(words: Sequence[str], file: Path | None) -> Thresholds:
    """The defaults, then what the file says, then what the command line says."""
    return Thresholds().with_values([*(from_file(file) if file else ()), *from_words(words)])


def _form(as_json: bool, prometheus: bool, every: bool, *, watching: bool) -> Form:
    if prometheus and (as_json or watching):
        other = "--watch" if watching else "--json"
        raise ConfigurationError(f"--prometheus goes without {other}; leave out one of them")
    if prometheus:
        return exposition
    if as_json:
        return lambda report: json.dumps(report.as_dict(), indent=None if watching else 2)
    return lambda report: render(report, _width(), every=every)


def _width() -> int | None:
    """Of the terminal; what is read by a program is not wrapped."""
    return _CONSOLE.width if _CONSOLE.is_terminal else None


def _ask(url: URL, limits: Thresholds) -> Report:
    with asking(url) as connection:
        return assess(connection, limits)


def _watch(ask: Callable[[], Report], seconds: float, show: Form) -> NoReturn:
    """Until Ctrl-C, which ends it with 130; the first answer must succeed, later ones are awaited.

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
        except (MlbPerfError, DBAPIError) as error:
            shown = Text(f"mlb-perf: {_sentence(error)}", "bold red")


def _print(shown: Text | str) -> None:
    if isinstance(shown, Text):
        _CONSOLE.print(shown, soft_wrap=True)
    else:
        typer.echo(shown.removesuffix("\n"))


def _sentence(error: MlbPerfError | DBAPIError) -> str:
    if isinstance(error, MlbPerfError):
        return str(error)
    advice = diagnosis.advice(diagnosis.sqlstate(error), {}, "mend that, and ask again")
    return f"{diagnosis.said(error)}; {advice}"
