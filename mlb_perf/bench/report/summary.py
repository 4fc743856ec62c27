"""The report on a terminal: the result and the tables of each section, in fewer columns."""

from __future__ import annotations

from functools import partial

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mlb_perf.bench.document import Document
from mlb_perf.bench.found import TextTable
from mlb_perf.bench.report.overview import overview
from mlb_perf.bench.report.section import sections

_WIDE = {
    "category", "pages", "before pages", "after p99", "before p95", "probe",
    "heap", "TOAST", "partitions", "why",
}  # fmt: skip
_LEFT_OUT = "conditions"


def show(document: Document, console: Console) -> None:
    """Print what was measured; plain text if piped."""
    # Names and errors from a database may look like Rich's markup.
    say = partial(console.print, highlight=False, markup=False)
    for section in sections(document):
        if section.is_measured and section.name != _LEFT_OUT:
            say("\n" + "\n".join(filter(None, [section.title, section.result])))
            for table in section.tables:
                if table.rows:
                    say(_shown(table))
            for line in section.lines:
                say(line)
    first = overview(document)
    for table in (first.table, first.against):
        if table.rows:
            say("")
            say(_shown(table))
    say("\n" + " ".join(filter(None, [*first.sentences, first.warning.replace("`", "")])))


def _shown(table: TextTable) -> Table:
    kept = [n for n, column in enumerate(table.columns) if n == 0 or column not in _WIDE]
    shown = Table(box=None, pad_edge=False)
    for number in kept:
        name = Text(table.columns[number])
        shown.add_column(name, justify="left" if number < table.words else "right")
    for row in table.rows:
        shown.add_row(*(Text(row[number]) for number in kept))
    return shown
