"""A database with its keys alone: primary keys, unique indexes and exclusion constraints."""

from __future__ import annotations

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.engine import execute


def drop(connection: Connection) -> list[str]:
    """Drop the other indexes of the package's schemas, for good; their names, ``schema.name``."""
    names = list(connection.execute(text(sql.read("bench/secondary_indexes.sql"))).scalars())
    if names:
        execute(connection, f"DROP INDEX {', '.join(names)}")
    return names
