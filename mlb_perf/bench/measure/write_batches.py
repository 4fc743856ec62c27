"""How fast batches of raw rows go in, each beside a bare COPY of the same bytes.

The rows are the newest of the data set under new game ids, so that payloads, months and
skew are those of the feed. A batch is a transaction, on a table with all its indexes; the
bare COPY before it goes into a table without any. Ways to write:

- ``load``: what ``mlb-perf load`` does with new rows: a COPY within a savepoint, encoding
  included, and a commit that does not wait for the disk;
- ``copy``: COPY straight into the table;
- ``insert``: one INSERT with all rows;
- ``orm``: SQLAlchemy's bulk insert of mapped rows.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from msgspec.structs import replace
from psycopg2.extras import execute_values
from sqlalchemy import URL, Connection, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mlb_perf import sql
from mlb_perf.bench.document import Case
from mlb_perf.bench.measure.bare_copy import (
    BARE,
    COLUMNS,
    NAMES,
    TABLE,
    copy_bytes,
    copy_into,
    make_bare,
)
from mlb_perf.bench.tools.timing import meanwhile, ms_of
from mlb_perf.engine import connect, driver, migration_engine
from mlb_perf.errors import BenchmarkFailed, MlbPerfError
from mlb_perf.models import OddsApiOdds
from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.promote.session import APPLICATION
from mlb_perf.pipeline.records import RawRecord
from mlb_perf.progress import Say, silent

TARGET_MS = 50.0
"""For a batch of 1,000 rows at p95."""
_JUDGED = ("load/1000", "copy/1000")

_TERMINATE = text(
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :name"
).bindparams(name=APPLICATION)

Records = Sequence[RawRecord]


@dataclass(frozen=True)
class Effort:
    """Batches by rows a batch; ``promoting``: rows a batch while promotion runs."""

    batches: tuple[tuple[int, int], ...] = ((100, 100), (1_000, 60), (10_000, 10))
    promoting: tuple[tuple[int, int], ...] = ((1_000, 40),)


QUICK = Effort(batches=((100, 10), (1_000, 8)), promoting=((1_000, 5),))


def measure(url: URL, effort: Effort | None = None, say: Say = silent) -> list[Case]:
    """Time to write a batch of raw rows beside a bare COPY of the same bytes.

    A case for each way and size of batch, on a database that may be changed at will.
    """
    effort = effort or Effort()
    stretches = [(*each, "") for each in effort.batches]
    stretches += [(*each, " while promoting") for each in effort.promoting]
    endings = (f"~{number}" for number in itertools.count())
    cases = []
    with connect(migration_engine(url, {"timezone": "UTC"})) as connection:
        source = _newest(connection, max(rows for rows, *_ in stretches))
        make_bare(connection)
        for rows, batches, when in stretches:
            say(f"ingest, batches of {rows:,}{when}")
            with _promotion(url) if when else nullcontext():
                cases += _by_turns(connection, source, rows, batches, endings, when)
    return cases


def _newest(connection: Connection, count: int) -> list[RawRecord]:
    """The newest rows of the feed; some of them again if there are fewer than ``count``."""
    found = connection.execute(text(sql.read("bench/newest_raw.sql")), {"count": count}).all()
    if not found:
        raise BenchmarkFailed(
            f"raw_data.{TABLE} has no rows to take payloads from; take a larger --scale"
        )
    turns = ((turn, row) for turn in itertools.count() for row in found)
    return [
        RawRecord(
            TABLE, f"{row.game}.{turn}", row.collected_at, row.payload, row.origin or "bench",
            row.book,
        )
        for turn, row in itertools.islice(turns, count)
    ]  # fmt: skip


def _by_turns(
    connection: Connection, source: Records, rows: int, batches: int, endings: Iterator[str],
    when: str,
) -> list[Case]:  # fmt: skip
    """All ways by turns, each batch after a bare COPY of its bytes; the first turn warms up."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    bare: dict[str, list[float]] = {way: [] for way in WAYS}
    starts = itertools.cycle(range(0, len(source) - rows + 1, rows))
    for turn, start in zip(range(batches + 1), starts, strict=False):
        for name, way in WAYS.items():
            batch = _renamed(source[start : start + rows], next(endings))
            data, prepared = copy_bytes(batch), way.prepare(batch)
            reference = _timed(connection, partial(copy_into, connection, BARE, data))
            took = _timed(connection, partial(way.write, connection, prepared))
            if turn:
                bare[name].append(round(reference, 4))
                times[name].append(round(took, 4))
    return [_case(f"{way}/{rows}{when}", rows, times[way], bare[way]) for way in WAYS]


