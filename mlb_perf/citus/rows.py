"""The rows of tables, counted and hashed, before and after they are moved."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import DistributionFailed
from mlb_perf.formatting import plural

Digest = tuple[int, int]
"""Rows, and the sum of their hashes."""


def digests(connection: Connection, tables: Iterable[str]) -> dict[str, Digest]:
    """By table. A hash is of values, so it depends on no setting of a node's session."""
    found = {}
    for table in tables:
        row = execute(connection, sql.read("citus/digest.sql").replace("{table}", table)).one()
        found[table] = (int(row.rows), int(row.total))
    return found


def require_same(before: dict[str, Digest], after: dict[str, Digest]) -> None:
    """Raise :class:`~mlb_perf.errors.DistributionFailed` if a table has other rows than before."""
    differing = [
        f"{table} had {plural(rows, 'row')} and has {after[table][0]:,}"
        + ("" if after[table][0] != rows else ", of other contents")
        for table, (rows, _) in before.items()
        if after[table] != before[table]
    ]
    if differing:
        raise DistributionFailed(
            f"rows changed while they were moved, so nothing of this step is kept: "
            f"{'; '.join(differing)}; run again, and report it with the versions of Citus and "
            "PostgreSQL if it stays"
        )
