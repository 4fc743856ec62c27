"""Whether free space left in the pages of lines pays.

Each response of the package's sample is loaded and promoted alone, as a feed comes: a new line
ends the one before it, and a quote that repeats moves ``last_seen_at``. An update that finds
room in its page, and changes no column of an index, writes no index (``HOT``). In a database of
its own, which is dropped again.
"""

from __future__ import annotations

import gzip
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, Engine, text

from mlb_perf import sql
from mlb_perf.bench.database import own_database, upgrade
from mlb_perf.bench.document import Found, TextTable
from mlb_perf.bench.measure import storage
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.formatting import mb
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.promote.session import APPLICATION
from mlb_perf.pipeline.sample import ODDS
from mlb_perf.progress import Say, silent

TABLE = "curated.betting_lines_unified"
FILLS = (100, 90, 80)
DATABASE = "mlb_perf_bench_fillfactor"

_PROMOTING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :name"
).bindparams(name=APPLICATION)
_END_SECONDS = 10.0
_WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
_COLUMNS = [
    "fillfactor", "inserted", "updated", "of them HOT", "heap", "indexes", "WAL", "promotion, s",
]  # fmt: skip


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

    def row(self) -> list[str]:
        return [
            str(self.fill), f"{self.inserted:,}", f"{self.updated:,}",
            f"{self.hot / self.updated:.0%}", mb(self.heap), mb(self.indexes), mb(self.wal),
            f"{self.seconds:.1f}",
        ]  # fmt: skip


def measure(
    server: URL,
    say: Say = silent,
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of all fillfactors.")] = 2,
) -> Found:
    """Updates in place, bytes and WAL of the lines' table by fillfactor."""
    found = []
    for fill in FILLS * rounds:
        with own_database(server, DATABASE) as url:
            upgrade(url, "head")
            found.append(filled(migration_engine(url, {"timezone": "UTC"}), fill))
        say(f"fillfactor {fill}: {found[-1].hot / found[-1].updated:.0%} of updates are HOT")
    figures = {f"HOT share at {one.fill}": one.hot / one.updated for one in found}
    return Found([TextTable(_COLUMNS, [one.row() for one in found], 0)], figures=figures)


def filled(engine: Engine, fill: int, responses: int | None = None) -> Filled:
    """Load and promote the sample, response by response, into an empty database at head.

    Of the sample its first ``responses``, or all of it.
    """
    with connect(engine) as connection, connection.begin():
        connection.exec_driver_sql(f"ALTER TABLE {TABLE} SET (fillfactor = {fill})")
    with connect(engine) as connection:
        wal_before = connection.execute(text(_WAL)).scalar_one()
    seconds = sum(_promoted(engine, file) for file in islice(_responses(), responses))
    with connect(engine) as connection:
        wal = connection.execute(text(_WAL)).scalar_one() - wal_before
        _wait_for_counts(connection)
        counts = connection.execute(text(sql.read("bench/updates.sql")), {"table": TABLE}).one()
        (size,) = (s for s in storage.measure(connection, ["curated"]) if s.table == TABLE)
    inserted, updated, hot = (int(value) for value in counts)
    return Filled(fill, inserted, updated, hot, size.heap, size.indexes, wal, seconds)


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
    return ms_of(partial(promote, engine.url, workers=1)) / 1000
