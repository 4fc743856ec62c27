"""What a month costs: to create, to attach, to drop instead of to delete, to plan over sixty.

In a schema of its own in the database in use, which is at head and is left as it was. Each round
does both sides of a comparison one after the other. Rows are gone when the month is detached;
its space is free when the files are. Nobody uses a table that is being dropped, so nobody waits
for its files: the two times are kept apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Annotated

import typer
from sqlalchemy import URL, Connection

from mlb_perf import sql
from mlb_perf.bench.database import in_use
from mlb_perf.bench.found import Found, Goal, TextTable
from mlb_perf.bench.measure import storage
from mlb_perf.bench.tools.explain import planning_ms
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.engine import execute
from mlb_perf.formatting import mb
from mlb_perf.months import Span, month_after
from mlb_perf.partitions import create, ensure
from mlb_perf.partitions.catalog import read_detached
from mlb_perf.partitions.detach import detach, drop
from mlb_perf.partitions.plan import creation
from mlb_perf.partitions.restore import restore
from mlb_perf.partitions.run import month_table
from mlb_perf.partitions.session import Session
from mlb_perf.progress import Say, silent

SCHEMA = "mlb_perf_bench_partitions"
TABLE = f"{SCHEMA}.odds"
FIRST = dt.date(2020, 1, 1)
MONTHS = 60
PLANS = 50
TIMES_FASTER = 20
MISPLACED = "rows that should be gone or there"
"""The figure of rows that a month has after it was deleted or detached, or lacks when restored."""
_GAME = f"SELECT * FROM {TABLE} WHERE external_game_id = 'game 7'"  # noqa: S608  our own names
LOOKUPS = {
    "one game and moment": f"{_GAME} AND collected_at >= '2022-06-03 00:00+00'"
    " AND collected_at < '2022-06-04 00:00+00'",
    "one game, no moment": _GAME,
}
DELETE, DELETE_DAILY = "DELETE of a month", "DELETE of a month, day by day"
VACUUM, VACUUM_DAILY = "VACUUM of its partition after that", "VACUUM after the days"
DETACH = "DETACH CONCURRENTLY of a month"
DROP, FILES = "DROP TABLE of the detached month", "of that, COMMIT: its files go"
# How many times faster rows are gone, and their space is free, than by DELETE.
RATIOS = {
    "rows gone: DELETE against DETACH": ((DELETE,), (DETACH,)),
    "rows gone: DELETE day by day against DETACH": ((DELETE_DAILY,), (DETACH,)),
    "DELETE against DETACH and DROP": ((DELETE,), (DETACH, DROP)),
    "space free: DELETE and VACUUM against DETACH and DROP": ((DELETE, VACUUM), (DETACH, DROP)),
    "space free: by days and VACUUM against DETACH and DROP": (
        (DELETE_DAILY, VACUUM_DAILY), (DETACH, DROP),
    ),
}  # fmt: skip


@dataclass
class Figures:
    """Milliseconds of each kind, a number a round; ``rows``: in each month that was filled."""

    rows: int
    bytes: int = 0
    misplaced: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    def add(self, kind: str, milliseconds: float) -> None:
        self.times.setdefault(kind, []).append(milliseconds)

    def timed(self, kind: str, work: Callable[..., object], *given: object) -> None:
        """Do the work, and add its time."""
        self.add(kind, ms_of(partial(work, *given)))

    def median(self, *kinds: str) -> float:
        return sum(median(self.times[kind]) for kind in kinds)


def measure(
    database: URL,
    say: Say = silent,
    *,
    rows: Annotated[int, typer.Option(min=1, help="Rows in a month.")] = 100_000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of all steps.")] = 5,
) -> Found:
    """Months created, detached, dropped and deleted, and plans over sixty."""
    figures = Figures(rows)
    with in_use(database, "partitions") as connection, _table(connection):
        session = Session(connection)
        _plans(connection, figures)
        for number in range(rounds):
            say(f"partitions, round {number + 1} of {rounds}")
            _months_made(session, figures, number)
            _month_gone(session, figures, number)
    return found_of(figures)


def found_of(figures: Figures) -> Found:
    """The times of each step, and how many times faster the new way is than the old."""
    ratios = {
        name: figures.median(*old) / figures.median(*new) for name, (old, new) in RATIOS.items()
    }
    times = (
        {"": kind, "median, ms": f"{figures.median(kind):.2f}", "longest, ms": f"{max(found):.2f}"}
        for kind, found in figures.times.items()
    )
    faster = ({"": name, "times faster": f"{ratio:.0f}"} for name, ratio in ratios.items())
    return Found(
        [TextTable.of(times), TextTable.of(faster)],
        [f"{MONTHS} months, {figures.rows:,} rows and {mb(figures.bytes)} in a month"],
        ratios | {MISPLACED: float(figures.misplaced)},
        [*(Goal(name, TIMES_FASTER, unit=" times") for name in ratios), Goal(MISPLACED, most=0)],
    )


def _plans(connection: Connection, figures: Figures) -> None:
    ensure(connection, TABLE, FIRST, month_after(FIRST, MONTHS - 1))
    execute(connection, f"ANALYZE {TABLE}")
    for name, lookup in LOOKUPS.items():
        for _ in range(PLANS):
            figures.add(f"plan: {name}", planning_ms(connection, lookup))


def _months_made(session: Session, figures: Figures, number: int) -> None:
    """A new month: by the command, and its last statement, the ATTACH, alone."""
    month = month_after(FIRST, MONTHS + 2 * number)
    wanted = Span.of_months(month, month)
    figures.timed("create a month, as the command does", create.create, session, TABLE, wanted)
    span = Span.of_months(month_after(month), month_after(month))
    *before, attach = creation(month_table(session.connection, TABLE), span)
    for statement in before:
        session.run(statement)
    figures.timed("ATTACH of a new month", session.run, attach)


def _month_gone(session: Session, figures: Figures, number: int) -> None:
    """Four months of the same rows: deleted at once and by days, dropped by hand and by command."""
    months = [month_after(FIRST, 4 * number + n) for n in range(5)]
    for month in months[:4]:
        filled = sql.read("bench/partitions_fill.sql")
        session.run(filled.format(schema=SCHEMA, month=month, rows=figures.rows))
    first, second, third = (f"{TABLE}_{month:%Y_%m}" for month in months[:3])
    figures.bytes = storage.bytes_of(session.connection, first)
    session.run("CHECKPOINT")  # old months are on disk, not on their way there
    figures.timed(DELETE, _delete, session, months[0], months[1])
    figures.timed(VACUUM, session.run, f"VACUUM {first}")
    figures.timed(DELETE_DAILY, _delete_daily, session, months[1], months[2])
    figures.timed(VACUUM_DAILY, session.run, f"VACUUM {second}")
    detached = f"ALTER TABLE {TABLE} DETACH PARTITION {third} CONCURRENTLY"
    figures.timed(DETACH, session.run, detached)
    figures.misplaced += _rows(session, months[0], months[3])
    figures.timed(DROP, _drop, session, figures, third)
    _by_command(session, figures, months[3], months[4])


def _between(low: dt.date, high: dt.date) -> str:
    return (
        f"FROM {TABLE} WHERE collected_at >= '{low} 00:00+00' AND collected_at < '{high} 00:00+00'"
    )


def _rows(session: Session, low: dt.date, high: dt.date) -> int:
    return int(execute(session.connection, f"SELECT count(*) {_between(low, high)}").scalar_one())


def _delete(session: Session, low: dt.date, high: dt.date) -> None:
    session.run(f"DELETE {_between(low, high)}")


def _delete_daily(session: Session, low: dt.date, high: dt.date) -> None:
    """In a transaction a day, as by a job that must not hold locks for long."""
    for number in range((high - low).days):
        day = low + dt.timedelta(days=number)
        _delete(session, day, day + dt.timedelta(days=1))


def _drop(session: Session, figures: Figures, leaf: str) -> None:
    """The catalog's part and, at the COMMIT, the file system's, which gives the space back."""
    session.run("BEGIN")
    session.run(f"DROP TABLE {leaf}")
    figures.timed(FILES, session.run, "COMMIT")


def _by_command(session: Session, figures: Figures, month: dt.date, next_month: dt.date) -> None:
    figures.timed("detach a month, as the command does", _detach, session, month)
    figures.misplaced += _rows(session, month, next_month)
    (resting,) = read_detached(session.connection)
    figures.timed("restore it, as the command does", restore, session, resting)
    figures.misplaced += figures.rows - _rows(session, month, next_month)
    _detach(session, month)
    figures.timed("drop it, as the command does", drop, session, resting)


def _detach(session: Session, month: dt.date) -> None:
    table = month_table(session.connection, TABLE)
    (partition,) = [p for p in table.partitions if p.span == Span.of_months(month, month)]
    detach(session, table, partition)


@contextmanager
def _table(connection: Connection) -> Iterator[None]:
    execute(connection, "SET client_min_messages = warning")
    _forget(connection)
    execute(connection, sql.read("bench/partitions.sql").format(schema=SCHEMA))
    try:
        yield
    finally:
        _forget(connection)


def _forget(connection: Connection) -> None:
    for schema in (SCHEMA, f"{SCHEMA}_graveyard"):
        execute(connection, f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    policies = "performance_monitoring.partition_policies"
    execute(connection, f"DELETE FROM {policies} WHERE schema_name = '{SCHEMA}'")  # noqa: S608
