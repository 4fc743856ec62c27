"""What the monitoring itself costs: a snapshot and each view.

In the database in use, which is at head, and in a transaction that is rolled back: some hundred
tables with an index each are created for it, and a month of history. ``run_maintenance`` is left
out, as ANALYZE depends on the data. The views over the server's catalogs are for a probe; those
that read a month of history, table_growth and query_trends, are for people and reports.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import sql
from mlb_perf.bench.database import require_head
from mlb_perf.bench.document import Found, Goal, TextTable
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.diagnosis import said
from mlb_perf.engine import connect, execute, migration_engine
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.progress import Say, silent

LONGEST_MS = 1000.0
SNAPSHOT = "capture_snapshot()"
SLOWEST = "the slowest of a snapshot and the views, ms"
MISSING = "tables that the snapshot left out"
_COUNTED = text(
    "SELECT count(*) FROM performance_monitoring.table_history"
    " WHERE schema_name = 'mlb_perf_bench' AND captured_at = :captured_at"
)
_VIEWS = (
    "SELECT relname FROM pg_class WHERE relkind = 'v'"
    " AND relnamespace = 'performance_monitoring'::regnamespace"
    " AND relname <> 'raw_rows' ORDER BY 1"  # all raw rows, below the views that read a few of them
)
_ABOUT = """
SELECT (SELECT count(*) FROM pg_stat_user_tables) AS tables,
    (SELECT count(*) FROM pg_stat_user_indexes) AS indexes,
    (SELECT count(*) FROM performance_monitoring.table_history) AS table_history,
    (SELECT count(*) FROM performance_monitoring.query_history) AS query_history
"""


@dataclass(frozen=True)
class Cost:
    """The median of some runs in milliseconds, the longest, and the rows of one."""

    name: str
    median_ms: float
    longest_ms: float
    rows: int


def measure(
    database: URL,
    say: Say = silent,
    *,
    relations: Annotated[int, typer.Option(min=1, help="Tables that are added.")] = 300,
    times: Annotated[int, typer.Option(min=1, help="Runs that are counted.")] = 5,
) -> Found:
    """A snapshot of the monitoring, and each of its views."""
    with connect(migration_engine(database, {})) as connection:
        require_head(connection, "monitoring")
        connection.rollback()
        with connection.begin() as transaction:
            found = in_transaction(connection, say, relations, times)
            transaction.rollback()
    return found


def in_transaction(connection: Connection, say: Say, relations: int, times: int) -> Found:
    """The measurement in the caller's transaction, who rolls it back."""
    costs = []
    for cost in _costs(connection, relations, times):
        say(f"monitoring, {cost.name}: {cost.median_ms:.1f} ms")
        costs.append(cost)
    about = connection.exec_driver_sql(_ABOUT).mappings().one()
    rows = [[c.name, f"{c.median_ms:.1f}", f"{c.longest_ms:.1f}", f"{c.rows:,}"] for c in costs]
    figures = {f"{cost.name}, ms": cost.median_ms for cost in costs}
    figures[SLOWEST] = max(figures.values())
    figures[MISSING] = float(relations - _in_snapshot(connection))
    return Found(
        [TextTable(["", "median, ms", "longest, ms", "rows"], rows)],
        [", ".join(f"{name} {value:,}" for name, value in about.items())],
        figures,
        [Goal(SLOWEST, most=LONGEST_MS, unit=" ms"), Goal(MISSING, most=0)],
    )


def _costs(connection: Connection, relations: int, times: int) -> Iterator[Cost]:
    """The cost of a snapshot with so many more tables, then of each view."""
    create = sql.read("bench/monitoring_relations.sql").replace(":relations", str(int(relations)))
    execute(connection, create)
    yield _cost(connection, SNAPSHOT, times)
    connection.execute(
        text(sql.read("bench/monitoring_history.sql")), {"captured_at": _captured_at(connection)}
    )
    connection.exec_driver_sql(
        "ANALYZE performance_monitoring.table_history, performance_monitoring.query_history"
    )
    for name in connection.exec_driver_sql(_VIEWS).scalars().all():
        yield _cost(connection, name, times)


def _cost(connection: Connection, name: str, times: int) -> Cost:
    """The first run is not counted: it plans, and fills the session's caches."""
    query = f"SELECT * FROM performance_monitoring.{name}"  # noqa: S608  a name of the catalog
    rows = 0

    def ask() -> None:
        nonlocal rows
        rows = len(connection.exec_driver_sql(query).all())

    try:
        spent = [ms_of(ask) for _ in range(times + 1)][1:]
    except DBAPIError as error:
        raise BenchmarkFailed(
            f"performance_monitoring.{name} failed, and was not measured: {said(error)}; type: "
            "mlb-perf alembic check, which compares it with the package's"
        ) from error
    return Cost(name, statistics.median(spent), max(spent), rows)


def _captured_at(connection: Connection) -> object:
    newest = "SELECT max(captured_at) FROM performance_monitoring.table_history"
    return connection.exec_driver_sql(newest).scalar_one()


def _in_snapshot(connection: Connection) -> int:
    """How many of the added tables the newest snapshot has."""
    values = {"captured_at": _captured_at(connection)}
    return int(connection.execute(_COUNTED, values).scalar_one())
