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
from dataclasses import dataclass
from typing import Annotated

import psycopg2
import typer
from sqlalchemy import URL

from mlb_perf.bench.database import SEEDED_BASELINE, engine_of, own_database, upgrade
from mlb_perf.bench.found import Found, Goal, TextTable
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
_GIVEN_UP = "SELECT count(*) FROM performance_monitoring.optimization_log WHERE status = 'retried'"


@dataclass(frozen=True)
class Blocked:
    """Attempts given up, milliseconds of each write, seconds from the release to the end."""

    given_up: int
    writes: list[float]
    errors: int
    after_release: float

    def row(self, name: str) -> dict[str, str]:
        felt = summarise(self.writes)
        return {
            "the idle transaction": name,
            "attempts given up": str(self.given_up),
            "writes": f"{felt.count:,}",
            "p50, ms": f"{felt.p50:.1f}",
            "p99": f"{felt.p99:.1f}",
            "longest": f"{felt.max:.1f}",
            "failed": str(self.errors),
            "done after it, s": f"{self.after_release:.0f}",
        }


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
    figures = {
        FAILED: float(sum(one.errors for one in found.values())),
        "longest write, ms": max(max(one.writes) for one in found.values()),
    }
    rows_of = [one.row(name) for name, one in found.items()]
    return Found([TextTable.of(rows_of)], figures=figures, goals=[Goal(FAILED, most=0)])


def blocked(server: URL, statement: str, rows: int, seconds: float) -> Blocked:
    """Keep the table locked by ``statement`` for ``seconds`` while the revision runs."""
    reports: list[Report] = []
    load = Workload(rows=rows, writers=2, readers=0)
    with (
        own_database(server, DATABASE, revision=SEEDED_BASELINE) as url,
        connect(engine_of(url)) as connection,
    ):
        seed(connection, rows)
        upgrade(url, BEFORE)
        with (
            at_work(libpq_url(pinned(url)), load, reports),
            _idle(libpq_url(pinned(url)), statement, seconds),
        ):
            released = time.time() + seconds
            upgrade(url, BLOCKED)
            ended = time.time()
        given_up = int(connection.exec_driver_sql(_GIVEN_UP).scalar_one())
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
