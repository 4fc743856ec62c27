"""How fast a data set is made, and how large it is.

Into a database of its own at the baseline, and into one at the newest revision, whose
secondary indexes are there from the start: with indexes built at the end, the baseline would
be measured in a state that no application leaves it in. Each database is dropped at the end.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from mlb_perf.bench.database import BASELINE, engine_of, own_database, upgrade
from mlb_perf.bench.measure import sizes
from mlb_perf.bench.report import measured
from mlb_perf.bench.report.measured import on_what, server_version
from mlb_perf.bench.tools.machine import machine
from mlb_perf.dataset import generate
from mlb_perf.engine import connect
from mlb_perf.migrate.config import target

DATABASE = "mlb_perf_bench_generating"
TOLD = 6
"""Tables that have a line of their own: the largest."""


def measure(scale: float, workers: int, revision: str = BASELINE) -> list[str]:
    """The lines of the page: the rate at a revision, then the largest tables."""
    with own_database(target().connect_url(), DATABASE) as url:
        upgrade(url, revision)
        begun = time.perf_counter()
        generate(url, scale, 1, workers=workers)
        seconds = time.perf_counter() - begun
        with connect(engine_of(url)) as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            return _told(connection, seconds)


def _told(connection: Connection, seconds: float) -> list[str]:
    found = sizes.measure(connection)
    raw = sum(size.rows for size in found if size.table.startswith("raw_data."))
    rows, size = sum(size.rows for size in found), sum(size.total for size in found)
    return [
        (
            f"{raw:,} raw rows and {rows - raw:,} of the other tiers in {seconds:.0f} s: "
            f"{raw / seconds:,.0f} raw rows and {rows / seconds:,.0f} rows a second"
        ),
        f"{'table':<36}{'rows':>12}{'MB':>10}{'of that indexes':>17}",
        *(_line(one.table, one.rows, one.total, one.indexes) for one in found[:TOLD]),
        _line("all", rows, size, sum(one.indexes for one in found)),
    ]


def _line(name: str, rows: int, size: int, indexes: int) -> str:
    return f"{name:<36}{rows:>12,}{size / 2**20:>10,.0f}{indexes / 2**20:>17,.0f}"


def main(
    scale: Annotated[float, typer.Option(help="Seasons.")] = 1.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that write.")] = 2,
    docs: Annotated[Path | None, typer.Option(help="The page whose block is written anew.")] = None,
) -> None:
    """Generate, measure and print."""
    load, lines = machine()["load"], []
    for name, revision in (("the baseline", BASELINE), ("the newest revision", "head")):
        lines += [f"at {name}:", *measure(scale, workers, revision), ""]
    typer.echo("\n".join(lines))
    command = (
        f"python -m mlb_perf.bench.measure.dataset_speed --scale {scale:g} --workers {workers}"
    )
    version = server_version(engine_of(target().connect_url()))
    sentence = on_what(version, load, command)
    measured.fill(docs, "generating", measured.verbatim(sentence, lines[:-1]))


if __name__ == "__main__":
    typer.run(main)
