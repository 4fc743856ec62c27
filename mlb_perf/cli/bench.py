"""``mlb-perf bench``: measure what the package claims, and say what was found.

Names of parts, or none, are measured before and after an upgrade. Any other measurement is a
command of its own, made of its function: the keyword arguments are its options.
"""

from __future__ import annotations

import dataclasses
import inspect
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from mlb_perf.bench import json_file, measurements, record
from mlb_perf.bench.database import NAME, SEEDED_BASELINE, engine_of
from mlb_perf.bench.document import Document
from mlb_perf.bench.judge.compare import TOLERANCE, compare
from mlb_perf.bench.measurements import ALONE, PARTS
from mlb_perf.bench.report import doc_blocks, page, results
from mlb_perf.bench.report.summary import show
from mlb_perf.bench.run import QUICK_SCALE, Plan, bench
from mlb_perf.bench.tools.clients import Workload
from mlb_perf.cli.shared import echo
from mlb_perf.engine import connect
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import current_revisions, target
from mlb_perf.progress import Say, progress
from mlb_perf.settings import parse_url

_PIPED_WIDTH = 160
_BEFORE_AND_AFTER = "parts"

JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the result to this file.")]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="Write the report, one file, to this file.")
]
DocsFiles = Annotated[
    list[Path] | None, typer.Option("--docs", help="Markdown whose measured blocks are rewritten.")
]