def _renamed(records: Records, ending: str) -> list[RawRecord]:
    return [replace(r, external_game_id=r.external_game_id[:50] + ending) for r in records]


def _case(name: str, rows: int, times: list[float], bare: list[float]) -> Case:
    return Case(
        name,
        "ingest",
        times,
        bare,
        target_ms=TARGET_MS if name in _JUDGED else None,
        row_count=rows,
        details={
            "rows_per_second": round(rows * len(times) / sum(times) * 1000),
            "share_of_bare_copy": round(sum(bare) / sum(times), 3),
        },
    )


def _timed(connection: Connection, write: Callable[[], object]) -> float:
    """Milliseconds from the first statement to the end of the commit."""

    def written() -> None:
        write()
        connection.commit()

    return ms_of(written)


@contextmanager
def _promotion(url: URL) -> Iterator[None]:
    """Promotion of whatever is hot, again and again in another session, until the block ends."""

    def work(ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                promote(url, workers=1)
            except (DBAPIError, MlbPerfError):
                # A session that is ended while it connects says that the server is unreachable.
                if not ended.is_set():
                    raise

    def end(thread: threading.Thread) -> None:
        """End its sessions, which it opens again: it would promote all that was loaded."""
        with connect(migration_engine(url, {})) as connection:
            while thread.is_alive():
                connection.execute(_TERMINATE)
                connection.commit()
                thread.join(0.05)

    with meanwhile(work, end):
        yield


@dataclass(frozen=True)
class Way:
    """``prepare`` makes of the records what an application has in hand; ``write`` is timed."""

    prepare: Callable[[Records], Any]
    write: Callable[[Connection, Any], None]


def _values(record: RawRecord) -> tuple[Any, ...]:
    book = record.sportsbook_key or ""
    return record.external_game_id, book, record.collected_at, record.payload, record.origin


def _mapped(record: RawRecord) -> dict[str, Any]:
    values = dict(zip(NAMES, _values(record), strict=True))
    return values | {"payload": json.loads(record.payload)}


def _load(connection: Connection, records: Records) -> None:
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")  # as the loader does
    done = copy.write(connection, TABLE, records)
    if done.loaded != len(records):
        raise BenchmarkFailed(
            f"{len(records) - done.loaded} of {len(records)} rows of a batch were there already; "
            "run again on a database of the benchmark's own"
        )


def _copy(connection: Connection, data: bytes) -> None:
    copy_into(connection, f"raw_data.{TABLE}", data)


def _insert(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    statement = f"INSERT INTO raw_data.{TABLE} ({COLUMNS}) VALUES %s"  # noqa: S608  constants
    with driver(connection).cursor() as cursor:
        execute_values(cursor, statement, rows, page_size=len(rows))


def _orm(connection: Connection, rows: list[dict[str, Any]]) -> None:
    with Session(bind=connection, join_transaction_mode="control_fully") as session:
        session.execute(insert(OddsApiOdds), rows)
        session.commit()


WAYS = {
    "load": Way(list, _load),
    "copy": Way(copy_bytes, _copy),
    "insert": Way(lambda records: list(map(_values, records)), _insert),
    "orm": Way(lambda records: list(map(_mapped, records)), _orm),
}
