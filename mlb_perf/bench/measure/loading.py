"""How fast the pipeline loads, beside a bare COPY of the same bytes, and how fast it promotes.

``mlb-perf bench load`` makes a database of its own on the server that is in use,
and drops it again. The feed is the package's sample over and over, each time a few weeks later
under other ids. Rounds alternate, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, Engine, text

from mlb_perf import sql
from mlb_perf.bench.database import own_database, upgrade
from mlb_perf.bench.report import measured
from mlb_perf.bench.report.measured import on_what, server_version
from mlb_perf.bench.tools.machine import machine
from mlb_perf.engine import connect, driver, migration_engine
from mlb_perf.migrate.config import target
from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.load.encoding import encode
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.records import RawRecord
from mlb_perf.pipeline.sample import ODDS

TABLE = "odds_api_odds"
WORKERS = (1, 2)
DATABASE = "mlb_perf_bench_loading"


_WEEKS_BETWEEN = 2
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T)")
_ID = re.compile(r'(?<="id":")[0-9a-f]{4}')

_MAKE_BARE = f"CREATE TABLE public.bare (LIKE raw_data.{TABLE} INCLUDING DEFAULTS)"
_COPY = (
    "COPY public.bare (external_game_id, sportsbook_key, collected_at, payload, origin) FROM STDIN"
)
_EMPTY_RAW = f"TRUNCATE raw_data.{TABLE}, public.bare"
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


@dataclass(frozen=True)
class Figure:
    """The rates of one way of doing it, a second, round by round; ``unit`` is what is counted."""

    name: str
    unit: str
    rates: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.rates)


@dataclass(frozen=True)
class Feed:
    """A file of responses, and its rows as COPY's text without the loader's own column."""

    path: Path
    rows: int
    copy_text: bytes


def feed(folder: Path, copies: int) -> Feed:
    """The sample ``copies`` times, as a file below ``folder``."""
    path = folder / "odds.jsonl"
    with gzip.open(ODDS, "rt") as sample:
        lines = sample.readlines()
    with path.open("w") as file:
        for number in range(copies):
            file.writelines(_later(line, number) for line in lines)
    records = [item for item in read_file(path) if isinstance(item, RawRecord)]
    encoded = encode(records, copy.statements(TABLE).key_texts)
    return Feed(path, len(encoded.order), encoded.data)


def _later(line: str, number: int) -> str:
    days = dt.timedelta(weeks=_WEEKS_BETWEEN * number)
    moved = _DAY.sub(lambda day: str(dt.date.fromisoformat(day[0]) + days), line)
    return _ID.sub(f"{number:04x}", moved)


def loading(engine: Engine, fed: Feed, rounds: int) -> list[Figure]:
    """Rows a second of a bare COPY into a table without indexes, and of a load by 1 and 2 writers.

    The load is all of it: reading, parsing, checking, COPY, INSERT and COMMIT.
    """
    bare = Figure("bare COPY", "rows")
    loads = {writers: Figure(f"load, writers: {writers}", "rows") for writers in WORKERS}
    with connect(engine) as connection:
        _run(connection, _MAKE_BARE)
        for _ in range(rounds):
            _run(connection, _EMPTY_RAW)
            bare.rates.append(fed.rows / _timed(partial(_copy, connection, fed.copy_text)))
            for writers, figure in loads.items():
                _run(connection, _EMPTY_RAW)
                figure.rates.append(fed.rows / _timed(partial(_load, engine, fed, writers)))
        _run(connection, "DROP TABLE public.bare")
    return [bare, *loads.values()]


def promotion(engine: Engine, fed: Feed, rounds: int) -> list[Figure]:
    """Quotes a second from raw rows to curated tables, by 1 and 2 workers."""
    figures = {workers: Figure(f"promote, workers: {workers}", "quotes") for workers in WORKERS}
    for _ in range(rounds):
        for workers, figure in figures.items():
            with connect(engine) as connection:
                _run(connection, _EMPTY_ALL)
            _load(engine, fed, 2)
            report = promote(engine.url, workers=workers)
            figure.rates.append(report.quotes / report.seconds)
    return list(figures.values())


def measure(engine: Engine, *, copies: int = 6, rounds: int = 5) -> list[Figure]:
    """All of it, on an empty database at head, which is empty again afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        fed = feed(Path(folder), copies)
        figures = [*loading(engine, fed, rounds), *promotion(engine, fed, rounds)]
    with connect(engine) as connection:
        _run(connection, _EMPTY_ALL)
    return figures


def lines(figures: list[Figure]) -> Iterator[str]:
    """A line a figure; loads with their share of the bare COPY's rate in the same round."""
    bare = figures[0]
    for figure in figures:
        line = f"{figure.name:<20} {figure.median:>10,.0f} {figure.unit} a second"
        if figure.unit == bare.unit:
            shares = [rate / of for rate, of in zip(figure.rates, bare.rates, strict=True)]
            line += f"  {statistics.median(shares):>6.0%} of the bare COPY"
        yield f"{line}  ({min(figure.rates):,.0f} to {max(figure.rates):,.0f})"


def _load(engine: Engine, fed: Feed, writers: int) -> None:
    report = ingest(engine, read_file(fed.path), writers=writers)
    assert report.loaded == fed.rows, report


def _copy(connection: Connection, data: bytes) -> None:
    with driver(connection).cursor() as cursor:
        cursor.copy_expert(_COPY, io.BytesIO(data), size=len(data))
    connection.commit()


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _run(connection: Connection, statements: str) -> None:
    connection.execute(text(statements))
    connection.commit()


def _secondary_indexes_dropped(connection: Connection) -> None:
    """Leave keys, and what promotion looks rows up by: hot rows, and staging by game."""
    found = connection.execute(text(sql.read("catalog/secondary_indexes.sql"))).scalars().all()
    _run(connection, "; ".join([*(f"DROP INDEX {name}" for name in found), *_NEEDED]))


def main(
    copies: Annotated[int, typer.Option(min=1, help="How often the sample is taken.")] = 6,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each way.")] = 5,
    bare_keys: Annotated[
        bool, typer.Option("--bare-keys", help="Without the secondary indexes of these tables.")
    ] = False,
    docs: Annotated[Path | None, typer.Option(help="The page whose block is written anew.")] = None,
) -> None:
    """Measure loading and promotion in a database of its own, which is dropped again."""
    load = machine()["load"]
    with own_database(target().connect_url(), DATABASE) as url:
        upgrade(url, "head")
        engine = migration_engine(url, {"timezone": "UTC"})
        if bare_keys:
            with connect(engine) as connection:
                _secondary_indexes_dropped(connection)
        told = list(lines(measure(engine, copies=copies, rounds=rounds)))
        version = server_version(engine)
    typer.echo("\n".join(told))
    command = f"python -m mlb_perf.bench.measure.loading --copies {copies} --rounds {rounds}"
    command += " --bare-keys" if bare_keys else ""
    measured.fill(docs, "loading", measured.verbatim(on_what(version, load, command), told))


if __name__ == "__main__":
    typer.run(main)
