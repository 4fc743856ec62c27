"""Where a database is among the revisions, and what an upgrade needs: for info, plan and status."""

from __future__ import annotations

from dataclasses import dataclass

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.migrate.config import current_revisions, scripts
from mlb_perf.migrate.revision_tables import tables_of
from mlb_perf.migrate.version_table import without_contained

_UPGRADE = "mlb-perf alembic upgrade"


@dataclass(frozen=True)
class Position:
    """``now``: the version table; ``heads``: the newest revisions.

    ``remedy``: the command or the step to the newest revisions; None at them. It is never one that
    the guards refuse. ``is_plannable``: Alembic can go on from ``now``.
    """

    now: tuple[str, ...]
    heads: tuple[str, ...]
    is_plannable: bool
    remedy: str | None

    @property
    def is_newest(self) -> bool:
        return self.remedy is None


def position(connection: Connection) -> Position:
    """Read it; the tables are looked for too, because an upgrade does so."""
    script = scripts()
    heads = tuple(sorted(script.get_heads()))
    now = tuple(sorted(current_revisions(connection)))
    known = {revision.revision for revision in script.walk_revisions()}
    unknown = tuple(revision for revision in now if revision not in known)
    is_plannable = not unknown and len(without_contained(script, now)) == len(now)
    return Position(now, heads, is_plannable, _remedy(connection, script, now, unknown))


def _remedy(
    connection: Connection, script: ScriptDirectory, now: tuple[str, ...], unknown: tuple[str, ...]
) -> str | None:
    if unknown:
        return (
            f"{', '.join(unknown)} is not a revision of this mlb_perf: install the version that "
            "wrote it, or name the alembic.ini of your own revisions in ALEMBIC_CONFIG"
        )
    if len(newest := without_contained(script, now)) < len(now):
        return (
            f"{', '.join(newest)} alone says the same: mlb-perf alembic stamp --purge "
            f"{' '.join(newest)}"
        )
    has_tables = _has_tables(connection, script, now)
    if now and not has_tables:
        return (
            "none of the tables of that revision exists: name the version_table of mlb_perf in "
            "alembic.ini"
        )
    if not now and has_tables:
        return "it has tables of mlb_perf without a revision: mlb-perf adopt --check"
    heads = script.get_heads()
    if set(now) == set(heads):
        return None
    return f"{_UPGRADE} {'heads' if len(heads) > 1 else 'head'}"


def _has_tables(connection: Connection, script: ScriptDirectory, now: tuple[str, ...]) -> bool:
    """Whether a table of the revisions in ``now``, or of any, exists."""
    revisions = script.iterate_revisions(now, "base") if now else script.walk_revisions()
    query = text(sql.read("catalog/present.sql"))
    tables = sorted(tables_of(revision.module for revision in revisions))
    found = connection.execute(query, {"tables": tables}).first()
    return found is not None or bool(now and not tables)
