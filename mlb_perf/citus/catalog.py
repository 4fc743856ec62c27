"""What the database and its cluster say: nodes, distributed tables, obstacles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.citus.layout import Placement

_VERSION = text("SELECT extversion FROM pg_extension WHERE extname = 'citus'")


@dataclass(frozen=True)
class Node:
    """A node; ``free_locks`` is None if it did not answer, and ``error`` says why."""

    address: str
    is_coordinator: bool
    has_shards: bool
    free_locks: int | None
    error: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the models as the database has it; ``method`` is None if it is local.

    ``relations``: tables and indexes that each shard has. ``local_bytes``: of rows that the
    coordinator still holds although the table is distributed.
    """

    name: str
    method: str | None
    distributed_by: str | None
    key_type: str | None
    relations: int
    partitions: int
    bytes: int
    local_bytes: int


def version(connection: Connection) -> str | None:
    """The version of the extension, ``13.2-1``; None if the database has none."""
    found = connection.execute(_VERSION).scalar_one_or_none()
    return None if found is None else str(found)


def nodes(connection: Connection) -> list[Node]:
    """The nodes of the metadata, the coordinator first."""
    return [
        Node(
            row.address,
            row.groupid == 0,
            row.shouldhaveshards and row.isactive,
            int(row.result) if row.success else None,
            "" if row.success else str(row.result or "it is not active"),
        )
        for row in connection.execute(text(sql.read("citus/nodes.sql")))
    ]


def tables(connection: Connection, placed: Sequence[Placement]) -> dict[str, Table]:
    """By qualified name; a table that does not exist is left out."""
    rows = connection.execute(text(sql.read("citus/tables.sql")), _given(placed))
    return {
        row.name: Table(
            row.name, row.method, row.distributed_by, row.key_type, int(row.relations),
            row.partitions, int(row.bytes), int(row.local_bytes),
        )
        for row in rows
    }  # fmt: skip


def obstacles(connection: Connection, placed: Sequence[Placement]) -> list[str]:
    """Triggers, keys and foreign keys that Citus refuses, one sentence each."""
    query = text(sql.read("citus/obstacles.sql"))
    return list(connection.execute(query, _given(placed)).scalars())


def _given(placed: Iterable[Placement]) -> dict[str, Any]:
    chosen = list(placed)
    return {
        "schemas": [it.schema for it in chosen],
        "names": [it.name for it in chosen],
        "keys": [it.key for it in chosen],
    }
