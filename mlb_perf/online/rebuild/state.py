"""The progress of a rebuild: its row in the journal.

A table has one row for each revision and direction. ``copied_to`` holds, besides the blocks that
are copied, which rebuild of the table the row is about (``step``) and those that the same revision
finished before (``done``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from mlb_perf.errors import MigrationFailed
from mlb_perf.online.journal import Journal
from mlb_perf.online.rebuild.target import Rebuild, Target
from mlb_perf.online.shadows import SHADOWS

_OVER = ("swapped", "finished")

BY_COMMAND = ("repack_", "unpart_")
"""How the name of a rebuild begins that a command began, and no revision."""


@dataclass(frozen=True)
class Position:
    """One file of rows: blocks before ``next`` are copied, those from ``end`` on are the trigger's.

    ``filenode`` changes when the table is rewritten (VACUUM FULL, CLUSTER), and ``attached`` when
    a partition is detached and attached again: its rows are elsewhere, or others, after that.
    """

    name: str
    filenode: int
    next: int
    end: int
    attached: str | None = None


@dataclass(frozen=True)
class State:
    """The row. ``positions`` are of each table that holds rows, by oid as text."""

    phase: str
    positions: dict[str, Position]
    rows_copied: int
    content_hash: str | None


def read_state(rebuild: Rebuild) -> State | None:
    """The state of this rebuild; None if it has not begun.

    Raises :class:`~mlb_perf.errors.MigrationFailed` if another rebuild of the table is unfinished.
    """
    target = rebuild.target
    rows = rebuild.connection.execute(rebuild.journal.query("rebuild/state.sql"), key(target)).all()
    for row in rows:
        if not row.is_own and row.phase not in _OVER:
            raise _unfinished(row, target)
    own = next((row for row in rows if row.is_own), None)
    if own is None:
        return None
    if _step(own) in (None, target.step):
        return _state_of(own)
    if own.phase in _OVER and _comes_next(own, target):
        return None
    if target.step in own.copied_to.get("done", ()):
        return State("finished", {}, 0, None)
    raise _unfinished(own, target)


def begin(rebuild: Rebuild, phase: str) -> None:
    """Write the row; rows of finished revisions that rebuilt the table are deleted."""
    target = rebuild.target
    rebuild.connection.execute(
        rebuild.journal.query("rebuild/begin.sql"),
        {**key(target), "step": target.step, "shadow": target.shadow, "phase": phase},
    )


def advance(
    rebuild: Rebuild,
    *,
    phase: str | None = None,
    positions: Mapping[str, Position] | None = None,
    rows: int = 0,
    content_hash: str | None = None,
) -> None:
    """Write what changed, in the transaction that is open."""
    values: dict[str, Any] = {"phase": phase, "rows": rows, "content_hash": content_hash}
    values["copied_to"] = values["end_key"] = None
    if positions is not None:
        values["copied_to"] = json.dumps({oid: p.next for oid, p in positions.items()})
        values["end_key"] = json.dumps({oid: _end(p) for oid, p in positions.items()})
    rebuild.connection.execute(
        rebuild.journal.query("rebuild/advance.sql"), {**key(rebuild.target), **values}
    )


def finish_revision(
    connection: Connection, journal: Journal, revision: str, direction: str
) -> None:
    """The revision ends: so do its rebuilds, in the transaction that writes the version table.

    Until then a rebuilt table counts as half done: an interrupted revision is finished first.
    """
    if has_states(connection, journal):
        connection.execute(
            journal.query("rebuild/finish_revision.sql"),
            {"revision": revision, "direction": direction},
        )


def has_states(connection: Connection, journal: Journal) -> bool:
    """Whether the table of the rows exists: a revision creates it."""
    found = connection.execute(text("SELECT to_regclass(:table)"), {"table": journal.rebuilds})
    return found.scalar() is not None


def half_done(connection: Connection, journal: Journal) -> list[Row[Any]]:
    """Revisions that began to rebuild tables and have not ended: revision, direction, tables."""
    if not has_states(connection, journal):
        return []
    return list(connection.execute(journal.query("rebuild/half_done.sql")))


def start_over(journal: Journal) -> tuple[str, ...]:
    """The statements that remove a copy and leave the table as it is."""
    return (
        f"DROP SCHEMA IF EXISTS {SHADOWS} CASCADE",
        f"DELETE FROM {journal.rebuilds} WHERE phase IN ('copying', 'verified')",  # noqa: S608
    )


def key(target: Target) -> dict[str, str]:
    """The key of the row, as parameters."""
    return {
        "schema": target.schema,
        "table": target.table,
        "revision": target.revision,
        "direction": target.direction,
    }


def _step(row: Row[Any]) -> str | None:
    """The rebuild that the row is about; None in a row of a version that did not write it."""
    step = (row.copied_to or {}).get("step")
    return str(step) if step is not None else None


def _comes_next(row: Row[Any], target: Target) -> bool:
    """Whether this rebuild follows the one of the row, or the row does not know it."""
    follows = str(_step(row)).endswith(f"-{target.was.digest}")
    return follows or target.step not in row.copied_to.get("done", ())


def _state_of(row: Row[Any]) -> State:
    positions = {
        oid: Position(next=row.copied_to.get(oid, 0), **value)
        for oid, value in (row.end_key or {}).items()
    }
    return State(row.phase, positions, row.rows_copied, row.content_hash)


def _end(position: Position) -> dict[str, Any]:
    given = {"name": position.name, "filenode": position.filenode, "end": position.end}
    return {**given, "attached": position.attached}


def _unfinished(row: Row[Any], target: Target) -> MigrationFailed:
    return MigrationFailed(
        f"{target.live} is being rebuilt by the {row.direction} of revision {row.revision} "
        f"({row.phase}), which is not this one; nothing was changed. Finish that first, with the "
        f"same command and files that began it: alembic {row.direction}"
    )
