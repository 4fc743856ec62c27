"""A result on the terminal: what met its target, and the tables."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from mlb_perf.bench.document import Document, TextTable
from mlb_perf.bench.judge.targets import verdicts
from mlb_perf.bench.report import stall_table, tables

_NARROW = {"category", "pages", "after p99", "before p95"}


def show(document: Document, console: Console) -> None:
    """Print the tables of what was measured, and what met its target; plain text if piped."""
    for title, table in (
        ("Questions", _without(tables.latency(document), _NARROW)),
        ("Loading", tables.ingest(document)),
        ("Many clients", tables.concurrency(document)),
        ("Bytes", _without(tables.storage(document), {"heap", "TOAST", "partitions"})),
        ("While the schema changes", stall_table.stall(document)),
        ("Rebuilt tables", stall_table.rebuilds(document)),
        ("Growth", _without(tables.growing(document), {"why"})),
    ):
        if table.rows:
            console.print(_shown(title, table))
    for one in document.measurements:
        console.print(f"{one.title}\n{one.measured_on}", highlight=False, markup=False)
        for table in one.tables:
            console.print(_shown("", table))
        for line in one.lines:
            console.print(line, highlight=False, markup=False)
    for label, why in ((run.label, run.left_out) for run in document.runs):
        for name, reason in why.items():
            console.print(f"{label}: {name} was left out: {reason}", highlight=False)
    found = verdicts(document)
    met = sum(verdict.met is True for verdict in found)
    console.print(f"{met} of {len(found)} targets met", highlight=False)
    for verdict in found:
        if verdict.met is not True:
            word = "not measured" if verdict.met is None else "not met"
            console.print(
                f"{word}: {verdict.part}, {verdict.name}: {verdict.wanted}; it is {verdict.got}",
                highlight=False,
            )


def _shown(title: str, table: TextTable) -> Table:
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(table.columns):
        shown.add_column(column, justify="left" if number < table.words else "right")
    for row in table.rows:
        shown.add_row(*row)
    return shown


def _without(table: TextTable, left_out: set[str]) -> TextTable:
    kept = [n for n, column in enumerate(table.columns) if column not in left_out]
    rows = [[row[n] for n in kept] for row in table.rows]
    return TextTable([table.columns[n] for n in kept], rows, sum(n < table.words for n in kept))
