"""``mlb-perf bench``: measure what the package claims, and say what was found."""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mlb_perf.bench import document, record
from mlb_perf.bench.database import BASELINE, NAME, engine_of
from mlb_perf.bench.document import Document
from mlb_perf.bench.judge.compare import TOLERANCE, compare
from mlb_perf.bench.report import doc_blocks, page, results
from mlb_perf.bench.report.summary import show
from mlb_perf.bench.run import PARTS, QUICK_SCALE, Plan, bench
from mlb_perf.engine import connect
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import current_revisions, target

_PIPED_WIDTH = 160


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
    ] = BASELINE,
    to_revision: Annotated[
        str, typer.Option("--to", metavar="REVISION", help="The side called after.")
    ] = "head",
    quick: Annotated[
        bool, typer.Option("--quick", help=f"Scale {QUICK_SCALE:g} and few repeats: a minute.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result here.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report here, one file.")] = None,
    docs: Annotated[
        list[Path] | None, typer.Option(help="Markdown whose marked figures are written anew.")
    ] = None,
    use: Annotated[
        list[Path] | None,
        typer.Option("--use", help="Measure nothing: report what these results hold."),
    ] = None,
    compare_files: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", metavar="A.json B.json", help="Say what changed from A to B."),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=1.0, help="--compare: a change by less is none.")
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
    database: Annotated[str, typer.Option(help="What to call the benchmark's database.")] = NAME,
    keep: Annotated[bool, typer.Option("--keep", help="Do not drop it afterwards.")] = False,
) -> None:
    """Measure questions, loading, many clients, bytes and stalls: before and after an upgrade."""
    if compare_files is not None:
        raise typer.Exit(_compare(*compare_files, tolerance))
    if use:
        result = _joined([document.read(path) for path in use])
    else:
        scales = tuple(sorted(scale or [QUICK_SCALE if quick else 1.0]))
        plan = Plan(
            _parts(parts, quick), scales, seed, from_revision, to_revision, quick, not no_pooler,
            tuple(execute or ()), database, keep, stall_rows,
        )  # fmt: skip
        _refuse_unwritable(json_file, html, docs or [])
        result = _measured(plan)
    _write(result, json_file, html, docs or [])
    # Piped, nobody's window is too narrow.
    show(result, Console() if sys.stdout.isatty() else Console(width=_PIPED_WIDTH))


def _parts(given: list[str] | None, quick: bool) -> tuple[str, ...]:
    named = given or ["all"]
    if unknown := [part for part in named if part not in (*PARTS, "all")]:
        raise ConfigurationError(
            f"the benchmark has no part {unknown[0]}; name some of {', '.join(PARTS)}, or all"
        )
    if "all" not in named:
        return tuple(part for part in PARTS if part in named)
    # The stalls of an upgrade show with data that take a while to be moved.
    return tuple(part for part in PARTS if not (quick and part == "stall"))


def _refuse_unwritable(json_file: Path | None, html: Path | None, docs: list[Path]) -> None:
    """Before an hour of measuring rather than after it."""
    for path in (json_file, html):
        if path is not None and not path.resolve().parent.is_dir():
            raise ConfigurationError(f"{path} is in no directory that exists; make it first")
    for path in docs:
        if not path.is_file():
            raise ConfigurationError(f"{path} is no file; --docs fills marks in one that exists")


def _measured(plan: Plan) -> Document:
    server = target().connect_url()
    command = "mlb-perf " + " ".join(sys.argv[1:])
    console = Console(stderr=True)
    began = time.monotonic()

    def tell(what: str) -> None:
        console.print(f"{time.monotonic() - began:7.1f} s  {what}", highlight=False)

    result = bench(server, plan, command, tell)
    with connect(engine_of(server)) as connection:
        if revisions := current_revisions(connection):
            ids = record.record(connection, result, revisions[0])
            tell(f"recorded as run {', '.join(map(str, ids))} in performance_monitoring")
        else:
            tell("not recorded: this database has no performance_monitoring; alembic upgrade head")
    return result


def _joined(results: list[Document]) -> Document:
    """One document with the runs of all; where two have the same scale and side, the later one."""
    last = results[-1]
    runs = {(run.scale, run.label): run for result in results for run in result.runs}
    stalls = [stall for result in results for stall in result.stalls]
    command = "; ".join(result.command for result in results)
    return dataclasses.replace(last, command=command, runs=list(runs.values()), stalls=stalls)


def _write(result: Document, json_file: Path | None, html: Path | None, docs: list[Path]) -> None:
    if json_file is not None:
        document.write(json_file, result)
        typer.echo(f"result: {json_file}")
    if html is not None:
        html.write_text(page.render(result), encoding="utf-8")
        typer.echo(f"report: {html}")
    for path in docs:
        filled = doc_blocks.fill(path, results.bodies(result))
        typer.echo(f"{path}: {', '.join(filled)}")


def _compare(first: Path, second: Path, tolerance: float) -> int:
    a, b = document.read(first), document.read(second)
    changes = compare(a, b, tolerance=tolerance)
    for change in changes:
        typer.echo(str(change))
    worse = sum(change.is_regression for change in changes)
    others = len(changes) - worse
    typer.echo(f"{worse} regressions, {others} other changes beyond a factor of {tolerance:g}")
    return 1 if worse else 0
