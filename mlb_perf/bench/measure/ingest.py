"""How fast raw rows go in, each batch beside a bare COPY of the same bytes.

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
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import sql
from mlb_perf.bench.document import Case
from mlb_perf.bench.measure.ingest_methods import (
    BARE,
    TABLE,
    WAYS,
    copy_bytes,
    copy_into,
    make_bare,
)
from mlb_perf.bench.tools.background import meanwhile
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import BenchmarkFailed, MlbPerfError
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.promote.session import APPLICATION
from mlb_perf.pipeline.records import RawRecord
from mlb_perf.progress import Say, silent

TARGET_MS = 50.0
"""For a batch of 1,000 rows at p95."""

_TERMINATE = text(
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :name"
).bindparams(name=APPLICATION)


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
    engine = migration_engine(url, {"timezone": "UTC"})
    largest = max(rows for rows, _ in effort.batches)
    with connect(engine) as connection:
        source = _newest(connection, largest)
        make_bare(connection)
    names = (f"~{number}" for number in itertools.count())
    cases = []
    for rows, batches in effort.batches:
        say(f"ingest, batches of {rows:,}")
        cases += _alternate(engine, source, rows, batches, names, "")
    for rows, batches in effort.promoting:
        say(f"ingest, batches of {rows:,} while promotion runs")
        with _promotion(url):
            cases += _alternate(engine, source, rows, batches, names, " while promoting")
    return cases


def _newest(connection: Connection, count: int) -> list[RawRecord]:
    """The newest rows of the feed; some of them again if there are fewer than ``count``."""
    found = connection.execute(text(sql.read("bench/newest_raw.sql")), {"count": count}).all()
    if not found:
        raise BenchmarkFailed(
            f"raw_data.{TABLE} has no rows to take payloads from; take a larger --scale"
        )
    records = [
        RawRecord(TABLE, row.game, row.collected_at, row.payload, row.origin or "bench", row.book)
        for row in found
    ]
    return [
        record._replace(external_game_id=f"{record.external_game_id}.{turn}")
        for turn in range(-(-count // len(records)))
        for record in records
    ][:count]


def _alternate(
    engine: Engine,
    source: Sequence[RawRecord],
    rows: int,
    batches: int,
    names: Iterator[str],
    ending: str,
) -> list[Case]:
    """All ways by turns, each batch after a bare COPY of its bytes; the first turn warms up."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    bare: dict[str, list[float]] = {way: [] for way in WAYS}
    windows = itertools.cycle(range(0, len(source) - rows + 1, rows))
    with connect(engine) as connection:
        for turn in range(batches + 1):
            start = next(windows)
            for word, way in WAYS.items():
                name = next(names)
                batch = [
                    r._replace(external_game_id=r.external_game_id[:50] + name)
                    for r in source[start : start + rows]
                ]
                data, prepared = copy_bytes(batch), way.prepare(batch)
                reference = _timed(connection, partial(copy_into, connection, BARE, data))
                took = _timed(connection, partial(way.write, connection, prepared))
                if turn:
                    bare[word].append(round(reference, 4))
                    times[word].append(round(took, 4))
    return [_case(f"{way}/{rows}{ending}", rows, times[way], bare[way]) for way in WAYS]


def _case(name: str, rows: int, times: list[float], bare: list[float]) -> Case:
    target = TARGET_MS if name in (f"load/{rows}", f"copy/{rows}") and rows == 1_000 else None
    return Case(
        name,
        "ingest",
        times,
        bare,
        target_ms=target,
        row_count=rows,
        details={
            "rows_per_second": round(rows * len(times) / sum(times) * 1000),
            "share_of_bare_copy": round(sum(bare) / sum(times), 3),
        },
    )


def _timed(connection: Connection, write: Callable[[], None]) -> float:
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

    with meanwhile(work, partial(_end_promotion, url)):
        yield


def _end_promotion(url: URL, thread: threading.Thread) -> None:
    """End its sessions: it would go on until all that was loaded is promoted.

    Again and again, because it opens others.
    """
    with connect(migration_engine(url, {})) as connection:
        while thread.is_alive():
            connection.execute(_TERMINATE)
            connection.commit()
            thread.join(0.05)
