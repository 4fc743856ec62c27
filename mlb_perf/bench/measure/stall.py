"""What a migration costs those who go on working: ``python -m mlb_perf.bench.measure.stall``.

It makes a database of its own beside the one that is configured, fills it at
the baseline, upgrades it to head and back while writers and readers work, and
compares the rows. Every statement is timed; the database is dropped at the end.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from mlb_perf import sql
from mlb_perf.bench.database import BASELINE, own_database
from mlb_perf.bench.document import NO_MIGRATION
from mlb_perf.bench.report.stall_report import report
from mlb_perf.bench.tools.clients import Key, Load, Timed, Told, at_work
from mlb_perf.engine import execute, libpq_url
from mlb_perf.errors import MlbPerfError
from mlb_perf.migrate.config import alembic_config, target
from mlb_perf.settings import URL_VARIABLE

DATABASE = "mlb_perf_stall"


@dataclass
class Window:
    """One revision: from when to when (seconds since the epoch)."""

    name: str
    began: float
    ended: float


@dataclass
class Stall:
    """What was measured; ``steps`` are the rows of the log that say how long locks were held."""

    load: Load
    server: str = ""
    windows: list[Window] = field(default_factory=list)
    times: list[Timed] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)


def measure(load: Load, database: str = DATABASE) -> Stall:
    """Run it all; the server is the one that is configured, its role may create databases.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed` if there is a database of that name which
    no benchmark made.
    """
    found = Stall(load)
    told: list[Told] = []
    with own_database(target().connect_url(), database) as url:
        os.environ[URL_VARIABLE] = url.render_as_string(hide_password=False)
        command.upgrade(alembic_config(), BASELINE)
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            found.server = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
            seed(connection, load.rows)
            before = _digest(connection)
            with at_work(libpq_url(url), load, told):
                _wait_as_usual(found, 10)
                _up_and_down(found)
                _wait_as_usual(found, 10)
            found.differences = _differences(connection, before, told)
            found.steps = _steps(connection)
    for client in told:
        found.times += client.times
        found.errors += client.errors
    return found


def _wait_as_usual(found: Stall, seconds: float) -> None:
    """What the statements take when nothing is migrated, to compare with."""
    began = time.time()
    time.sleep(seconds)
    found.windows.append(Window(NO_MIGRATION, began, time.time()))


def _up_and_down(found: Stall) -> None:
    config = alembic_config()
    script = ScriptDirectory.from_config(config)
    names = [r.revision for r in reversed(list(script.walk_revisions())) if r.revision > BASELINE]
    for name in names:
        with _window(found, f"upgrade {name}"):
            command.upgrade(config, name)
    for name in reversed(names):
        with _window(found, f"downgrade {name}"):
            command.downgrade(config, "-1")


@contextmanager
def _window(found: Stall, name: str) -> Iterator[None]:
    began = time.time()
    yield
    found.windows.append(Window(name, began, time.time()))


def seed(connection: Connection, rows: int) -> None:
    """Games, raw rows, quotes and lines in a database at the baseline, as ``rows`` says."""
    statements = sql.read("bench/stall/seed.sql").format(rows=rows)
    for statement in statements.split(";\n\n"):
        execute(connection, statement)
    connection.exec_driver_sql("VACUUM ANALYZE")


def _digest(connection: Connection) -> dict[str, Any]:
    query = sql.read("bench/stall/digest.sql")
    found = execute(connection, query)
    return dict(found.one()._mapping)


def _differences(connection: Connection, before: dict[str, Any], told: list[Told]) -> list[str]:
    """Seeded rows by hash; the writers' own rows one by one."""
    now = _digest(connection)
    lines = [
        f"{tier}: {before[tier]} became {now[tier]}" for tier in now if now[tier] != before[tier]
    ]
    wanted: dict[Key, int] = {}
    for client in told:
        wanted.update(client.rows)
    present = {
        tuple(r[:-1]): r[-1] for r in connection.execute(text(sql.read("bench/stall/live.sql")))
    }
    have = {
        tuple(part for part in key if part is not None): value for key, value in present.items()
    }
    keys = sorted(key for key in wanted.keys() | have.keys() if wanted.get(key) != have.get(key))
    return lines + [f"{key}: {wanted.get(key)} became {have.get(key)}" for key in keys]


def _steps(connection: Connection) -> list[Any]:
    return list(
        connection.exec_driver_sql(
            "SELECT revision, operation, object_name, status, duration_ms, lock_wait_ms,"
            " rows_affected FROM performance_monitoring.optimization_log ORDER BY log_id"
        )
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=str(__doc__))
    for name, value in vars(Load()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--database", default=DATABASE, help="the name of the one that it makes")
    given = vars(parser.parse_args())
    database = given.pop("database")
    try:
        print(report(measure(Load(**given), database)))
    except MlbPerfError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
