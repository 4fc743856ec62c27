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
from pathlib import Path
from typing import Annotated

import psycopg2
import typer
from sqlalchemy import Connection

from mlb_perf.bench.database import BASELINE, engine_of, own_database, upgrade
from mlb_perf.bench.judge.quantiles import quantile
from mlb_perf.bench.measure.stall import seed
from mlb_perf.bench.report import measured
from mlb_perf.bench.report.measured import on_what, server_version
from mlb_perf.bench.tools.clients import Load, Told, at_work
from mlb_perf.bench.tools.machine import machine
from mlb_perf.engine import connect, libpq_url
from mlb_perf.migrate.config import target

DATABASE = "mlb_perf_bench_held"
BEFORE, HELD_UP = "0020", "0021"
HOLDS = {
    "has written: the beginning waits": (
        "UPDATE raw_data.odds_api_odds SET origin = origin WHERE external_game_id = 'nobody'"
    ),
    "has read: the swap waits": "SELECT FROM raw_data.odds_api_odds LIMIT 1",
}


@dataclass
class Held:
    """Attempts given up, milliseconds of each write, seconds from the release to the end."""

    given_up: int = 0
    writes: list[float] = field(default_factory=list)
    errors: int = 0
    after_release: float = 0.0

    def line(self, name: str) -> str:
        ordered = sorted(self.writes)
        return (
            f"{name:<34}{self.given_up:>9}{len(ordered):>9,}{quantile(ordered, 0.5):>9.1f}"
            f"{quantile(ordered, 0.99):>9.1f}{ordered[-1]:>9.1f}{self.errors:>8}"
            f"{self.after_release:>9.0f}"
        )


HEAD = (
    f"{'the idle transaction':<34}{'given up':>9}{'writes':>9}{'p50, ms':>9}{'p99':>9}"
    f"{'longest':>9}{'failed':>8}{'done, s':>9}"
)


def measure(statement: str, rows: int, seconds: float) -> Held:
    """Hold the table by ``statement`` for ``seconds`` while the revision runs."""
    told: list[Told] = []
    load = Load(rows=rows, writers=2, readers=0)
    with own_database(target().connect_url(), DATABASE) as url:
        upgrade(url, BASELINE)
        with connect(engine_of(url)) as connection:
            seed(connection, rows)
            upgrade(url, BEFORE)
            with at_work(libpq_url(url), load, told), _idle(libpq_url(url), statement, seconds):
                released = time.time() + seconds
                upgrade(url, HELD_UP)
                ended = time.time()
            given_up = _given_up(connection)
    return Held(
        given_up,
        [one.ms for client in told for one in client.times],
        sum(len(client.errors) for client in told),
        ended - released,
    )


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


def main(
    rows: Annotated[int, typer.Option(min=1000, help="Raw rows.")] = 300_000,
    seconds: Annotated[float, typer.Option(help="How long the transaction stays open.")] = 60.0,
    docs: Annotated[Path | None, typer.Option(help="The page whose block is written anew.")] = None,
) -> None:
    """Measure both kinds of transaction, and print a line for each."""
    load, lines = machine()["load"], [HEAD]
    for name, statement in HOLDS.items():
        lines.append(measure(statement, rows, seconds).line(name))
    typer.echo("\n".join(lines))
    command = (
        f"python -m mlb_perf.bench.measure.blocked_migration --rows {rows} --seconds {seconds:g}"
    )
    version = server_version(engine_of(target().connect_url()))
    measured.fill(docs, "held", measured.verbatim(on_what(version, load, command), lines))


if __name__ == "__main__":
    typer.run(main)
