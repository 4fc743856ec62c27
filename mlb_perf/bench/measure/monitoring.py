"""What the monitoring itself costs: a snapshot and each view.

In the database in use, which is at head, and in a transaction that is rolled back: some hundred
tables with an index each are created for it, and a month of history. ``run_maintenance`` is left
out, as ANALYZE depends on the data. The views over the server's catalogs are for a probe; those
that read a month of history, table_growth and query_trends, are for people and reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import sql
from mlb_perf.bench.database import in_use
from mlb_perf.bench.found import Found, Goal, TextTable
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.diagnosis import said
from mlb_perf.engine import execute
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.progress import Say, silent

LONGEST_MS = 1000.0
SNAPSHOT = "capture_snapshot()"
SLOWEST = "the slowest of a snapshot and the views, ms"
MISSING = "tables that the snapshot left out"
_CAPTURED_AT = "SELECT max(captured_at) FROM performance_monitoring.table_history"
_COUNTED = text(
    "SELECT count(*) FROM performance_monitoring.table_history"
    " WHERE schema_name = 'mlb_perf_bench' AND captured_at = :captured_at"
)
_VIEWS = (
    "SELECT relname FROM pg_class WHERE relkind = 'v'"
    " AND relnamespace = 'performance_monitoring'::regnamespace ORDER BY 1"
)
_ABOUT = """
SELECT (SELECT count(*) FROM pg_stat_user_tables) AS tables,
    (SELECT count(*) FROM pg_stat_user_indexes) AS indexes,
    (SELECT count(*) FROM performance_monitoring.table_history) AS table_history,
    (SELECT count(*) FROM performance_monitoring.query_history) AS query_history
"""


def measure(
    database: URL,
    say: Say = silent,
    *,
    relations: Annotated[int, typer.Option(min=1, help="Tables that are added.")] = 300,
    times: Annotated[int, typer.Option(min=1, help="Runs that are counted.")] = 5,
) -> Found:
    """A snapshot of the monitoring, and each of its views."""
    with in_use(database, "monitoring") as connection:
        execute(connection, "BEGIN")
        try:
            return in_transaction(connection, say, relations, times)
        finally:
            execute(connection, "ROLLBACK")


def in_transaction(connection: Connection, say: Say, relations: int, times: int) -> Found:
    """The measurement in the caller's transaction, who rolls it back."""
    found = Found(goals=[Goal(SLOWEST, most=LONGEST_MS, unit=" ms"), Goal(MISSING, most=0)])
    rows = []
    for name in _measured(connection, relations):
        spent, count = _cost(connection, name, times)
        say(f"monitoring, {name}: {median(spent):.1f} ms")
        found.figures[f"{name}, ms"] = median(spent)
        longest = f"{max(spent):.1f}"
        rows.append({
            "": name, "median, ms": f"{median(spent):.1f}", "longest, ms": longest,
            "rows": f"{count:,}",
        })  # fmt: skip
    found.tables.append(TextTable.of(rows))
    about = connection.exec_driver_sql(_ABOUT).mappings().one()
    found.lines.append(", ".join(f"{name} {value:,}" for name, value in about.items()))
    found.figures[SLOWEST] = max(found.figures.values())
    newest = {"captured_at": execute(connection, _CAPTURED_AT).scalar_one()}
    found.figures[MISSING] = float(relations - connection.execute(_COUNTED, newest).scalar_one())
    return found


def _measured(connection: Connection, relations: int) -> Iterator[str]:
    """The snapshot, when there are so many more tables, then each view over a month of them."""
    create = sql.read("bench/monitoring_relations.sql").replace(":relations", str(int(relations)))
    execute(connection, create)
    yield SNAPSHOT
    captured_at = execute(connection, _CAPTURED_AT).scalar_one()
    history = text(sql.read("bench/monitoring_history.sql"))
    connection.execute(history, {"captured_at": captured_at})
    for table in ("table_history", "query_history"):
        execute(connection, f"ANALYZE performance_monitoring.{table}")
    yield from execute(connection, _VIEWS).scalars().all()


def _cost(connection: Connection, name: str, times: int) -> tuple[list[float], int]:
    """Milliseconds of some runs, and the rows of one.

    The first run is not counted: it plans, and fills the session's caches.
    """
    query = f"SELECT * FROM performance_monitoring.{name}"  # noqa: S608  a name of the catalog
    spent: list[float] = []
    counts: list[int] = []
    try:
        for _ in range(times + 1):
            spent.append(ms_of(lambda: counts.append(len(execute(connection, query).all()))))
    except DBAPIError as error:
        raise BenchmarkFailed(
            f"performance_monitoring.{name} failed, and was not measured: {said(error)}; type: "
            "mlb-perf alembic check, which compares it with the package's"
        ) from error
    return spent[1:], counts[-1]
