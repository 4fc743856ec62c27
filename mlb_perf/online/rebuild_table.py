"""``op.rebuild_table``: the operation and its implementation, online and offline."""

from __future__ import annotations

from alembic.operations import MigrateOperation, Operations
from alembic.runtime.migration import MigrationContext

from mlb_perf.online.given import given, is_given
from mlb_perf.online.journal import autocommit, running, step
from mlb_perf.online.lock_ladder import patience_of
from mlb_perf.online.rebuild import offline
from mlb_perf.online.rebuild.run import run
from mlb_perf.online.rebuild.shape_file import read_shape
from mlb_perf.online.rebuild.target import Rebuild, Target

KEEP = "mlb_perf_keep"
"""The key of the context's option to keep the old table (-x keep=yes)."""


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

        The files are below ``mlb_perf/sql``; both have the same columns, and one
        key in common. A shape ``PARTITION BY RANGE`` of a date or a timestamp
        gets a partition per month, one ``BY HASH`` gets ``hash_modulus``. The same
        call with the shapes exchanged is the downgrade, which keeps all rows.

        Locks: SHARE ROW EXCLUSIVE on the table when it begins and on the tables
        it refers to when the foreign keys are added, ACCESS EXCLUSIVE for the
        swap, each for milliseconds and by the ladder. Raises
        :class:`~mlb_perf.errors.ForeignObjects` for objects that it cannot re-create,
        :class:`~mlb_perf.errors.MigrationFailed` for other columns, for rows that
        differ after the copy, and for a lock that is not available.
        """
        operations.invoke(cls(table, schema, was, to, hash_modulus))

    def reverse(self) -> MigrateOperation:
        return RebuildTableOp(self.table, self.schema, self.to, self.was, self.hash_modulus)


@Operations.implementation_for(RebuildTableOp)
def _rebuild_table(operations: Operations, operation: RebuildTableOp) -> None:
    context = operations.get_context()
    target = _target(context, operation)
    if is_given(context):
        offline.run(given(context), target)
        return
    with autocommit(context):
        if context.as_sql:
            offline.write(context, target)
            return
        with step(context, "rebuild_table", target.live) as it:
            in_revision = running(context) is not None
            run(Rebuild(target, it, patience_of(context), ends_with_revision=in_revision))


def _target(context: MigrationContext, operation: RebuildTableOp) -> Target:
    now = running(context)
    return Target(
        was=read_shape(operation.was, operation.schema, operation.table),
        to=read_shape(operation.to, operation.schema, operation.table),
        revision=now.revision if now else "unnamed",
        direction=now.direction if now else "upgrade",
        hash_modulus=operation.hash_modulus,
        keep=bool(context.opts.get(KEEP)),
    )
