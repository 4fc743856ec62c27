"""``mlb-perf load``: files of the feeds into ``raw_data``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias, cast

import typer
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.cli import shared
from mlb_perf.cli.shared import echo
from mlb_perf.engine import connect
from mlb_perf.errors import DatabaseUnreachable, LoadFailed
from mlb_perf.formatting import LONGEST_VALUE, in_words, printable
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.pipeline.load.ingest import BATCH_ROWS, LoadReport, ingest, log_failure
from mlb_perf.pipeline.read.layout import Layout
from mlb_perf.pipeline.read.limits import Limits
from mlb_perf.pipeline.read.numbers import Prices
from mlb_perf.pipeline.read.reader import read_file, recognised
from mlb_perf.pipeline.read.sources import listed
from mlb_perf.pipeline.read.sources.game_results import NAMES as RESULT_NAMES
from mlb_perf.pipeline.read.sources.game_results import MappedResults
from mlb_perf.pipeline.read.sources.line_history import NAMES, LineHistory
from mlb_perf.pipeline.records import Item
from mlb_perf.progress import Shown, progress

app = typer.Typer()

Mapped: TypeAlias = LineHistory | MappedResults
"""Files whose columns the user names."""


def _list_sources(asked: bool) -> None:
    if asked:
        echo(listed())
        for name, names in (("line_history", NAMES), ("game_results", RESULT_NAMES)):
            echo(f"--map of {name} takes {', '.join(names)}")
        raise typer.Exit


Files = Annotated[list[Path], typer.Argument(help="Files, gzip or not.", show_default=False)]
Source = Annotated[str | None, typer.Option(help="The source, if the content does not show it.")]
CollectedAt = Annotated[
    str | None,
    typer.Option(
        help="The collection time, for responses without one, as 2026-07-01T18:30:00Z; "
        "default: the file's modification time."
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Stop at a malformed record and load nothing.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map", help="Past lines, or results: ours=Theirs,... or ours:=value."),
]
OddsFormat = Annotated[
    str | None,
    typer.Option("--odds-format", "--prices", help="american or decimal; else as the prices show."),
]
Name = Annotated[
    str, typer.Option(help="Past lines: the name of the source; default: the file's name.")
]
Delimiter = Annotated[str, typer.Option(help="What separates columns; tab, or one sign.")]
Encoding = Annotated[str, typer.Option(help="Of the file, such as cp1252; else UTF-8.")]
Timezone = Annotated[
    str, typer.Option(help="Past lines: of times without an offset, as America/New_York.")
]
DateFormat = Annotated[
    list[str] | None,
    typer.Option(help="Past lines: of dates and times, as '%m/%d/%Y', or excel."),
]
DecimalComma = Annotated[bool, typer.Option("--decimal-comma", help="Past lines: 1,91 is 1.91.")]
Limit = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="What no file may exceed, as line=256MB."),
]
BatchRows = Annotated[int, typer.Option(min=1, help="Records per transaction.")]
ListSources = Annotated[
    bool,
    typer.Option(
        "--sources", callback=_list_sources, is_eager=True,
        help="List the sources, and what --map takes.",
    ),
]  # fmt: skip


@app.command()
def load(
    files: Files,
    source: Source = None,
    collected_at: CollectedAt = None,
    strict: Strict = False,
    columns: Columns = None,
    odds_format: OddsFormat = None,
    name: Name = "",
    delimiter: Delimiter = ",",
    encoding: Encoding = "",
    timezone: Timezone = "UTC",
    date_format: DateFormat = None,
    decimal_comma: DecimalComma = False,
    limit: Limit = None,
    batch_rows: BatchRows = BATCH_ROWS,
    _: ListSources = False,
) -> None:
    """Load files of the feeds into raw_data; existing rows stay unchanged."""
    layout = Layout(delimiter, encoding, timezone, tuple(date_format or ()), decimal_comma)
    prices = _prices(odds_format)
    mapped = _mapped(source, columns, prices, name, layout)
    form = _Form(source, collected_at, mapped, layout, prices, Limits.from_words(limit or ()))
    # All files are checked first: an error names a wrong one before any is loaded.
    run = _Run({path: form.recognised(path) for path in files}, form, batch_rows)
    engine = shared.engine()
    total = run.strictly(engine) if strict else run.file_by_file(engine)
    if len(files) > 1:
        echo(f"{len(files)} files: {total}")
    if total.malformed and not total.loaded + total.merged + total.already_there:
        raise typer.Exit(1)


def _mapped(
    source: str | None, columns: list[str] | None, prices: Prices | None, name: str, layout: Layout
) -> Mapped | None:
    if not columns:
        return None
    if source == "game_results":
        return MappedResults.from_words(columns, name=name, layout=layout)
    return LineHistory.from_words(columns, prices=prices, name=name, layout=layout)


def _prices(odds_format: str | None) -> Prices | None:
    if odds_format not in (None, "american", "decimal"):
        raise LoadFailed(f"--odds-format {odds_format}: say american or decimal")
    return cast(Prices | None, odds_format)


@dataclass(frozen=True)
class _Form:
    """How the files are to be read."""

    source: str | None
    collected_at: str | None
    mapped: Mapped | None
    layout: Layout
    prices: Prices | None
    limits: Limits

    def recognised(self, path: Path) -> str | None:
        """The name of the file's source; None for a pipe, which can be read only once."""
        if path.is_dir():
            raise LoadFailed(f"{path} is a directory; name the files in it, as in {path}/*")
        if path.exists() and not path.is_file():
            return self.source
        return recognised(path, self.source, self.mapped, self.layout, self.limits)

    def read(self, path: Path, on_bytes: Callable[[int], None]) -> Iterator[Item]:
        return read_file(
            path,
            self.source,
            self.collected_at,
            line_history=self.mapped,
            layout=self.layout,
            odds_format=self.prices,
            on_bytes=on_bytes,
            limits=self.limits,
        )


