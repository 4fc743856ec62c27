"""A revision that began to rebuild tables and has not ended: it is finished before anything else.

A revision with several rebuilds is not one transaction. Interrupted, it is
neither applied nor undone, and every other step would find tables in a shape
that it does not expect. The next upgrade or downgrade finishes it, in either
direction.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any

from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Row

from mlb_perf.errors import MigrationFailed
from mlb_perf.migrate.advisory_lock import holder
from mlb_perf.online.rebuild.state import BY_COMMAND, half_done

log = logging.getLogger("alembic.mlb_perf")

_DONE = {"upgrade": "applied", "downgrade": "undone"}


def steps_to_finish(
    connection: Connection,
    script: ScriptDirectory,
    steps: Sequence[RevisionStep],
    applied: Collection[str],
) -> list[RevisionStep]:
    """The steps to take before ``steps``: finish the half-done revision, then take it back.

    Empty if no revision is half done, or if ``steps`` begin with it. Afterwards
    the revisions in ``applied`` are applied, and no others. Raises
    :class:`~mlb_perf.errors.MigrationFailed` if the version table contradicts the rebuild.
    """
    known = {revision.revision for revision in script.walk_revisions()}
    first = (steps[0].revision.revision, steps[0].is_upgrade) if steps else None
    for row in half_done(connection):
        is_upgrade = row.direction == "upgrade"
        if row.revision not in known or first == (row.revision, is_upgrade):
            continue
        if is_upgrade == (row.revision in applied):
            raise _contradicted(row, script)
        log.info("%s; finishing it first", sentence(row))
        revision = script.get_revision(row.revision)
        return [
            RevisionStep(script.revision_map, revision, way) for way in (is_upgrade, not is_upgrade)
        ]
    return []


def notices(connection: Connection) -> list[str]:
    """For each half-done revision: its tables, whether a migration is running, and the command."""
    runner = holder(connection)
    running = f"a migration is running ({runner})" if runner else "no migration is running"
    return [
        f"{sentence(row)}; {running}"
        + ("" if runner else "; finish it with: mlb-perf alembic " + command(row))
        for row in half_done(connection)
        if not row.revision.startswith(BY_COMMAND)
    ]


def sentence(row: Row[Any]) -> str:
    """What is half done, and the phase of each table."""
    return f"Revision {row.revision} is half {_DONE[row.direction]} ({row.tables})"


def command(row: Row[Any]) -> str:
    """The Alembic command that finishes the revision: an upgrade to it, or a downgrade past it."""
    return f"{row.direction} {row.revision}" + ("" if row.direction == "upgrade" else "-1")


def _contradicted(row: Row[Any], script: ScriptDirectory) -> MigrationFailed:
    """A stamp has moved the version table past a revision that is half done."""
    revision = script.get_revision(row.revision)
    assert revision is not None
    before = str(revision.down_revision or "base")
    at, says = (before, "applied") if row.direction == "upgrade" else (row.revision, "not applied")
    return MigrationFailed(
        f"{sentence(row)}, but the version table says that it is {says}; nothing was changed. "
        f"Correct the version table (alembic stamp {at}), finish the revision (alembic "
        f"{command(row)}), and run again"
    )
