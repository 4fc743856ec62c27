"""The session of a migration: its settings have taken effect, and it stays on one backend.

A pooler may ignore the settings of a connection, or give each transaction another backend. A
migration would then write other moments, wait for locks without a limit, and leave its advisory
lock behind in the pool.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

from mlb_perf.errors import ConfigurationError

_ADVICE = "connect to the server directly, on its own port, and run again"


def require(connection: Connection, settings: Mapping[str, str]) -> None:
    """Raise :class:`~mlb_perf.errors.ConfigurationError` if a pooler is in the way."""
    found = connection.execute(
        text("SELECT lower(name), setting FROM pg_settings WHERE lower(name) = ANY (:names)"),
        {"names": list(settings)},
    ).all()
    differing = [name for name, value in found if value != settings[name].removesuffix("ms")]
    pids = {_pid(connection) for _ in range(3)}
    if differing:
        raise ConfigurationError(
            f"the connection has not taken {', '.join(sorted(differing))}: a pooler such as "
            f"PgBouncer ignores the settings of a connection (ignore_startup_parameters); {_ADVICE}"
        )
    if len(pids) > 1:
        raise ConfigurationError(
            "each transaction of the connection has another backend: a pooler such as PgBouncer "
            f"is in transaction mode (pool_mode), and the runners' lock would be lost; {_ADVICE}"
        )


def without_transaction_timeout(connection: Connection) -> None:
    """Switch it off for the session (PostgreSQL 17 and later): a copy takes longer than a query."""
    connection.execute(
        text(
            "SELECT set_config(name, '0', false) FROM pg_settings"
            " WHERE name = 'transaction_timeout'"
        )
    )
    connection.commit()


def _pid(connection: Connection) -> int:
    found = int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
    connection.rollback()
    return found
