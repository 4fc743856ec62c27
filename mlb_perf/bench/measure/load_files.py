"""How fast the pipeline loads files, beside a bare COPY of their bytes, and how fast it promotes.

In a database of its own, which is dropped again. The feed is the package's sample over and over,
each time some weeks earlier under other ids, so that no record is of the future. The ways
alternate, so that other work on the machine slows all of them down alike.
"""

from __future__ import annotations

import datetime as dt
import gzip
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, Engine, text

from mlb_perf import sql
from mlb_perf.bench.database import own_database
from mlb_perf.bench.found import Found, TextTable
from mlb_perf.bench.measure.bare_copy import BARE, TABLE, copy_bytes, copy_into, make_bare
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.formatting import plural
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.records import RawRecord
from mlb_perf.pipeline.sample import ODDS
from mlb_perf.progress import Say, silent

DATABASE = "mlb_perf_bench_load"
WORKERS = (1, 2)
BARE_COPY = "bare COPY"

_WEEKS_BETWEEN = 2
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T)")
_ID = re.compile(r'(?<="id":")[0-9a-f]{4}')
_EMPTY_RAW = f"TRUNCATE raw_data.{TABLE}, {BARE}"
_EMPTY_ALL = (
    f"TRUNCATE raw_data.{TABLE}, staging.games, staging.betting_odds_unified,"
    " staging.curation_queue, staging.rejected_records, curated.game_id_mappings,"
    " operational.pipeline_execution_log, operational.data_quality_metrics;"
    " TRUNCATE curated.enhanced_games CASCADE"
)
_NEEDED = (
    f"CREATE INDEX ON raw_data.{TABLE} (collected_at) WHERE processed_at IS NULL",
    "CREATE INDEX ON staging.betting_odds_unified (game_id)",
    "CREATE INDEX ON staging.betting_splits (game_id)",
    "CREATE INDEX ON staging.games (game_id)",
)

Rates = dict[str, list[float]]
"""Rows or quotes a second by way, round by round."""


@dataclass(frozen=True)
class Feed:
    """A file of responses, and its rows as COPY's text without the loader's own column."""

    path: Path
    rows: int
    copy_text: bytes


def measure(
    server: URL,
    say: Say = silent,
    *,
    copies: Annotated[int, typer.Option(min=1, help="How often the sample is repeated.")] = 6,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each way.")] = 5,
    bare_keys: Annotated[
        bool, typer.Option("--bare-keys", help="Without the secondary indexes of these tables.")
    ] = False,
) -> Found:
    """Load and promotion of files, beside a bare COPY of the same bytes."""
    with (
        own_database(server, DATABASE, revision="head") as url,
        tempfile.TemporaryDirectory() as folder,
        connect(migration_engine(url, {"timezone": "UTC"})) as connection,
    ):
        fed = feed(Path(folder), copies)
        if bare_keys:
            _drop_secondary_indexes(connection)
        say(f"load, {fed.rows:,} rows, {plural(rounds, 'round')}")
        loads = _loads(connection, fed, rounds)
        say(f"promote, {plural(rounds, 'round')}")
        return _found(fed, loads, promotions(connection, fed, rounds))


def feed(folder: Path, copies: int) -> Feed:
    """The sample ``copies`` times, as a file below ``folder``."""
    path = folder / "odds.jsonl"
    with gzip.open(ODDS, "rt") as sample:
        lines = sample.readlines()
    path.write_text("".join(_earlier(line, n) for n in range(copies) for line in lines))
    data = copy_bytes([item for item in read_file(path) if isinstance(item, RawRecord)])
    return Feed(path, data.count(b"\n"), data)


def _earlier(line: str, number: int) -> str:
    days = dt.timedelta(weeks=_WEEKS_BETWEEN * number)
    moved = _DAY.sub(lambda day: str(dt.date.fromisoformat(day[0]) - days), line)
    return _ID.sub(f"{number:04x}", moved)


def _loads(connection: Connection, fed: Feed, rounds: int) -> Rates:
    """A load is all of it: reading, parsing, checking, COPY, INSERT and COMMIT."""
    make_bare(connection)
    ways = {BARE_COPY: partial(_copy, connection, fed.copy_text)} | {
        f"load, writers: {n}": partial(_load, connection.engine, fed, n) for n in WORKERS
    }
    rates: Rates = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            _run(connection, _EMPTY_RAW)
            rates[name].append(fed.rows / ms_of(way) * 1000)
    return rates


def promotions(
    connection: Connection, fed: Feed, rounds: int, by: Sequence[int] = WORKERS
) -> Rates:
    """Quotes a second from raw rows to curated tables, by each number of workers."""
    rates: Rates = {f"promote, workers: {workers}": [] for workers in by}
    for _ in range(rounds):
        for workers, found in zip(by, rates.values(), strict=True):
            _run(connection, _EMPTY_ALL)
            _load(connection.engine, fed, 2)
            report = promote(connection.engine.url, workers=workers)
            found.append(report.quotes / report.seconds)
    return rates


def _found(fed: Feed, loads: Rates, promoted: Rates) -> Found:
    """A row a way; loads with their share of the bare COPY's rate in the same round."""
    rows = []
    for name, rates in (loads | promoted).items():
        shares = [rate / of for rate, of in zip(rates, loads[BARE_COPY], strict=True)]
        rows.append({
            "way": name,
            "unit": "rows" if name in loads else "quotes",
            "a second, median": f"{median(rates):,.0f}",
            "slowest": f"{min(rates):,.0f}",
            "fastest": f"{max(rates):,.0f}",
            "of the bare COPY": f"{median(shares):.0%}" if name in loads else "",
        })  # fmt: skip
    figures = {name: median(rates) for name, rates in (loads | promoted).items()}
    return Found([TextTable.of(rows, 2)], [f"{fed.rows:,} rows a load"], figures)


def _load(engine: Engine, fed: Feed, writers: int) -> None:
    report = ingest(engine, read_file(fed.path), writers=writers)
    if report.loaded != fed.rows:
        raise BenchmarkFailed(
            f"{report.loaded:,} of {fed.rows:,} rows were loaded, so the rate would be wrong; "
            "mlb-perf load of the package's sample says which are refused"
        )


def _copy(connection: Connection, data: bytes) -> None:
    copy_into(connection, BARE, data)
    connection.commit()


def _run(connection: Connection, statements: str) -> None:
    connection.execute(text(statements))
    connection.commit()


def _drop_secondary_indexes(connection: Connection) -> None:
    """Leave keys, and the indexes that promotion needs: hot rows, and staging by game."""
    found = connection.execute(text(sql.read("catalog/secondary_indexes.sql"))).scalars().all()
    _run(connection, "; ".join([*(f"DROP INDEX {name}" for name in found), *_NEEDED]))
