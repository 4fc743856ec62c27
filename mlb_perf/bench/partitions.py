"""What a month costs: to make, to attach again, to drop instead of to delete, to plan over sixty.

``python -m mlb_perf.bench.partitions`` works in a schema of its own in the
database that all commands speak to, and drops it. Each round does both sides
of a comparison one after the other.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from mlb_perf import sql
from mlb_perf.engine import connect, migration_engine
from mlb_perf.migrate.config import target
from mlb_perf.months import Span, month_after
from mlb_perf.partitions import ensure, make
from mlb_perf.partitions.catalog import read_detached
from mlb_perf.partitions.plan import creation
from mlb_perf.partitions.restore import restore
from mlb_perf.partitions.retire import detach, drop
from mlb_perf.partitions.run import month_table
from mlb_perf.partitions.session import Session, execute

SCHEMA = "mlb_perf_bench_partitions"
TABLE = f"{SCHEMA}.odds"
FIRST = dt.date(2020, 1, 1)
MONTHS = 60
PLANS = 50
DROPS = ("DETACH CONCURRENTLY and DROP TABLE", "detach and drop, as the commands do")
LOOKUPS = {
    "one game and moment": (
        f"SELECT * FROM {TABLE} WHERE external_game_id = 'game 7' AND collected_at >= "  # noqa: S608
        "'2022-06-03 00:00+00' AND collected_at < '2022-06-04 00:00+00'"
    ),
    "one game, no moment": f"SELECT * FROM {TABLE} WHERE external_game_id = 'game 7'",  # noqa: S608
}


@dataclass
class Figures:
    """Milliseconds of each kind, a number a round; ``rows``: in each month that was filled."""

    server: str
    rows: int
    times: dict[str, list[float]] = field(default_factory=dict)

    def add(self, kind: str, milliseconds: float) -> None:
        self.times.setdefault(kind, []).append(milliseconds)

    def median(self, kind: str) -> float:
        return statistics.median(self.times[kind])

    def lines(self) -> list[str]:
        """A line a kind, and how many times faster dropping is than deleting."""
        head = [f"PostgreSQL {self.server}, {MONTHS} months, {self.rows:,} rows in a month"]
        kinds = [
            f"{kind:<36} median {self.median(kind):9.2f} ms   longest {max(found):9.2f} ms"
            for kind, found in self.times.items()
        ]
        return [*head, *kinds, *(self._ratio(kind) for kind in DROPS)]

    def _ratio(self, kind: str) -> str:
        ratio = self.median("DELETE of a month") / self.median(kind)
        return f"{kind}: {ratio:.0f} times faster than DELETE"


def measure(connection: Connection, rows: int, rounds: int) -> Figures:
    """Measure on ``connection``, which is in autocommit mode; leaves nothing behind.

    Raises :class:`~mlb_perf.errors.PartitionFailed` and
    :class:`sqlalchemy.exc.DBAPIError`.
    """
    server = str(connection.exec_driver_sql("SHOW server_version").scalar_one()).split()[0]
    figures = Figures(server, rows)
    with _table(connection):
        session = Session(connection)
        ensure(connection, TABLE, FIRST, month_after(FIRST, MONTHS - 1))
        execute(connection, f"ANALYZE {TABLE}")
        _plans(connection, figures)
        for number in range(rounds):
            _months_made(session, figures, number)
            _month_gone(session, figures, number)
    return figures


def _months_made(session: Session, figures: Figures, number: int) -> None:
    """A new month: by the command, and its last statement, the ATTACH, by itself."""
    month = month_after(FIRST, MONTHS + 2 * number)
    wanted = Span.of_months(month, month)
    with _timed(figures, "create a month, as the command does"):
        make.create(session, TABLE, wanted)
    span = Span.of_months(month_after(month), month_after(month))
    *before, attach = creation(month_table(session.connection, TABLE), span)
    for statement in before:
        session.run(statement)
    with _timed(figures, "ATTACH of a new month"):
        session.run(attach)


def _month_gone(session: Session, figures: Figures, number: int) -> None:
    """Three months of the same rows: one deleted, one dropped by hand, one by the commands."""
    months = [month_after(FIRST, 3 * number + n) for n in range(3)]
    for month in months:
        filled = sql.read("bench/partitions_fill.sql")
        session.run(filled.format(schema=SCHEMA, month=month, rows=figures.rows))
    low, high = f"{months[0]} 00:00+00", f"{months[1]} 00:00+00"
    with _timed(figures, "DELETE of a month"):
        session.run(
            f"DELETE FROM {TABLE} WHERE collected_at >= '{low}' AND collected_at < '{high}'"  # noqa: S608
        )
    leaf = f"{TABLE}_{months[1]:%Y_%m}"
    with _timed(figures, DROPS[0]):
        session.run(f"ALTER TABLE {TABLE} DETACH PARTITION {leaf} CONCURRENTLY")
        session.run(f"DROP TABLE {leaf}")
    _detach(session, months[2])
    (resting,) = read_detached(session.connection)
    with _timed(figures, "restore a month, as the command does"):
        restore(session, resting)
    with _timed(figures, DROPS[1]):
        _detach(session, months[2])
        drop(session, resting)


def _detach(session: Session, month: dt.date) -> None:
    table = month_table(session.connection, TABLE)
    wanted = Span.of_months(month, month)
    (partition,) = [p for p in table.partitions if p.span == wanted]
    detach(session, table, partition)


def _plans(connection: Connection, figures: Figures) -> None:
    for name, lookup in LOOKUPS.items():
        for _ in range(PLANS):
            plan = connection.exec_driver_sql(f"EXPLAIN (SUMMARY, COSTS OFF) {lookup}").scalars()
            (line,) = [line for line in plan if line.startswith("Planning Time")]
            figures.add(f"plan: {name}", float(line.split()[2]))


@contextmanager
def _table(connection: Connection) -> Iterator[None]:
    _forget(connection)
    execute(connection, sql.read("bench/partitions.sql").format(schema=SCHEMA))
    try:
        yield
    finally:
        _forget(connection)


def _forget(connection: Connection) -> None:
    for schema in (SCHEMA, f"{SCHEMA}_graveyard"):
        execute(connection, f"DROP SCHEMA IF EXISTS {schema} CASCADE")


@contextmanager
def _timed(figures: Figures, kind: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    figures.add(kind, (time.perf_counter() - began) * 1000)


def main(arguments: list[str] | None = None, say: Callable[[str], object] = print) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m mlb_perf.bench.partitions")
    parser.add_argument("--rows", type=int, default=100_000, help="rows in a month")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    settings = {"timezone": "UTC", "client_min_messages": "warning"}
    with connect(migration_engine(target().connect_url(), settings)) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for line in measure(connection, given.rows, given.rounds).lines():
            say(line)


if __name__ == "__main__":
    main()
