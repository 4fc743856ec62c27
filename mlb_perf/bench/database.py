"""A database of the benchmark's own: created, marked, and dropped again.

The mark is the database's comment. A database with the mark was left by a benchmark that was
killed, and is created again; one without it belongs to somebody else and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from psycopg2 import sql as names
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mlb_perf.diagnosis import said, sqlstate
from mlb_perf.engine import connect, driver, migration_engine, safe
from mlb_perf.errors import BenchmarkFailed, ConfigurationError
from mlb_perf.migrate.config import alembic_config, current_revisions, head_revisions

NAME = "mlb_perf_bench"
SEEDED_BASELINE = "0007"
"""The baseline with its reference rows, which a data set needs; other revisions are compared
with it."""
MARK = "made by mlb-perf bench, and dropped by it"

_INSUFFICIENT_PRIVILEGE = "42501"
_OBJECT_IN_USE = "55006"
_DISK_FULL = "53100"

_COMMENT = text(
    "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = :name"
)


def engine_of(url: URL) -> Engine:
    """An engine without a pool; its sessions keep UTC and commit each statement."""
    engine = migration_engine(url, {"timezone": "UTC", "application_name": "mlb-perf bench"})
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def own_database(server: URL, name: str = NAME, *, keep: bool = False) -> Iterator[URL]:
    """The URL of an empty database ``name`` on that server, dropped at the end unless ``keep``.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed` if there is one already that the benchmark
    did not make, or if the role may not make databases.
    """
    with connect(engine_of(server)) as connection:
        _refuse_unmarked(connection, name)
        _drop(connection, name)
        _create(connection, name)
    try:
        yield server.set(database=name)
    finally:
        if not keep:
            _drop_forced(server, name)


@contextmanager
def copy_of(server: URL, url: URL) -> Iterator[URL]:
    """A copy of the benchmark's database ``url``, to be changed at will; dropped at the end."""
    name = f"{url.database}_copy"
    with connect(engine_of(server)) as connection:
        _refuse_unmarked(connection, name)
        _drop(connection, name)
        # Not through the write-ahead log: a large copy is quicker so, and leaves less behind.
        _create(connection, name, template=url.database)
    try:
        yield url.set(database=name)
    finally:
        _drop_forced(server, name)


def upgrade(url: URL, revision: str) -> None:
    """Bring the database forward to a revision."""
    _migrate(url, command.upgrade, revision)


def downgrade(url: URL, revision: str) -> None:
    """Bring the database back to a revision; ``-1`` is the one before."""
    _migrate(url, command.downgrade, revision)


def _migrate(url: URL, work: Callable[[Config, str], None], revision: str) -> None:
    engine = migration_engine(url, {"timezone": "UTC", "lock_timeout": "2s"})
    config = alembic_config()
    with connect(engine) as connection:
        config.attributes["connection"] = connection
        work(config, revision)


def require_head(connection: Connection, measurement: str) -> None:
    """Refuse a database in use whose schema is not the newest: ConfigurationError."""
    now, head = current_revisions(connection), head_revisions()
    if now != head:
        at = f"is at revision {', '.join(now)}" if now else "has no revision of mlb_perf"
        raise ConfigurationError(
            f"{safe(connection.engine.url)} {at}, and mlb-perf bench {measurement} measures "
            f"revision {', '.join(head)}; type: mlb-perf alembic upgrade head"
        )


def _refuse_unmarked(connection: Connection, name: str) -> None:
    found = connection.execute(_COMMENT, {"name": name}).one_or_none()
    if found is not None and found.mark != MARK:
        raise BenchmarkFailed(
            f"there is a database {name} on {safe(connection.engine.url)}, and the benchmark did "
            "not create it; choose another name with --database NAME, or drop that database if "
            "it is not needed"
        )


def _create(connection: Connection, name: str, template: str | None = None) -> None:
    statement = names.SQL("CREATE DATABASE {}").format(names.Identifier(name))
    if template is not None:
        copied = names.SQL(" TEMPLATE {} STRATEGY file_copy").format(names.Identifier(template))
        statement = statement + copied
    mark = names.SQL("COMMENT ON DATABASE {} IS {}").format(
        names.Identifier(name), names.Literal(MARK)
    )
    _execute(connection, statement)
    _execute(connection, mark)


def _drop(connection: Connection, name: str) -> None:
    _execute(connection, names.SQL("DROP DATABASE IF EXISTS {}").format(names.Identifier(name)))


def _drop_forced(server: URL, name: str) -> None:
    """Drop what this run has made, with the sessions that an interrupt or an error left in it."""
    statement = names.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with connect(engine_of(server)) as connection:
        _execute(connection, statement.format(names.Identifier(name)))


def _execute(connection: Connection, statement: names.Composable) -> None:
    written = statement.as_string(driver(connection))
    try:
        connection.exec_driver_sql(written.replace("%", "%%"))
    except DBAPIError as error:
        raise BenchmarkFailed(f"{written}: {said(error)}; {_advice(error)}") from error


def _advice(error: DBAPIError) -> str:
    return {
        _INSUFFICIENT_PRIVILEGE: "the benchmark works in a database of its own: give the role "
        "CREATEDB, or run it on the embedded server",
        _OBJECT_IN_USE: "another benchmark or another session is connected to it; end that "
        "session, or give this database another name with --database NAME",
        _DISK_FULL: "the disk is full; free some space, or take a smaller --scale",
    }.get(sqlstate(error) or "", "fix that, and run again")
