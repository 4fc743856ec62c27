"""What a month costs: to make, to attach again, to drop instead of to delete, to plan over sixty.

``python -m mlb_perf.bench.measure.partitions`` works in a schema of its own in the
database that all commands speak to, and drops it. Each round does both sides
of a comparison one after the other.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.measure.partition_figures import (
    DELETE,
    DELETE_DAILY,
    DETACH,
    DROP,
    FILES,
    VACUUM,
    VACUUM_DAILY,
    Figures,
)
from mlb_perf.bench.report import measured
from mlb_perf.bench.tools.machine import machine
from mlb_perf.engine import connect, execute, migration_engine
from mlb_perf.migrate.config import target
from mlb_perf.months import Span, month_after
from mlb_perf.partitions import create, ensure
from mlb_perf.partitions.catalog import read_detached
from mlb_perf.partitions.detach import detach, drop
from mlb_perf.partitions.plan import creation
from mlb_perf.partitions.restore import restore
from mlb_perf.partitions.run import month_table
from mlb_perf.partitions.session import Session

SCHEMA = "mlb_perf_bench_partitions"
TABLE = f"{SCHEMA}.odds"
FIRST = dt.date(2020, 1, 1)
MONTHS = 60
PLANS = 50
LOOKUPS = {
    "one game and moment": (
        f"SELECT * FROM {TABLE} WHERE external_game_id = 'game 7' AND collected_at >= "  # noqa: S608
        "'2022-06-03 00:00+00' AND collected_at < '2022-06-04 00:00+00'"
    ),
    "one game, no moment": f"SELECT * FROM {TABLE} WHERE external_game_id = 'game 7'",  # noqa: S608
}


def measure(connection: Connection, rows: int, rounds: int) -> Figures:
    """Measure on ``connection``, which is in autocommit mode; leaves nothing behind.

    Raises :class:`~mlb_perf.errors.PartitionFailed` and
    :class:`sqlalchemy.exc.DBAPIError`.
    """
    server = str(connection.exec_driver_sql("SHOW server_version").scalar_one()).split()[0]
    figures = Figures(server, MONTHS, rows)
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
    with figures.timed("create a month, as the command does"):
        create.create(session, TABLE, wanted)
    span = Span.of_months(month_after(month), month_after(month))
    *before, attach = creation(month_table(session.connection, TABLE), span)
    for statement in before:
        session.run(statement)
    with figures.timed("ATTACH of a new month"):
        session.run(attach)


def _month_gone(session: Session, figures: Figures, number: int) -> None:
    """Four months of the same rows: deleted at once and by days, dropped by hand and by command."""
    months = [month_after(FIRST, 4 * number + n) for n in range(4)]
    for month in months:
        filled = sql.read("bench/partitions_fill.sql")
        session.run(filled.format(schema=SCHEMA, month=month, rows=figures.rows))
    figures.bytes = _size(session.connection, months[0])
    session.run("CHECKPOINT")  # old months are on disk, not on their way there
    with figures.timed(DELETE):
        _delete(session, months[0], months[1])
    with figures.timed(VACUUM):
        session.run(f"VACUUM {_leaf(months[0])}")
    with figures.timed(DELETE_DAILY):
        _delete_daily(session, months[1], months[2])
    with figures.timed(VACUUM_DAILY):
        session.run(f"VACUUM {_leaf(months[1])}")
    with figures.timed(DETACH):
        session.run(f"ALTER TABLE {TABLE} DETACH PARTITION {_leaf(months[2])} CONCURRENTLY")
    with figures.timed(DROP):
        _drop(session, figures, _leaf(months[2]))
    _by_command(session, figures, months[3])


def _leaf(month: dt.date) -> str:
    return f"{TABLE}_{month:%Y_%m}"


def _size(connection: Connection, month: dt.date) -> int:
    found = text("SELECT pg_total_relation_size(to_regclass(:leaf))")
    return int(connection.execute(found, {"leaf": _leaf(month)}).scalar_one())


def _delete(session: Session, low: dt.date, high: dt.date) -> None:
    session.run(
        f"DELETE FROM {TABLE} WHERE collected_at >= '{low} 00:00+00'"  # noqa: S608  our own names
        f" AND collected_at < '{high} 00:00+00'"
    )


def _delete_daily(session: Session, low: dt.date, high: dt.date) -> None:
    """As who must not hold locks for long does it: a transaction a day."""
    for number in range((high - low).days):
        day = low + dt.timedelta(days=number)
        _delete(session, day, day + dt.timedelta(days=1))


def _drop(session: Session, figures: Figures, leaf: str) -> None:
    """The catalog's part and, at the COMMIT, the file system's, which gives the space back."""
    session.run("BEGIN")
    session.run(f"DROP TABLE {leaf}")
    with figures.timed(FILES):
        session.run("COMMIT")


def _by_command(session: Session, figures: Figures, month: dt.date) -> None:
    with figures.timed("detach a month, as the command does"):
        _detach(session, month)
    (resting,) = read_detached(session.connection)
    with figures.timed("restore it, as the command does"):
        restore(session, resting)
    _detach(session, month)
    with figures.timed("drop it, as the command does"):
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


def main(arguments: list[str] | None = None, say: Callable[[str], object] = print) -> None:
    """Measure, print, and write the page that ``--docs`` names."""
    parser = argparse.ArgumentParser(prog="python -m mlb_perf.bench.measure.partitions")
    parser.add_argument("--rows", type=int, default=100_000, help="rows in a month")
    parser.add_argument("--rounds", type=int, default=5)
    measured.add_docs(parser)
    given = parser.parse_args(arguments)
    load = machine()["load"]
    settings = {"timezone": "UTC", "client_min_messages": "warning"}
    with connect(migration_engine(target().connect_url(), settings)) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        figures = measure(connection, given.rows, given.rounds)
    for line in figures.lines():
        say(line)
    command = f"{parser.prog} --rows {given.rows} --rounds {given.rounds}"
    sentence = measured.on_what(figures.server, load, command)
    measured.fill(given.docs, "partitions", measured.verbatim(sentence, figures.lines()))


if __name__ == "__main__":
    main()
