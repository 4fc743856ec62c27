"""Rebuild any table online: repack it as it is, or make one table of its partitions.

A revision has two shape files; here the shape is read from the catalog. The steps, locks and the
way on after an interruption are those of :mod:`mlb_perf.online.rebuild`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import Connection, Row, text

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import PartitionFailed
from mlb_perf.journal import JOURNAL
from mlb_perf.names import IDENTIFIER, qualified
from mlb_perf.online.indexes.shape import parse
from mlb_perf.online.journal import Step, logged
from mlb_perf.online.locks import Patience
from mlb_perf.online.rebuild.run import run
from mlb_perf.online.rebuild.shape_file import TableShape
from mlb_perf.online.rebuild.target import Rebuild, Target
from mlb_perf.partitions.catalog import resolve
from mlb_perf.partitions.rebuild_command import Kind
from mlb_perf.partitions.session import explained

_NAME = re.compile(rf"^    ({IDENTIFIER}) ", re.MULTILINE)
_UNFINISHED = text(
    "SELECT revision FROM performance_monitoring.rebuilds WHERE schema_name = :schema"
    " AND table_name = :table AND phase <> 'finished' AND revision ~ '^(repack|unpart)_'"
)


def rebuild(connection: Connection, name: str, kind: Kind, patience: Patience) -> str:
    """Rebuild a table, or finish its interrupted rebuild; its qualified name.

    ``name`` is as in SQL; the connection is in autocommit mode, and its user owns the table.
    Readers and writers continue: SHARE ROW EXCLUSIVE for a moment at the start, ACCESS EXCLUSIVE
    for the swap, both by the lock ladder. Raises
    :class:`~mlb_perf.errors.PartitionFailed` for a table that it cannot rebuild, and what a
    rebuild raises.
    """
    schema, table = resolve(connection, name)
    found = _read(connection, qualified(schema, table))
    _refuse(found, qualified(schema, table), kind)
    target = Target(
        was=_shape(found, schema, table, "live"),
        to=_shape(found, schema, table, "plain"),
        revision=_revision(connection, schema, table, kind),
        direction="upgrade",
    )
    step = Step(JOURNAL, connection, None, f"{kind}_table", target.live)
    with explained(target.live), logged(step) as it:
        run(Rebuild(target, it, patience))
    return target.live


def _read(connection: Connection, table: str) -> Row[Any] | None:
    execute(connection, "SET search_path = ''")
    try:
        query = text(sql.read("partitions/live_shape.sql"))
        return connection.execute(query, {"table": table}).one_or_none()
    finally:
        execute(connection, "RESET search_path")


def _refuse(found: Row[Any] | None, table: str, kind: Kind) -> None:
    reason, advice = None, f"VACUUM FULL {table}, which blocks readers and writers, or pg_repack"
    if found is None:
        reason, advice = "is not a table", "name a table"
    elif found.is_partition:
        reason = "is a partition"
    elif kind == "unpart" and not found.is_partitioned:
        reason, advice = "is not partitioned", "nothing is to be undone"
    elif kind == "repack" and found.is_partitioned:
        reason, advice = "is partitioned", "repack its partitions: VACUUM FULL PARTITION"
    elif found.obstacles:
        reason = f"has {', '.join(found.obstacles)}, which a rebuild cannot copy"
    if reason:
        raise PartitionFailed(f"{table} {reason}; nothing was changed: {advice}")


def _shape(found: Row[Any] | None, schema: str, table: str, digest: str) -> TableShape:
    """The shape of this moment. Its digest is fixed: a column altered meanwhile is followed."""
    assert found is not None
    name = qualified(schema, table)
    body = ",\n".join([*found.columns, *found.constraints])
    return TableShape(
        f"the catalog's shape of {name}", schema, table, f"CREATE TABLE {name} (\n{body}\n);",
        digest, tuple(_NAME.findall("\n".join(found.columns))),
        indexes=tuple(parse(index, f"index of {name}") for index in found.unique_indexes),
        is_declared=False,
    )  # fmt: skip


def _revision(connection: Connection, schema: str, table: str, kind: Kind) -> str:
    """The name of the unfinished rebuild of the table, or a new one."""
    found = connection.execute(_UNFINISHED, {"schema": schema, "table": table}).scalar()
    return str(found) if found else f"{kind}_{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S}"
