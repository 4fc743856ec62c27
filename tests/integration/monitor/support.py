"""What the tests of the monitoring's SQL have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from tests.support.databases import engine_on
from tests.support.sql import run, value

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
    run(engine, *statements, "SELECT pg_stat_force_next_flush()")


def version(engine: Engine) -> int:
    """15 or 18."""
    return int(value(engine, "SELECT current_setting('server_version_num')::int / 10000"))


@contextmanager
def role(engine: Engine, name: str, *grants: str) -> Iterator[Engine]:
    """An engine of a new role that may log in, with the given grants; dropped afterwards."""
    do(engine, f"DROP ROLE IF EXISTS {name}", f"CREATE ROLE {name} LOGIN PASSWORD 'secret'",
       *(grant.replace("ROLE", name) for grant in grants))  # fmt: skip
    other = engine_on(engine.url.set(username=name, password="secret"))
    try:
        yield other
    finally:
        other.dispose()
        do(engine, f"DROP OWNED BY {name}", f"DROP ROLE {name}")
