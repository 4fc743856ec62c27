"""The session of a migration: its settings have taken effect, and it stays on one backend.

A pooler may ignore the settings of a connection, or give each transaction another backend. A
migration would then write other moments, wait for locks without a limit, and leave its advisory
lock behind in the pool.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import Connection, text

from mlb_perf.engine import driver, in_callers_transaction
from mlb_perf.errors import ConfigurationError

_ADVICE = "connect to the server directly, on its own port, and run again"

# Only those that the server has: transaction_timeout came with PostgreSQL 17.
_CURRENT = text(
    "SELECT lower(name), current_setting(name) FROM pg_settings WHERE lower(name) = ANY (:names)"
)
_SET = text(
    "SELECT set_config(name, value, :is_local)"
    " FROM unnest(CAST(:names AS text[]), CAST(:values AS text[])) AS s (name, value)"
)
_TAKEN = text("SELECT lower(name), setting FROM pg_settings WHERE lower(name) = ANY (:names)")
_NO_TRANSACTION_TIMEOUT = {"transaction_timeout": "0"}


def require(connection: Connection, settings: Mapping[str, str]) -> None:
    """Raise :class:`~mlb_perf.errors.ConfigurationError` if a pooler is in the way."""
    found = connection.execute(_TAKEN, {"names": list(settings)}).all()
    differing = [name for name, value in found if value != settings[name].removesuffix("ms")]
    connection.rollback()
    if differing:
        raise ConfigurationError(
            f"the connection has not taken {', '.join(sorted(differing))}: a pooler such as "
            f"PgBouncer ignores the settings of a connection (ignore_startup_parameters); {_ADVICE}"
        )
    require_own_backend(connection)


def require_own_backend(connection: Connection) -> None:
    """Raise :class:`~mlb_perf.errors.ConfigurationError` if other clients share its backend."""
    pids = {_pid(connection) for _ in range(3)}
    if len(pids) > 1 or (_is_pooled(connection, pids) and _is_shared(connection, pids)):
        raise ConfigurationError(
            "the transactions of the connection share a backend with other clients: a pooler such "
            "as PgBouncer is in transaction mode (pool_mode), and the runners' lock would be lost; "
            f"{_ADVICE}"
        )


def without_transaction_timeout(connection: Connection) -> None:
    """Switch it off for the session (PostgreSQL 17 and later): a copy takes longer than a query."""
    known = _current(connection, _NO_TRANSACTION_TIMEOUT)
    _set(connection, dict.fromkeys(known, "0"), is_local=False)


@contextmanager
def lent(connection: Connection, settings: Mapping[str, str]) -> Iterator[None]:
    """Give a caller's connection the settings for the block, and then those that it had.

    Within a transaction of the caller the settings are the transaction's own. Otherwise the
    isolation level, which may be AUTOCOMMIT, is that of a migration too. Raises
    :class:`~mlb_perf.errors.ConfigurationError` for a connection that cannot be used.
    """
    is_local = in_callers_transaction(connection)
    if connection.in_transaction() and not is_local:
        raise ConfigurationError(
            "the connection that was given is in AUTOCOMMIT mode and has begun a transaction, "
            "which cannot be rolled back; commit() it first, or give the engine"
        )
    if not is_local:
        require_own_backend(connection)
    wanted = {**settings, **_NO_TRANSACTION_TIMEOUT}
    before = _current(connection, wanted)
    try:
        # psycopg2 resets default_transaction_isolation when it leaves its autocommit mode.
        with _isolated(connection, is_local=is_local):
            _set(connection, {name: wanted[name] for name in before}, is_local=is_local)
            yield
    finally:
        _restore(connection, before, is_local=is_local)


@contextmanager
def _isolated(connection: Connection, *, is_local: bool) -> Iterator[None]:
    """READ COMMITTED for the block, if no transaction is open."""
    if is_local:
        yield
        return
    connection.rollback()
    is_autocommit = driver(connection).autocommit
    before = "AUTOCOMMIT" if is_autocommit else connection.get_isolation_level()
    connection.execution_options(isolation_level="READ COMMITTED")
    try:
        yield
    finally:
        if not _is_lost(connection):
            connection.rollback()
            connection.execution_options(isolation_level=before)


def _current(connection: Connection, settings: Mapping[str, str]) -> dict[str, str]:
    """The values now of those that the server has."""
    found = connection.execute(_CURRENT, {"names": list(settings)})
    return {str(name): str(value) for name, value in found}


def _restore(connection: Connection, before: Mapping[str, str], *, is_local: bool) -> None:
    """Not on a lost connection, nor in a failed transaction, whose rollback does the same."""
    if _is_lost(connection):
        return
    if driver(connection).info.transaction_status != TRANSACTION_STATUS_INERROR:
        _set(connection, before, is_local=is_local)


def _set(connection: Connection, settings: Mapping[str, str], *, is_local: bool) -> None:
    connection.execute(
        _SET,
        {"names": list(settings), "values": list(settings.values()), "is_local": is_local},
    )
    if not is_local:
        connection.commit()


def _is_lost(connection: Connection) -> bool:
    return connection.closed or connection.invalidated


def _is_pooled(connection: Connection, pids: set[int]) -> bool:
    """Whether the pid that the client was given is another: a pooler gives one of its own."""
    return driver(connection).info.backend_pid not in pids


def _is_shared(connection: Connection, pids: set[int]) -> bool:
    """Whether a second client gets the same backend while the first one is connected."""
    pool = connection.engine.pool.recreate()
    second = pool.connect()
    try:
        cursor = second.cursor()
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone() in {(pid,) for pid in pids}
    finally:
        second.close()
        pool.dispose()


def _pid(connection: Connection) -> int:
    found = int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
    connection.rollback()
    return found
