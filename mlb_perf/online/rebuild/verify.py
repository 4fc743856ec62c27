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
from mlb_perf.online.locks import transaction
from mlb_perf.online.rebuild import state
from mlb_perf.online.rebuild.columns import sides
from mlb_perf.online.rebuild.fit import require_fit
from mlb_perf.online.rebuild.target import Rebuild

log = logging.getLogger("alembic.mlb_perf")


def verify(rebuild: Rebuild) -> str:
    """The hash of the rows, hexadecimal, if both sides have the same rows; repairs once.

    A partition that was attached or detached during the copy makes a difference: its rows came or
    went without a trigger. Raises :class:`~mlb_perf.errors.MigrationFailed` if one is left.
    """
    found = _digests(rebuild)
    if not _same(found):
        log.info("%s: the shadow differs (%s); it is repaired", rebuild.target.live, _said(found))
        repaired = rebuild.step.part("repair_copy")
        repaired.rows = _repair(rebuild)
        repaired.write("succeeded")
        found = _digests(rebuild)
    if not _same(found):
        require_fit(rebuild)  # a row that came during the copy may have been rounded
        raise MigrationFailed(
            f"{rebuild.target.live}: the copy differs from the table: {_said(found)}; nothing was "
            "swapped, the table is as it was. Run again; if the difference stays, report it, and "
            f"copy again from the start: {'; '.join(state.start_over(rebuild.journal))}"
        )
    rebuild.step.rows = found.new_count
    return hashlib.sha256(f"{found.new_count}:{found.new_digest}".encode()).hexdigest()


def _digests(rebuild: Rebuild) -> Row[tuple[int, str, int, str]]:
    both = sides(rebuild)
    statement = sql.read("online/rebuild/digest.sql").format(
        live=rebuild.target.live,
        shadow=rebuild.target.shadow,
        old_columns=both.of_old(),
        new_columns=both.of_new(),
    )
    with transaction(rebuild.connection):
        rebuild.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return execute(rebuild.connection, statement).one()


def _repair(rebuild: Rebuild) -> int:
    """Delete rows that the table lacks, write rows that differ; the number of both."""
    both = sides(rebuild)
    names = {
        "live": rebuild.target.live,
        "shadow": rebuild.target.shadow,
        "key": both.listed_key(),
        "key_r": both.listed_key("r."),
        "key_s": both.listed_key("s."),
        "names": both.names,
        "columns": both.written,
        "values": both.read,
        "old_columns": both.of_old(),
        "new_columns": both.of_new(),
        "assignments": both.assignments,
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
