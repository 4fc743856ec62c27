"""What ``status`` and ``plan`` say of a revision that is half done."""

from __future__ import annotations

from sqlalchemy import Connection

from mlb_perf.journal import JOURNAL
from mlb_perf.migrate.advisory_lock import holder
from mlb_perf.online.half_done import command, sentence
from mlb_perf.online.rebuild.state import BY_COMMAND, half_done


def notices(connection: Connection) -> list[str]:
    """For each half-done revision: its tables, whether a migration is running, and the command."""
    runner = holder(connection)
    running = f"a migration is running ({runner})" if runner else "no migration is running"
    return [
        f"{sentence(row)}; {running}"
        + ("" if runner else "; finish it with: mlb-perf alembic " + command(row))
        for row in half_done(connection, JOURNAL)
        if not row.revision.startswith(BY_COMMAND)
    ]
