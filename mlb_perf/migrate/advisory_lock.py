"""One migration at a time: a session advisory lock on the database."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from mlb_perf.engine import in_callers_transaction
from mlb_perf.errors import MigrationFailed
from mlb_perf.formatting import printable

log = logging.getLogger("alembic.mlb_perf")

# Any constant does, as long as every version of the package uses the same one.
KEY = int.from_bytes(b"mlb_perf")  # 64 bits

_POLL_SECONDS = 0.1

_HOLDER = text(
    """
    SELECT a.pid, coalesce(a.usename, '?') AS role_name,
      date_trunc('second', now() - a.backend_start)::text AS connected_for
    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid::bigint = :high AND l.objid::bigint = :low
    """
)


_TRY = text("SELECT pg_try_advisory_lock(:key)")
_TRY_IN_TRANSACTION = text("SELECT pg_try_advisory_xact_lock(:key)")


@contextmanager
def one_runner(connection: Connection, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock during the block; wait for another runner to finish.

    In a transaction of the caller it is held until that ends.

    It polls instead of waiting inside the server: a waiting statement holds a
    snapshot, and a concurrent index build of the other runner would wait for
    that snapshot in turn.

    Raises :class:`~mlb_perf.errors.MigrationFailed` after ``timeout_seconds``.
    """
    deadline = time.monotonic() + timeout_seconds
    logged = False
    is_callers = in_callers_transaction(connection)
    while not _try_lock(connection, is_callers=is_callers):
        if time.monotonic() >= deadline:
            raise MigrationFailed(
                f"another migration ({_holder(connection, is_callers=is_callers)}) is still "
                f"running after {timeout_seconds:g} s; wait for it, or end it with "
                "SELECT pg_terminate_backend(pid), and run again"
            )
        if not logged:
            log.info(
                "Waiting for another migration (%s) to finish",
                _holder(connection, is_callers=is_callers),
            )
            logged = True
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        if not is_callers:
            _unlock(connection)


def _try_lock(connection: Connection, *, is_callers: bool) -> bool:
    query = _TRY_IN_TRANSACTION if is_callers else _TRY
    got = connection.execute(query, {"key": KEY}).scalar_one()
    _end(connection, is_callers=is_callers)
    return bool(got)


def _unlock(connection: Connection) -> None:
    # A connection that is lost, or closed by an interrupt, took the lock with it.
    if connection.invalidated or connection.closed:
        return
    connection.rollback()
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": KEY})
    connection.commit()


def holder(connection: Connection, key: int = KEY) -> str | None:
    """The session that holds the lock of this key, None if none does."""
    row = connection.execute(_HOLDER, {"high": key >> 32, "low": key & 0xFFFFFFFF}).first()
    if row is None:
        return None
    role = printable(row.role_name)
    return f"pid {row.pid} of {role}, connected for {row.connected_for}"


def _holder(connection: Connection, *, is_callers: bool) -> str:
    found = holder(connection)
    _end(connection, is_callers=is_callers)
    return found or "just ended"


def _end(connection: Connection, *, is_callers: bool) -> None:
    """Hold no snapshot while waiting; a transaction of the caller goes on."""
    if not is_callers:
        connection.commit()
