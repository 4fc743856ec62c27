"""A revision of which some tables are rebuilt and others are not: the next command goes on with it.

A revision of several rebuilds is no single transaction. Killed between two, it
is neither applied nor undone, and every other step would meet tables of a shape
that it does not expect.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from alembic.runtime.migration import RevisionStep
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import MigrationFailed


def refuse_other_steps(
    connection: Connection, steps: Sequence[RevisionStep], applied: Collection[str]
) -> None:
    """Raise :class:`~mlb_perf.errors.MigrationFailed` if another revision is half done."""
    if not steps or connection.scalar(text(_REBUILDS)) is None:
        return
    first = steps[0].revision.revision, "upgrade" if steps[0].is_upgrade else "downgrade"
    for row in connection.execute(text(sql.read("migrate/rebuild/half_done.sql"))):
        is_applied = row.revision in applied
        if (row.direction == "upgrade") != is_applied and first != (row.revision, row.direction):
            raise MigrationFailed(
                f"revision {row.revision} is half {_DONE[row.direction]}: {row.tables}; nothing "
                f"was changed. Finish it first: {_command(row.revision, row.direction)}"
            )


_REBUILDS = "SELECT to_regclass('performance_monitoring.rebuilds')"
_DONE = {"upgrade": "applied", "downgrade": "undone"}


def _command(revision: str, direction: str) -> str:
    return f"alembic upgrade {revision}" if direction == "upgrade" else "alembic downgrade -1"
