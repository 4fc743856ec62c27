"""How fast a data set is generated, and how large it is.

Into a database of its own at the baseline, and into one at the newest revision. The secondary
indexes are there from the start: built at the end, the baseline would be measured in a state in
which no application leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import URL

from mlb_perf.bench.database import SEEDED_BASELINE, engine_of, own_database, upgrade
from mlb_perf.bench.document import Found, Goal, TableSize, TextTable
from mlb_perf.bench.measure import storage
from mlb_perf.dataset import DatasetReport, generate
from mlb_perf.engine import connect
from mlb_perf.formatting import MB
from mlb_perf.progress import Say, silent

DATABASE = "mlb_perf_bench_dataset"
LARGEST = 6
"""Tables that have a row of their own."""
UNEXPLAINED = "raw rows missing or too many"
"""The figure of rows that are counted in the tables and were not generated, or the reverse."""
_SIDES = {"the baseline": SEEDED_BASELINE, "the newest revision": "head"}


def measure(
    server: URL,
    say: Say = silent,
    *,
    scale: Annotated[float, typer.Option(help="Seasons.")] = 1.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that write.")] = 2,
) -> Found:
    """Size of a generated data set, and rows generated a second."""
    tables, lines = [], []
    figures = {UNEXPLAINED: 0.0}
    for name, revision in _SIDES.items():
        say(f"generate at {name}, scale {scale:g}")
        report, sizes = generated(server, scale, workers, revision)
        line, found = summed_up(report, sizes)
        lines.append(f"at {name}: {line}")
        figures[UNEXPLAINED] += found.pop(UNEXPLAINED)
        figures |= {f"{what}, {name}": figure for what, figure in found.items()}
        tables.append(_table(name, sizes))
    return Found(tables, lines, figures, [Goal(UNEXPLAINED, most=0)])


def generated(
    server: URL, scale: float, workers: int, revision: str
) -> tuple[DatasetReport, list[TableSize]]:
    """The report of the generator, and the tables as they are counted afterwards."""
    with own_database(server, DATABASE) as url:
        upgrade(url, revision)
        report = generate(url, scale, 1, workers=workers)
        with connect(engine_of(url)) as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            return report, storage.measure(connection)


def summed_up(report: DatasetReport, sizes: Sequence[TableSize]) -> tuple[str, dict[str, float]]:
    """Rows and rates as a line and as figures."""
    raw = sum(size.rows for size in sizes if size.table.startswith("raw_data."))
    rows = sum(size.rows for size in sizes)
    figures = {
        "raw rows a second": raw / report.seconds,
        "rows a second": rows / report.seconds,
        UNEXPLAINED: float(abs(raw - report.raw_rows)),
    }
    line = (
        f"{raw:,} raw rows and {rows - raw:,} of the other tiers in {report.seconds:.0f} s: "
        f"{figures['raw rows a second']:,.0f} raw rows and {figures['rows a second']:,.0f} rows a "
        "second"
    )
    return line, figures


def _table(side: str, sizes: Sequence[TableSize]) -> TextTable:
    total = [sum(s.rows for s in sizes), sum(s.total for s in sizes), sum(s.indexes for s in sizes)]
    rows = [_row(one.table, one.rows, one.total, one.indexes) for one in sizes[:LARGEST]]
    columns = [f"at {side}", "rows", "MB", "MB of indexes"]
    return TextTable(columns, [*rows, _row("all", *total)])


def _row(name: str, rows: int, size: int, indexes: int) -> list[str]:
    return [name, f"{rows:,}", f"{size / MB:,.0f}", f"{indexes / MB:,.0f}"]
