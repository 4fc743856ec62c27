"""A revision of which some tables are rebuilt and others are not: it is finished before all else.

A revision of several rebuilds is no single transaction. Killed between two, it
is neither applied nor undone, and every other step would meet tables of a shape
that it does not expect. The command that comes next finishes it, whichever way
it goes itself.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from mlb_perf import sql

log = logging.getLogger("alembic.mlb_perf")

_REBUILDS = "SELECT to_regclass('performance_monitoring.rebuilds')"
_DONE = {"upgrade": "applied", "downgrade": "undone"}


def steps_to_finish(
    connection: Connection,
    script: ScriptDirectory,
    steps: Sequence[RevisionStep],
    applied: Collection[str],
) -> list[RevisionStep]:
    """The steps to take before ``steps``: what is half done is finished, and then taken back.

    Empty where nothing is half done, and where ``steps`` begin with just that.
    Afterwards the revisions in ``applied`` are applied again, and no others.
    """
    if connection.scalar(text(_REBUILDS)) is None:
        return []
    first = (steps[0].revision.revision, steps[0].is_upgrade) if steps else None
    for row in connection.execute(text(sql.read("online/rebuild/half_done.sql"))):
        is_upgrade = row.direction == "upgrade"
        if is_upgrade != (row.revision in applied) and first != (row.revision, is_upgrade):
            log.info("Revision %s is half %s (%s): it is finished first",
                     row.revision, _DONE[row.direction], row.tables)  # fmt: skip
            revision = script.get_revision(row.revision)
            return [
                RevisionStep(script.revision_map, revision, way)
                for way in (is_upgrade, not is_upgrade)
            ]
    return []
