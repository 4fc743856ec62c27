"""``op.rebuild_table``: the operation, its implementation and what it writes offline."""

from __future__ import annotations

from alembic.operations import MigrateOperation, Operations
from alembic.runtime.migration import MigrationContext

from mlb_perf.online.index_build import patience
from mlb_perf.online.journal import autocommit, running, step
from mlb_perf.online.rebuild import offline
from mlb_perf.online.rebuild.run import run
from mlb_perf.online.rebuild.shape_file import read_shape
from mlb_perf.online.rebuild.target import Rebuild, Target

KEEP = "mlb_perf_keep"
"""The key of the context's options that says whether the old table is kept (-x keep=yes)."""


@Operations.register_operation("rebuild_table")
class RebuildTableOp(MigrateOperation):
    """Give a table another shape while others read and write it."""

    def __init__(self, table: str, schema: str, was: str, to: str, hash_modulus: int) -> None:
        self.table = table
        self.schema = schema
        self.was = was
        self.to = to
        self.hash_modulus = hash_modulus

    @classmethod
    def rebuild_table(
        cls,
        operations: Operations,
        table: str,
        *,
        schema: str,
        was: str,
        to: str,
        hash_modulus: int = 8,
    ) -> None:
        """Rebuild ``schema.table`` from the shape file ``was`` to the shape file ``to``.

        The files lie below ``mlb_perf/sql``; columns and primary key have the
        same names in both. A shape ``PARTITION BY RANGE`` of a date or a moment
        gets a partition a month, one ``BY HASH`` gets ``hash_modulus``. The same
        call with the shapes exchanged is the downgrade; rows written since stay.

        Locks: SHARE ROW EXCLUSIVE on the table when it begins and on the tables
        it refers to when the foreign keys are added, ACCESS EXCLUSIVE for the
        swap, each for milliseconds and by the ladder. Raises
        :class:`~mlb_perf.errors.ForeignObjects` for what cannot be made again,
        :class:`~mlb_perf.errors.MigrationFailed` for other columns, for rows that
        differ after the copy, and for a lock that is not to be had.
        """
        operations.invoke(cls(table, schema, was, to, hash_modulus))

    def reverse(self) -> MigrateOperation:
        return RebuildTableOp(self.table, self.schema, self.to, self.was, self.hash_modulus)


@Operations.implementation_for(RebuildTableOp)
def _rebuild_table(operations: Operations, operation: RebuildTableOp) -> None:
    context = operations.get_context()
    target = _target(context, operation)
    with autocommit(context):
        if context.as_sql:
            offline.write(context, target)
            return
        with step(context, "rebuild_table", target.live) as it:
            run(Rebuild(target, it, patience(context)))


def _target(context: MigrationContext, operation: RebuildTableOp) -> Target:
    now = running(context)
    return Target(
        was=read_shape(operation.was, operation.schema, operation.table),
        to=read_shape(operation.to, operation.schema, operation.table),
        revision=now.revision if now else "offline",
        direction=now.direction if now else "upgrade",
        hash_modulus=operation.hash_modulus,
        keep=bool(context.opts.get(KEEP)),
    )
