"""A database of the benchmark's own: created, marked, and dropped again.

The mark is the database's comment. A database with the mark was left by a benchmark that was
killed, and is created again; one without it belongs to another user and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mlb_perf.diagnosis import said, sqlstate
from mlb_perf.engine import connect, drop_database, execute, migration_engine, safe
from mlb_perf.errors import BenchmarkFailed, ConfigurationError
from mlb_perf.migrate.config import alembic_config, current_revisions, head_revisions
from mlb_perf.names import literal, quote

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
def own_database(
    server: URL,
    name: str = NAME,
    *,
    template: str | None = None,
    revision: str | None = None,
    keep: bool = False,
) -> Iterator[URL]:
    """The URL of a new database ``name`` on that server, dropped at the end unless ``keep``.

    Empty, or a copy of ``template``, or without rows at ``revision``. Raises
    :class:`~mlb_perf.errors.BenchmarkFailed` if there is one already that the benchmark did not
    create, or if the role may not create databases.
    """
    # Not through the write-ahead log: a large copy is faster so, and leaves less behind.
    copied = f" TEMPLATE {quote(template)} STRATEGY file_copy" if template else ""
    with connect(engine_of(server)) as connection:
        _refuse_unmarked(connection, name)
        _execute(connection, f"DROP DATABASE IF EXISTS {quote(name)}")
        _execute(connection, f"CREATE DATABASE {quote(name)}{copied}")
        _execute(connection, f"COMMENT ON DATABASE {quote(name)} IS {literal(MARK)}")
    try:
        if revision is not None:
            upgrade(server.set(database=name), revision)
        yield server.set(database=name)
    finally:
        if not keep:
            # With the sessions that an interrupt or an error left in it.
            with connect(engine_of(server)) as connection, _explained(f"DROP DATABASE {name}"):
                drop_database(connection, name)


@contextmanager
def copy_of(server: URL, url: URL, name: str = "copy") -> Iterator[URL]:
    """A copy of the benchmark's database ``url``, to be changed at will; dropped at the end.

    It is called as the database with ``name`` behind.
    """
    with own_database(server, f"{url.database}_{name}", template=url.database) as copied:
        yield copied


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


@contextmanager
def in_use(database: URL, measurement: str) -> Iterator[Connection]:
    """A connection to the database in use; ConfigurationError if its schema is not the newest."""
    with connect(engine_of(database)) as connection:
        _require_head(connection, measurement)
        yield connection


def _require_head(connection: Connection, measurement: str) -> None:
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


def _execute(connection: Connection, statement: str) -> None:
    with _explained(statement):
        execute(connection, statement)


@contextmanager
def _explained(statement: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise BenchmarkFailed(f"{statement}: {said(error)}; {_advice(error)}") from error


def _advice(error: DBAPIError) -> str:
    return {
        _INSUFFICIENT_PRIVILEGE: "the benchmark works in a database of its own: give the role "
        "CREATEDB, or run it on the embedded server",
        _OBJECT_IN_USE: "another benchmark or another session is connected to it; end that "
        "session, or give this database another name with --database NAME",
        _DISK_FULL: "the disk is full; free some space, or take a smaller --scale",
    }.get(sqlstate(error) or "", "fix that, and run again")
