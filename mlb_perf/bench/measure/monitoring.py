"""What the monitoring itself costs: a snapshot and each view, measured.

``python -m mlb_perf.bench.measure.monitoring`` measures the database that
``MLB_PERF_DATABASE_URL`` names (the embedded one by default), in a transaction
that is rolled back: 300 tables with an index each are made for it, and a month
of history. ``run_maintenance`` is left out, as ANALYZE depends on the data.

The views over the server's catalogs are for a probe; those that read a month of
history, table_growth and query_trends, are for people and reports.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.report import measured
from mlb_perf.bench.tools.machine import machine
from mlb_perf.engine import connect, execute, migration_engine
from mlb_perf.settings import resolve

SNAPSHOT = "capture_snapshot()"


@dataclass(frozen=True)
class Cost:
    """The median of some runs in milliseconds, and the rows of one."""

    name: str
    median_ms: float
    longest_ms: float
    rows: int


def measure(connection: Connection, *, relations: int = 300, times: int = 5) -> Iterator[Cost]:
    """The cost of a snapshot with ``relations`` more tables, then of each view.

    The first run of each is not counted: it plans and fills the session's caches.
    The connection's transaction is left to the caller, who rolls it back.
    """
    make = sql.read("bench/monitoring_relations.sql").replace(":relations", str(int(relations)))
    execute(connection, make)
    yield _cost(connection, SNAPSHOT, times)
    _make_history(connection)
    for name in _views(connection):
        yield _cost(connection, name, times)


def _cost(connection: Connection, name: str, times: int) -> Cost:
    query = f"SELECT * FROM performance_monitoring.{name}"  # noqa: S608  a name of the catalog
    spent, rows = [], 0
    for _ in range(times + 1):
        began = time.perf_counter()
        rows = len(connection.exec_driver_sql(query).all())
        spent.append((time.perf_counter() - began) * 1000)
    return Cost(name, statistics.median(spent[1:]), max(spent[1:]), rows)


def _make_history(connection: Connection) -> None:
    captured = connection.exec_driver_sql(
        "SELECT max(captured_at) FROM performance_monitoring.table_history"
    ).scalar_one()
    connection.execute(text(sql.read("bench/monitoring_history.sql")), {"captured_at": captured})
    connection.exec_driver_sql(
        "ANALYZE performance_monitoring.table_history, performance_monitoring.query_history"
    )


def _views(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql(
        "SELECT relname FROM pg_class WHERE relkind = 'v' "
        "AND relnamespace = 'performance_monitoring'::regnamespace ORDER BY 1"
    )
    return list(found.scalars())


def _about(connection: Connection) -> dict[str, Any]:
    query = (
        "SELECT current_setting('server_version') AS server, "
        "(SELECT count(*) FROM pg_stat_user_tables) AS tables, "
        "(SELECT count(*) FROM pg_stat_user_indexes) AS indexes, "
        "(SELECT count(*) FROM performance_monitoring.table_history) AS table_history, "
        "(SELECT count(*) FROM performance_monitoring.query_history) AS query_history"
    )
    return dict(connection.exec_driver_sql(query).mappings().one())


def _lines(connection: Connection, relations: int, times: int) -> Iterator[str]:
    yield f"{'':28}{'median ms':>10}{'longest':>10}{'rows':>8}"
    for cost in measure(connection, relations=relations, times=times):
        line = f"{cost.median_ms:>10.1f}{cost.longest_ms:>10.1f}{cost.rows:>8}"
        yield f"{cost.name:28}{line}"
    about = _about(connection)
    yield ", ".join(f"{name} {value:,}" for name, value in about.items() if name != "server")


def main() -> None:
    """Measure, print, and write the page that ``--docs`` names."""
    parser = argparse.ArgumentParser(
        prog="python -m mlb_perf.bench.measure.monitoring", description=__doc__
    )
    parser.add_argument("--relations", type=int, default=300, help="tables that are added")
    parser.add_argument("--times", type=int, default=5, help="runs that are counted")
    measured.add_docs(parser)
    given = parser.parse_args()
    load, engine = machine()["load"], migration_engine(resolve(None).connect_url(), {})
    with connect(engine) as connection, connection.begin() as transaction:
        lines = list(_lines(connection, given.relations, given.times))
        transaction.rollback()
    print("\n".join(lines))
    command = f"{parser.prog} --relations {given.relations} --times {given.times}"
    sentence = measured.on_what(measured.server_version(engine), load, command)
    measured.fill(given.docs, "monitoring", measured.verbatim(sentence, lines))


if __name__ == "__main__":
    main()
