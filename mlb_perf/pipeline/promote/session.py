"""A session that promotes: its settings, its temporary tables, its statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, CursorResult, Date, column, func, select
from sqlalchemy import table as sql_table

from mlb_perf import engine, sql
from mlb_perf.distribution import is_distributed
from mlb_perf.engine import connect, migration_engine
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.migrate.session import require, without_transaction_timeout
from mlb_perf.pipeline.promote import copies

APPLICATION = "mlb_perf promote"
"""How its sessions are named in pg_stat_activity."""

_FOLDER = "pipeline/promote"
_IS_DISTRIBUTED = "mlb_perf_is_distributed"
_OPEN = re.compile(r"\{([a-z_]+)\}")

# The statements are over a batch of known size: what the planner would win by
# compiling or by more processes is less than what it costs. A batch of 2,000 rows
# fits into these buffers, which a session takes as it needs them.
_SETTINGS = {
    "timezone": "UTC",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "temp_buffers": "64MB",
    "work_mem": "32MB",
    "application_name": APPLICATION,
    "default_transaction_isolation": "read committed",
    # A role's own limits would end a large batch at each try.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}

# A pooler that ignores the settings would shift moments, and one that shares its backends would
# mix the temporary tables of two sessions.
_REQUIRED = {name: _SETTINGS[name] for name in ("timezone", "statement_timeout")}


@contextmanager
def promoting(url: URL) -> Iterator[Connection]:
    """A connection with the temporary tables of a batch; each transaction empties them.

    Raises :class:`~mlb_perf.errors.ConfigurationError` if a pooler is in the way.
    """
    with connect(migration_engine(url, _SETTINGS)) as connection:
        require(connection, _REQUIRED)
        without_transaction_timeout(connection)
        with cancel_on_interrupt(connection):  # its functions read tables that may be locked
            are_copied = connection.info[_IS_DISTRIBUTED] = is_distributed(connection)
            for file in _session_files(are_copied):
                named, _ = copies.named(statement(file), are_copied)
                engine.execute(connection, named)
            connection.commit()
        if are_copied:
            copies.follow(connection)
        yield connection


def is_copying(connection: Connection) -> bool:
    """Whether its statements read copies, because Citus has the tables."""
    return bool(connection.info[_IS_DISTRIBUTED])


def _session_files(are_copied: bool) -> Iterator[str]:
    if are_copied:
        yield "distributed/settings.sql"
        yield "copies/session.sql"
    yield "session.sql"
    yield "append/session.sql"


def execute(
    connection: Connection,
    name: str,
    values: Mapping[str, str] | None = None,
    parts: Mapping[str, str] | None = None,
) -> int:
    """Run a file below ``sql/pipeline/promote``; how many rows its last statement touched.

    ``parts`` of it are the text of other files.
    """
    return ask(connection, name, values, parts).rowcount


def ask(
    connection: Connection,
    name: str,
    values: Mapping[str, str] | None = None,
    parts: Mapping[str, str] | None = None,
) -> CursorResult[Any]:
    """The rows of a file below ``sql/pipeline/promote``; see :func:`execute`."""
    return engine.execute(connection, fill(text_of(connection, name, parts or {}), values or {}))


def text_of(connection: Connection, name: str, parts: Mapping[str, str] | None = None) -> str:
    """The file with the tables that this session reads, which are up to date for one statement.

    A file below ``distributed`` stands for another one where tables are distributed.
    """
    are_copied = is_copying(connection)
    template = fill(statement(variant(name) if are_copied else name), parts or {})
    return copies.read(connection, template, are_copied=are_copied)


@cache
def variant(name: str) -> str:
    """The file's counterpart for distributed tables, if it has one; else its own name."""
    other = f"distributed/{name}"
    return other if sql.exists(f"{_FOLDER}/{other}") else name


def date_bounds(connection: Connection, table: str) -> dict[str, str] | None:
    """The first and the last date of a temporary table's games; None if there are none.

    As literals, so that partitions of other months are left out by the planner.
    """
    day = column("game_date", Date)
    query = select(func.min(day), func.max(day)).select_from(sql_table(table))
    first, last = connection.execute(query).one()
    if first is None:
        return None
    return {"first_date": f"date '{first}'", "last_date": f"date '{last}'"}


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put ``values`` where the file leaves ``{name}`` open; they are the package's own words."""
    return _OPEN.sub(lambda match: values.get(match[1], match[0]), template)


def hot_rows(connection: Connection, values: Mapping[str, str]) -> str:
    """The raw table to read hot rows from: the real one, or a copy of these rows."""
    if not is_copying(connection):
        return f"raw_data.{values['table']}"
    execute(connection, "copies/hot_rows.sql", values)
    return "pg_temp.hot_rows"


@cache
def statement(name: str) -> str:
    """The text of a file below ``sql/pipeline/promote``."""
    return sql.read(f"{_FOLDER}/{name}")
