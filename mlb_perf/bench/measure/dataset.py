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

from mlb_perf.bench.database import SEEDED_BASELINE, engine_of, own_database
from mlb_perf.bench.document import TableSize
from mlb_perf.bench.found import Found, Goal, TextTable
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
    found = Found(figures={UNEXPLAINED: 0.0}, goals=[Goal(UNEXPLAINED, most=0)])
    for side, revision in _SIDES.items():
        say(f"generate at {side}, scale {scale:g}")
        with own_database(server, DATABASE, revision=revision) as url:
            report = generate(url, scale, 1, workers=workers)
            with connect(engine_of(url)) as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
                _add(found, side, report, storage.measure(connection))
    return found


def _add(found: Found, side: str, report: DatasetReport, sizes: Sequence[TableSize]) -> None:
    """A table, a line and the figures of one side."""
    rows = sum(size.rows for size in sizes)
    raw = sum(size.rows for size in sizes if size.table.startswith("raw_data."))
    rates = raw / report.seconds, rows / report.seconds
    found.figures[UNEXPLAINED] += abs(raw - report.raw_rows)
    found.figures[f"raw rows a second, {side}"], found.figures[f"rows a second, {side}"] = rates
    found.lines.append(
        f"at {side}: {raw:,} raw rows and {rows - raw:,} of the other tiers in "
        f"{report.seconds:.0f} s: {rates[0]:,.0f} raw rows and {rates[1]:,.0f} rows a second"
    )
    shown = [*((one.table, [one]) for one in sizes[:LARGEST]), ("all", sizes)]
    found.tables.append(TextTable.of(_row(side, name, ones) for name, ones in shown))


def _row(side: str, name: str, sizes: Sequence[TableSize]) -> dict[str, str]:
    return {
        f"at {side}": name,
        "rows": f"{sum(size.rows for size in sizes):,}",
        "MB": f"{sum(size.total for size in sizes) / MB:,.0f}",
        "MB of indexes": f"{sum(size.indexes for size in sizes) / MB:,.0f}",
    }