class BenchGroup(TyperGroup):
    """Arguments that name no other measurement are of the measurement before and after."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = args and args[0] in self.commands
        return super().parse_args(ctx, args if named else [_BEFORE_AND_AFTER, *args])


class PartsCommand(TyperCommand):
    """The command without a name."""

    def get_usage(self, ctx: Any) -> str:
        return super().get_usage(ctx).replace(f" {_BEFORE_AND_AFTER} ", " ", 1)


app = typer.Typer(cls=BenchGroup)


@app.command(
    _BEFORE_AND_AFTER,
    cls=PartsCommand,
    hidden=True,
    epilog=f"Other measurements, each with options of its own: {', '.join(ALONE)}. "
    "See mlb-perf bench load --help.",
)
def run_bench(
    parts: Annotated[
        list[str] | None, typer.Argument(help=f"{', '.join(PARTS)}, or all.", show_default="all")
    ] = None,
    scale: Annotated[
        list[float] | None,
        typer.Option(help="Seasons of data; several times to see growth.", show_default="1"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the data and of the values asked for.")] = 1,
    from_revision: Annotated[
        str, typer.Option("--from", metavar="REVISION", help="The side called before.")
    ] = SEEDED_BASELINE,
    to_revision: Annotated[
        str, typer.Option("--to", metavar="REVISION", help="The side called after.")
    ] = "head",
    quick: Annotated[
        bool, typer.Option("--quick", help=f"Scale {QUICK_SCALE:g} and few repeats: a minute.")
    ] = False,
    as_json: JsonFile = None,
    html: HtmlFile = None,
    docs: DocsFiles = None,
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
    execute: Annotated[
        list[str] | None,
        typer.Option(help="SQL to execute before the second side, such as DROP INDEX."),
    ] = None,
    no_pooler: Annotated[bool, typer.Option("--no-pooler", help="Leave out PgBouncer.")] = False,
    stall_rows: Annotated[
        int | None,
        typer.Option(
            min=1000, help="Raw rows for the part stall.", show_default="a million times --scale"
        ),
    ] = None,
    writers: Annotated[int, typer.Option(min=1, help="Part stall: sessions that write.")] = 4,
    readers: Annotated[int, typer.Option(min=0, help="Part stall: sessions that read.")] = 4,
    writes_a_second: Annotated[
        float, typer.Option(min=0.1, help="Part stall: statements of each writer, at most.")
    ] = 50.0,
    reads_a_second: Annotated[
        float, typer.Option(min=0.1, help="Part stall: statements of each reader, at most.")
    ] = 50.0,
    compacted: Annotated[
        bool, typer.Option("--compacted", help="Part storage: also a copy after VACUUM FULL.")
    ] = False,
    database: Annotated[str, typer.Option(help="Name of the benchmark's database.")] = NAME,
    keep: Annotated[bool, typer.Option("--keep", help="Do not drop it afterwards.")] = False,
) -> None:
    """Measure questions, loading, many clients, bytes and stalls: before and after an upgrade."""
    if compare_files is not None:
        raise typer.Exit(_compare(*compare_files, tolerance))
    if use:
        result = _joined([json_file.read(path) for path in use])
    else:
        chosen = _parts(parts, quick)
        if compacted and "storage" not in chosen:
            raise ConfigurationError("--compacted is of the part storage; name that part as well")
        scales = tuple(sorted(scale or [QUICK_SCALE if quick else 1.0]))
        clients = Workload(0, writers, readers, writes_a_second, reads_a_second)
        plan = Plan(
            chosen, scales, seed, from_revision, to_revision, quick, not no_pooler,
            tuple(execute or ()), database, keep, stall_rows, clients, compacted,
        )  # fmt: skip
        _refuse_unwritable(as_json, html, docs or [])
        result = _measured(plan)
    _end(result, as_json, html, docs or [])


def _command_of(name: str, measure: Callable[..., Any]) -> Callable[..., None]:
    """A command with the options of the measurement, and the endings of all."""

    def run(
        as_json: JsonFile = None, html: HtmlFile = None, docs: DocsFiles = None, **options: Any
    ) -> None:
        _refuse_unwritable(as_json, html, docs or [])
        # The measurement of indexes names its databases; all others are of the one in use.
        after = options.get("after")
        server = parse_url(after, "--after") if after else target().connect_url()
        with _saying(f"bench {name}") as say:
            result = measurements.run(name, server, _command_line(), say, **options)
        _end(result, as_json, html, docs or [])

    own = inspect.signature(measure, eval_str=True).parameters.values()
    endings = inspect.signature(run, eval_str=True).parameters.values()
    shown = [p for p in own if p.kind is p.KEYWORD_ONLY]
    shown += [p.replace(kind=p.KEYWORD_ONLY) for p in endings if p.kind is not p.VAR_KEYWORD]
    run.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    run.__doc__ = f"{measurements.label(measure)}."
    return run


for _name, _measure in ALONE.items():
    app.command(_name)(_command_of(_name, _measure))


def _parts(given: list[str] | None, quick: bool) -> tuple[str, ...]:
    named = given or ["all"]
    if unknown := [part for part in named if part not in (*PARTS, "all")]:
        raise ConfigurationError(
            f"the benchmark has no part {unknown[0]}; name some of {', '.join(PARTS)}, or all; or "
            f"one other measurement first: {', '.join(ALONE)}"
        )
    if "all" not in named:
        return tuple(part for part in PARTS if part in named)
    # The stalls of an upgrade show with data that take a while to be moved.
    return tuple(part for part in PARTS if not (quick and part == "stall"))


def _refuse_unwritable(as_json: Path | None, html: Path | None, docs: list[Path]) -> None:
    """Before an hour of measuring rather than after it."""
    for path in (as_json, html):
        if path is not None and not path.resolve().parent.is_dir():
            raise ConfigurationError(f"{path} is in no directory that exists; create it first")
    for path in docs:
        if not path.is_file():
            raise ConfigurationError(
                f"{path} does not exist; --docs rewrites measured blocks of a page that exists"
            )


@contextmanager
def _saying(what: str) -> Iterator[Say]:
    """Lines with the seconds since the beginning, above a bar where there is a terminal."""
    began = time.monotonic()
    with progress(what) as shown:

        def say(line: str) -> None:
            shown.say(f"{time.monotonic() - began:7.1f} s  {line}")

        yield say


def _command_line() -> str:
    return shlex.join(["mlb-perf", *sys.argv[1:]])


def _measured(plan: Plan) -> Document:
    server = target().connect_url()
    with _saying("bench") as say:
        result = bench(server, plan, _command_line(), say)
        with connect(engine_of(server)) as connection:
            if revisions := current_revisions(connection):
                ids = record.record(connection, result, revisions[0])
                say(f"recorded as run {', '.join(map(str, ids))} in performance_monitoring")
            else:
                say("not recorded: the database lacks performance_monitoring; alembic upgrade head")
    return result


def _joined(results: list[Document]) -> Document:
    """One document with the runs of all; where two have the same scale and side, the later one."""
    last = results[-1]
    runs = {(run.scale, run.label): run for result in results for run in result.runs}
    stalls = [stall for result in results for stall in result.stalls]
    command = "; ".join(result.command for result in results)
    return dataclasses.replace(
        last, command=command, runs=list(runs.values()), stalls=stalls,
        measurements=list({m.name: m for result in results for m in result.measurements}.values()),
    )  # fmt: skip


def _end(result: Document, as_json: Path | None, html: Path | None, docs: list[Path]) -> None:
    """What all measurements have in common: the files that are asked for, and the tables."""
    if as_json is not None:
        json_file.write(as_json, result)
        echo(f"result: {as_json}")
    if html is not None:
        html.write_text(page.render(result), encoding="utf-8")
        echo(f"report: {html}")
    for path in docs:
        filled = doc_blocks.fill(path, results.bodies(result))
        echo(f"{path}: {', '.join(filled)}")
    # Piped, no window is too narrow.
    show(result, Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH))


def _compare(first: Path, second: Path, tolerance: float) -> int:
    a, b = json_file.read(first), json_file.read(second)
    changes = compare(a, b, tolerance=tolerance)
    for change in changes:
        echo(str(change))
    worse = sum(change.is_regression for change in changes)
    others = len(changes) - worse
    echo(f"{worse} regressions, {others} other changes beyond a factor of {tolerance:g}")
    return 1 if worse else 0
