"""What the tests of the monitoring's SQL have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

SCHEMA = "performance_monitoring"


def asked(connection: Connection, query: str, /, **values: Any) -> list[dict[str, Any]]:
    """The rows of a query, each as a dictionary."""
    return [dict(row._mapping) for row in connection.execute(text(query), values)]


def ask(engine: Engine, query: str, /, **values: Any) -> list[dict[str, Any]]:
    """The rows of a query on a connection of its own, whose changes are committed."""
    with engine.begin() as connection:
        return asked(connection, query, **values)


def do(engine: Engine, *statements: str) -> None:
    """Run statements, each by itself, and let their counts arrive in the statistics."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")


def version(engine: Engine) -> int:
    """15 or 18."""
    return int(
        ask(engine, "SELECT current_setting('server_version_num')::int / 10000 AS v")[0]["v"]
    )


@contextmanager
def role(engine: Engine, name: str, *grants: str) -> Iterator[Engine]:
    """An engine of a new role that may log in, with the given grants; dropped afterwards."""
    do(engine, f"DROP ROLE IF EXISTS {name}", f"CREATE ROLE {name} LOGIN PASSWORD 'secret'",
       *(grant.replace("ROLE", name) for grant in grants))  # fmt: skip
    other = create_engine(engine.url.set(username=name, password="secret"), poolclass=NullPool)
    try:
        yield other
    finally:
        other.dispose()
        do(engine, f"DROP OWNED BY {name}", f"DROP ROLE {name}")
