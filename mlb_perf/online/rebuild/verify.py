"""Verification: the same rows on both sides, counted and hashed in one snapshot.

The shadow's values are cast back to the old types first: they are compared as a
reader of the old table would see them.
"""

from __future__ import annotations

import hashlib
import logging

from sqlalchemy import Row

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import MigrationFailed
from mlb_perf.online.journal import Step
from mlb_perf.online.lock_ladder import transaction
from mlb_perf.online.rebuild.columns import as_old
from mlb_perf.online.rebuild.prepare import both
from mlb_perf.online.rebuild.target import SHADOWS, Rebuild

log = logging.getLogger("alembic.mlb_perf")

START_OVER = (
    f"DROP SCHEMA {SHADOWS} CASCADE",
    "DELETE FROM performance_monitoring.rebuilds WHERE phase IN ('copying', 'verified')",
)
"""The statements that remove a copy and leave the table as it is."""


def verify(rebuild: Rebuild) -> str:
    """The hash of the rows, hexadecimal, if both sides have the same rows; repairs once.

    A partition that was attached or detached during the copy makes a difference: its rows came or
    went without a trigger. Raises :class:`~mlb_perf.errors.MigrationFailed` if one is left.
    """
    found = _digests(rebuild)
    if not _same(found):
        log.info("%s: the shadow differs (%s); it is repaired", rebuild.target.live, _said(found))
        repaired = Step(
            rebuild.connection, rebuild.step.revision, "repair_copy", rebuild.target.live
        )
        repaired.rows = _repair(rebuild)
        repaired.write("succeeded")
        found = _digests(rebuild)
    if not _same(found):
        raise MigrationFailed(
            f"{rebuild.target.live}: the copy differs from the table: {_said(found)}; nothing was "
            "swapped, the table is as it was. Run again; if the difference stays, report it, and "
            f"copy again from the start: {'; '.join(START_OVER)}"
        )
    rebuild.step.rows = found.new_count
    return hashlib.sha256(f"{found.new_count}:{found.new_digest}".encode()).hexdigest()


def _digests(rebuild: Rebuild) -> Row[tuple[int, str, int, str]]:
    old, new = both(rebuild)
    statement = sql.read("online/rebuild/digest.sql").format(
        live=rebuild.target.live,
        shadow=rebuild.target.shadow,
        old_columns=old.listed("r."),
        new_columns=as_old(old, new),
    )
    with transaction(rebuild.connection):
        rebuild.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return execute(rebuild.connection, statement).one()


def _repair(rebuild: Rebuild) -> int:
    """Delete rows that the table lacks, write rows that differ; the number of both."""
    old, new = both(rebuild)
    names = {
        "live": rebuild.target.live,
        "shadow": rebuild.target.shadow,
        "key": new.key_listed(),
        "key_r": new.key_listed("r."),
        "key_s": new.key_listed("s."),
        "names": old.listed(),
        "columns": old.listed(),
        "old_columns": old.listed("r."),
        "new_columns": as_old(old, new),
        "assignments": new.assignments(),
    }
    with transaction(rebuild.connection):
        for file in ("differ", "unneeded", "repair"):
            rebuild.run(sql.read(f"online/rebuild/{file}.sql").format(**names))
        count = rebuild.connection.exec_driver_sql("SELECT count(*) FROM mlb_perf_differ")
        return int(count.scalar_one())


def _same(found: Row[tuple[int, str, int, str]]) -> bool:
    return (found.old_count, found.old_digest) == (found.new_count, found.new_digest)


def _said(found: Row[tuple[int, str, int, str]]) -> str:
    return (
        f"{found.old_count:,} rows with hash {found.old_digest} in the table, "
        f"{found.new_count:,} with {found.new_digest} in its copy"
    )
