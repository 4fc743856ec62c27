"""Whether room left in the pages of lines pays: ``python -m mlb_perf.bench.measure.fillfactor``.

Each response of the package's sample is loaded and promoted by itself, as a feed comes:
a new line ends the one before it, and a quote that repeats moves ``last_seen_at``. An
update that finds room in its page, and moves no column of an index, writes no index
(``HOT``). In a database of its own, which is dropped again.
"""

from __future__ import annotations

import gzip
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, Engine, text

from mlb_perf import sql
from mlb_perf.bench.database import own_database, upgrade
from mlb_perf.bench.report import measured
from mlb_perf.bench.report.measured import on_what, server_version
from mlb_perf.bench.tools.machine import machine
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.migrate.config import target
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.promote.session import APPLICATION
from mlb_perf.pipeline.sample import ODDS

TABLE = "curated.betting_lines_unified"
FILLS = (100, 90, 80)
DATABASE = "mlb_perf_bench_fill"

_LEAVES = "SELECT relid::regclass::text FROM pg_partition_tree(:table) WHERE isleaf"
_PROMOTING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :name"
).bindparams(name=APPLICATION)
_END_SECONDS = 10.0
_WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"


@dataclass(frozen=True)
class Filled:
    """What the sample cost at one fillfactor: rows, bytes, and seconds of promotion alone."""

    fill: int
    inserted: int
    updated: int
    hot: int
    heap: int
    indexes: int
    wal: int
    seconds: float

    def line(self) -> str:
        return (
            f"fillfactor {self.fill:>3}: {self.inserted:,} inserted, {self.updated:,} updated, "
            f"{self.hot / self.updated:.0%} of them HOT; heap {self.heap / 1e6:.1f} MB, "
            f"indexes {self.indexes / 1e6:.1f} MB, WAL {self.wal / 1e6:.1f} MB, "
            f"promotion {self.seconds:.1f} s"
        )


def measure(engine: Engine, fill: int, responses: int | None = None) -> Filled:
    """Load and promote the sample, response by response, into an empty database at head.

    Of the sample its first ``responses``, or all of it.
    """
    with connect(engine) as connection, connection.begin():
        for leaf in connection.scalars(text(_LEAVES), {"table": TABLE}).all():
            connection.exec_driver_sql(f"ALTER TABLE {leaf} SET (fillfactor = {fill})")
    with connect(engine) as connection:
        wal_before = connection.execute(text(_WAL)).scalar_one()
    seconds = sum(_promoted(engine, file) for file in islice(_responses(), responses))
    with connect(engine) as connection:
        wal = connection.execute(text(_WAL)).scalar_one() - wal_before
        _wait_for_counts(connection)
        found = connection.execute(text(sql.read("bench/updates.sql")), {"table": TABLE}).one()
    inserted, updated, hot, heap, indexes = (int(value) for value in found)
    return Filled(fill, inserted, updated, hot, heap, indexes, wal, seconds)


def _wait_for_counts(connection: Connection) -> None:
    """A session hands its counts in as it ends, which is after its client has gone."""
    deadline = time.monotonic() + _END_SECONDS
    while connection.scalar(_PROMOTING):
        connection.rollback()  # pg_stat_activity stays as it is for the length of a transaction
        if time.monotonic() >= deadline:
            raise BenchmarkFailed(
                f"a session of the promotion has not ended in {_END_SECONDS:g} s; run again"
            )
        time.sleep(0.02)
    connection.rollback()


def _responses() -> Iterator[Path]:
    with gzip.open(ODDS, "rt") as sample, tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "odds.jsonl")
        for line in sample:
            file.write_text(line)
            yield file


def _promoted(engine: Engine, file: Path) -> float:
    """Seconds that the promotion of one file took."""
    ingest(engine, read_file(file), writers=1)
    begun = time.perf_counter()
    promote(engine.url, workers=1)
    return time.perf_counter() - begun


def main(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of all fillfactors.")] = 2,
    docs: Annotated[Path | None, typer.Option(help="The page whose block is written anew.")] = None,
) -> None:
    """Measure each fillfactor in turn, and print a line for each."""
    load, server, lines = machine()["load"], target().connect_url(), []
    for fill in FILLS * rounds:
        with own_database(server, DATABASE) as url:
            upgrade(url, "head")
            engine = migration_engine(url, {"timezone": "UTC"})
            lines.append(measure(engine, fill).line())
            version = server_version(engine)
        typer.echo(lines[-1])
    command = f"python -m mlb_perf.bench.measure.fillfactor --rounds {rounds}"
    measured.fill(docs, "fill", measured.verbatim(on_what(version, load, command), lines))


if __name__ == "__main__":
    typer.run(main)
