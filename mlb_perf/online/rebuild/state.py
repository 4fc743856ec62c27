"""How far a rebuild is: its row in ``performance_monitoring.rebuilds``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.online.rebuild.target import Target


@dataclass(frozen=True)
class Position:
    """One file of rows: blocks before ``next`` are copied, those from ``end`` on are the trigger's.

    ``filenode`` changes when the table is rewritten (VACUUM FULL, CLUSTER), and the rows
    then lie elsewhere.
    """

    name: str
    filenode: int
    next: int
    end: int


@dataclass(frozen=True)
class State:
    """The row. ``positions`` are of each table that holds rows, by oid as text."""

    phase: str
    positions: dict[str, Position]
    rows_copied: int
    content_hash: str | None


def read_state(connection: Connection, target: Target) -> State | None:
    """The state of this rebuild; None if it has not begun."""
    row = connection.execute(text(sql.read("online/rebuild/state.sql")), key(target)).one_or_none()
    if row is None:
        return None
    positions = {
        oid: Position(value["name"], value["filenode"], row.copied_to.get(oid, 0), value["end"])
        for oid, value in (row.end_key or {}).items()
    }
    return State(row.phase, positions, row.rows_copied, row.content_hash)


def begin(connection: Connection, target: Target, phase: str) -> None:
    """Write the row, in place of one of the table that is done with."""
    connection.execute(
        text(
            "DELETE FROM performance_monitoring.rebuilds"
            " WHERE schema_name = :schema AND table_name = :table AND phase = 'finished'"
        ),
        {"schema": target.schema, "table": target.table},
    )
    connection.execute(
        text(sql.read("online/rebuild/begin.sql")),
        {**key(target), "shadow": target.shadow, "phase": phase},
    )


def advance(
    connection: Connection,
    target: Target,
    *,
    phase: str | None = None,
    positions: dict[str, Position] | None = None,
    rows: int = 0,
    content_hash: str | None = None,
) -> None:
    """Keep what changed, in the transaction that is open."""
    values: dict[str, Any] = {"phase": phase, "rows": rows, "content_hash": content_hash}
    values["copied_to"] = values["end_key"] = None
    if positions is not None:
        values["copied_to"] = json.dumps({oid: p.next for oid, p in positions.items()})
        values["end_key"] = _ends(positions)
    connection.execute(text(sql.read("online/rebuild/advance.sql")), {**key(target), **values})


def _ends(positions: dict[str, Position]) -> str:
    return json.dumps(
        {
            oid: {"name": p.name, "filenode": p.filenode, "end": p.end}
            for oid, p in positions.items()
        }
    )


def key(target: Target) -> dict[str, str]:
    """What names the row, as parameters."""
    return {
        "schema": target.schema,
        "table": target.table,
        "revision": target.revision,
        "direction": target.direction,
    }
