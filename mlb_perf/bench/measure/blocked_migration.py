"""How long writers wait behind a migration that cannot get its lock.

One table is rebuilt into partitions while writers work and a transaction that has read or
written it stays open. The lock ladder asks again and again; when the transaction ends, the
same run goes on. In a database of its own, which is dropped again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated

import psycopg2
import typer
from sqlalchemy import URL, Connection

from mlb_perf.bench.database import SEEDED_BASELINE, engine_of, own_database, upgrade
from mlb_perf.bench.document import Found, Goal, TextTable
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.tools.clients import Report, Workload, at_work
from mlb_perf.bench.tools.seeded_rows import seed
from mlb_perf.engine import connect, libpq_url, pinned
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.progress import Say, silent

DATABASE = "mlb_perf_bench_blocked"
FAILED = "failed statements"
BEFORE, BLOCKED = "0020", "0021"
HOLDS = {
    "has written: the beginning waits": (
        "UPDATE raw_data.odds_api_odds SET origin = origin WHERE external_game_id = 'nobody'"
    ),
    "has read: the swap waits": "SELECT FROM raw_data.odds_api_odds LIMIT 1",
}
_COLUMNS = [
    "the idle transaction", "attempts given up", "writes", "p50, ms", "p99", "longest", "failed",
    "done after it, s",
]  # fmt: skip


@dataclass
class Blocked:
    """Attempts given up, milliseconds of each write, seconds from the release to the end."""

    given_up: int = 0
    writes: list[float] = field(default_factory=list)
    errors: int = 0
    after_release: float = 0.0

    def row(self, name: str) -> list[str]:
        felt = summarise(self.writes)
        times = (f"{value:.1f}" for value in (felt.p50, felt.p99, felt.max))
        counts = f"{self.given_up}", f"{felt.count:,}"
        return [name, *counts, *times, str(self.errors), f"{self.after_release:.0f}"]


def measure(
    server: URL,
    say: Say = silent,
    *,
    rows: Annotated[int, typer.Option(min=1000, help="Raw rows.")] = 300_000,
    seconds: Annotated[float, typer.Option(help="How long the transaction stays open.")] = 60.0,
) -> Found:
    """Writes while an idle transaction keeps a migration from its lock."""
    found = {}
    for name, statement in HOLDS.items():
        say(f"blocked migration, the transaction {name}")
        found[name] = blocked(server, statement, rows, seconds)
    table = TextTable(_COLUMNS, [one.row(name) for name, one in found.items()])
    figures = {
        FAILED: float(sum(one.errors for one in found.values())),
        "longest write, ms": max(max(one.writes) for one in found.values()),
    }
    return Found([table], figures=figures, goals=[Goal(FAILED, most=0)])


def blocked(server: URL, statement: str, rows: int, seconds: float) -> Blocked:
    """Keep the table locked by ``statement`` for ``seconds`` while the revision runs."""
    reports: list[Report] = []
    load = Workload(rows=rows, writers=2, readers=0)
    with own_database(server, DATABASE) as url:
        upgrade(url, SEEDED_BASELINE)
        with connect(engine_of(url)) as connection:
            seed(connection, rows)
            upgrade(url, BEFORE)
            with (
                at_work(libpq_url(pinned(url)), load, reports),
                _idle(libpq_url(pinned(url)), statement, seconds),
            ):
                released = time.time() + seconds
                upgrade(url, BLOCKED)
                ended = time.time()
            given_up = _given_up(connection)
    writes = [one.ms for report in reports for one in report.times]
    errors = [error for report in reports for error in report.errors]
    if not writes:
        raise BenchmarkFailed(f"no write ended while the migration waited: {errors[0]}; run again")
    return Blocked(given_up, writes, len(errors), ended - released)


@contextmanager
def _idle(url: str, statement: str, seconds: float) -> Iterator[None]:
    """A transaction that has executed the statement, and ends after that many seconds."""
    session = psycopg2.connect(url)
    with session.cursor() as cursor:
        cursor.execute(statement)
    release = threading.Timer(seconds, session.close)
    release.start()
    try:
        yield
    finally:
        release.cancel()
        session.close()


def _given_up(connection: Connection) -> int:
    count = connection.exec_driver_sql(
        "SELECT count(*) FROM performance_monitoring.optimization_log WHERE status = 'retried'"
    )
    return int(count.scalar_one())