@dataclass(frozen=True)
class _Run:
    """The files, each with the name of its source, and how to read them."""

    inputs: dict[Path, str | None]
    form: _Form
    batch_rows: int

    def file_by_file(self, engine: Engine) -> LoadReport:
        """Each batch of each file is a transaction."""
        total = LoadReport()
        for path in self.inputs:
            report = self._file(path, engine, strict=False)
            self._print(path, report)
            total.add(report)
        return total

    def strictly(self, engine: Engine) -> LoadReport:
        """All files are one transaction."""
        try:
            with (
                connect(engine) as connection,
                connection.begin(),
                cancel_on_interrupt(connection),
            ):
                reports = {path: self._file(path, connection, strict=True) for path in self.inputs}
        except (LoadFailed, KeyboardInterrupt) as error:
            self._log(engine, error)
            raise
        total = LoadReport()
        for path, report in reports.items():
            self._print(path, report)
            total.add(report)
        return total

    def _log(self, engine: Engine, error: BaseException) -> None:
        """Beside the transaction, which is undone; where the server is gone, the error says so."""
        with suppress(DatabaseUnreachable, DBAPIError):
            files = [path.name for path in self.inputs]
            log_failure(engine, error, self.form.source, {"files": files})

    def _file(self, path: Path, into: Engine | Connection, *, strict: bool) -> LoadReport:
        size = path.stat().st_size or None
        with progress(path.name) as shown:
            records = self.form.read(
                path, lambda count: shown.update(in_words(count, "bytes"), count, size)
            )
            return ingest(
                into,
                records,
                batch_rows=self.batch_rows,
                strict=strict,
                progress=_problems_to(shown),
                source=self.inputs[path],
                details={"file": path.name},
            )

    def _print(self, path: Path, report: LoadReport) -> None:
        called = f" ({self.inputs[path]})" if self.inputs[path] else ""
        echo(f"{printable(path.name, LONGEST_VALUE)}{called}: {report}")


def _problems_to(shown: Shown) -> Callable[[LoadReport], None]:
    """Print malformed records as they are found."""
    printed = 0

    def show(report: LoadReport) -> None:
        nonlocal printed
        for problem in report.malformed[printed:]:
            shown.say(str(problem))
        printed = len(report.malformed)

    return show
