"""``mlb-perf bench``: measure what the package claims, and say what was found.

Names of parts, or none, are measured before and after an upgrade. Any other measurement is a
command of its own. The options of each are those of its function or plan in
:mod:`mlb_perf.bench`; the files that a result goes to are options of all.
"""

from __future__ import annotations

import inspect
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from mlb_perf.bench import json_file, measurements, record
from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import joined
from mlb_perf.bench.judge.compare import TOLERANCE, compare
from mlb_perf.bench.measurements import ALONE
from mlb_perf.bench.plan import Plan
from mlb_perf.bench.run import bench
from mlb_perf.cli.bench_files import Files
from mlb_perf.cli.shared import echo
from mlb_perf.engine import connect
from mlb_perf.migrate.config import current_revisions
from mlb_perf.migrate.ini import target
from mlb_perf.progress import Say, progress
from mlb_perf.settings import parse_url

_BEFORE_AND_AFTER = "parts"
_FILES = ("--json", "--html", "--docs")
_URL = "://"


class BenchGroup(TyperGroup):
    """Arguments that name no other measurement are of the measurement before and after."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = args and args[0] in self.commands
        return super().parse_args(ctx, args if named else [_BEFORE_AND_AFTER, *args])


class PartsCommand(TyperCommand):
    """The command without a name."""

    def get_usage(self, ctx: Any) -> str:
        return super().get_usage(ctx).replace(f" {_BEFORE_AND_AFTER} ", " ", 1)


app = typer.Typer(
    cls=BenchGroup, help="Measure what the package claims, before and after an upgrade or alone."
)


def _parts(
    files: Files,
    use: Annotated[
        list[Path] | None,
        typer.Option("--use", help="Measure nothing: report what these results hold."),
    ] = None,
    compare_files: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", metavar="A.json B.json", help="Say what changed from A to B."),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=1.0, help="--compare: ignore changes smaller than this factor.")
    ] = TOLERANCE,
    **options: Any,
) -> None:
    """Measure questions, loading, many clients, bytes and stalls: before and after an upgrade."""
    if compare_files is not None:
        raise typer.Exit(_compare(*compare_files, tolerance))
    if use:
        files.write(joined([json_file.read(path) for path in use]))
        return
    files.refuse_unwritable()
    server = target().connect_url()
    with _saying("bench") as say:
        result = bench(server, Plan(**options), _command_line(), say)
        with connect(engine_of(server)) as connection:
            if revisions := current_revisions(connection):
                ids = record.record(connection, result, revisions[0])
                say(f"recorded as run {', '.join(map(str, ids))} in performance_monitoring")
            else:
                say("not recorded: the database lacks performance_monitoring; alembic upgrade head")
    files.write(result)


def _alone(name: str) -> Callable[..., None]:
    def run(files: Files, **options: Any) -> None:
        files.refuse_unwritable()
        # The measurement of indexes names its databases; all others are of the one in use.
        after = options.get("after")
        server = parse_url(after, "--after") if after else target().connect_url()
        with _saying(f"bench {name}") as say:
            result = measurements.run(name, server, _command_line(), say, **options)
        files.write(result)

    run.__doc__ = f"{measurements.label(ALONE[name])}."
    return run


def _command(run: Callable[..., None], measure: Callable[..., object]) -> Callable[..., None]:
    """``run`` as a command: its own options, the keyword arguments of ``measure``, the files."""

    def command(**options: Any) -> None:
        files = {name: options.pop(name) for name in inspect.signature(Files).parameters}
        run(Files(**files), **options)

    own = list(inspect.signature(run, eval_str=True).parameters.values())[1:-1]
    parameters = [
        p.replace(kind=p.KEYWORD_ONLY)
        for of in (measure, Files)
        for p in inspect.signature(of, eval_str=True).parameters.values()
        if p.kind is p.KEYWORD_ONLY
    ]
    own = [p.replace(kind=p.KEYWORD_ONLY) for p in own]
    command.__signature__ = inspect.Signature([*parameters, *own])  # type: ignore[attr-defined]
    command.__doc__ = run.__doc__
    return command


app.command(
    _BEFORE_AND_AFTER,
    cls=PartsCommand,
    hidden=True,
    epilog=f"Other measurements, each with options of its own: {', '.join(ALONE)}. "
    "See mlb-perf bench load --help.",
)(_command(_parts, Plan))
for _name, _measure in ALONE.items():
    app.command(_name)(_command(_alone(_name), _measure))


@contextmanager
def _saying(what: str) -> Iterator[Say]:
    """Lines with the seconds since the beginning, above a bar where there is a terminal."""
    began = time.monotonic()
    with progress(what) as shown:

        def say(line: str) -> None:
            shown.say(f"{time.monotonic() - began:7.1f} s  {line}")

        yield say


def _command_line() -> str:
    """What a reader needs to measure the same.

    Not the files that the result goes to; of a URL the database's name, for it may have a password.
    """
    words, given = ["mlb-perf"], iter(sys.argv[1:])
    for word in given:
        option, is_whole, value = word.partition("=")
        if option in _FILES:
            if not is_whole:
                next(given, None)
        elif option.startswith("--") and _URL in value:
            words.append(f"{option}={_named(value)}")
        else:
            words.append(_named(word) if _URL in word else word)
    return shlex.join(words)


def _named(url: str) -> str:
    name = url.partition("?")[0].partition(_URL)[2].rpartition("/")[2]
    return f".../{name if '@' not in name else ''}"  # the rest of it, if it names no database


def _compare(first: Path, second: Path, tolerance: float) -> int:
    changes = compare(json_file.read(first), json_file.read(second), tolerance=tolerance)
    for change in changes:
        echo(str(change))
    worse = sum(change.is_regression for change in changes)
    others = len(changes) - worse
    echo(f"{worse} regressions, {others} other changes beyond a factor of {tolerance:g}")
    return 1 if worse else 0
