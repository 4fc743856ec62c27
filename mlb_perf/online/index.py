"""``op.create_index_online`` and ``op.drop_index_online``.

Concurrent on plain and on partitioned tables, resumed after an interruption,
logged. Each runs in an autocommit block, which commits the revision's earlier
steps: a revision that has such steps has no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations, ops
from sqlalchemy import Index

from mlb_perf.online.indexes import build
from mlb_perf.online.indexes.shape import IndexShape, parse, shape_of
from mlb_perf.online.journal import default_schema


class _OnlineIndexOp(MigrateOperation):
    def __init__(self, shape: IndexShape) -> None:
        self.shape = shape

    @classmethod
    def from_index(cls, index: Index) -> _OnlineIndexOp:
        """The operation for an index of a model."""
        return cls(shape_of(index))


@Operations.register_operation("create_index_online")
class CreateIndexOnlineOp(_OnlineIndexOp):
    """Build an index while others write."""

    @classmethod
    def create_index_online(
        cls,
        operations: Operations,
        index: Index | str,
        table: str | None = None,
        columns: Sequence[str] = (),
        **rest: Any,
    ) -> None:
        """Emit ``CREATE INDEX CONCURRENTLY``; on a partitioned table, one a partition.

        ``index`` is a ``sa.Index`` of a table, or a ``CREATE INDEX`` in SQL, or a name with
        ``table`` and ``columns``. ``columns`` are SQL: names or expressions in parentheses, with
        operator class and order. ``rest``: ``schema``, ``unique``, ``using``,
        ``include``, ``where``, ``with_``, ``comment``, as
        :class:`~mlb_perf.online.indexes.shape.IndexShape` has them. A table without a schema is
        looked for in the connection's default schema.

        An index of that name that is valid and the same is kept; one that an
        interrupted build left INVALID is dropped and built again. Raises
        :class:`~mlb_perf.errors.NameConflict` if another object has the name.
        Locks: SHARE UPDATE EXCLUSIVE, so no reader and no writer waits; for a
        partitioned parent SHARE for a moment, by the ladder.
        """
        operations.invoke(cls(_given(index, table, columns, rest)))

    def reverse(self) -> MigrateOperation:
        return DropIndexOnlineOp(self.shape)

    def to_diff_tuple(self) -> tuple[str, str]:
        """What ``alembic check`` prints."""
        return ("add_index", self.shape.create())


@Operations.register_operation("drop_index_online")
class DropIndexOnlineOp(_OnlineIndexOp):
    """Drop an index while others read and write."""

    @classmethod
    def drop_index_online(
        cls,
        operations: Operations,
        index: Index | str,
        table: str | None = None,
        columns: Sequence[str] = (),
        **rest: Any,
    ) -> None:
        """Emit ``DROP INDEX CONCURRENTLY IF EXISTS``.

        The arguments describe the index as those of :meth:`create_index_online` do,
        so that the reverse is known. On a partitioned table, where PostgreSQL
        refuses ``CONCURRENTLY``, it is a plain drop under the lock ladder.
        """
        operations.invoke(cls(_given(index, table, columns, rest)))

    def reverse(self) -> MigrateOperation:
        return CreateIndexOnlineOp(self.shape)

    def to_diff_tuple(self) -> tuple[str, str]:
        """What ``alembic check`` prints."""
        return ("remove_index", self.shape.create())


@Operations.implementation_for(CreateIndexOnlineOp)
def _create(operations: Operations, operation: CreateIndexOnlineOp) -> None:
    context = operations.get_context()
    build.create(context, operation.shape.in_schema(default_schema(context)))


@Operations.implementation_for(DropIndexOnlineOp)
def _drop(operations: Operations, operation: DropIndexOnlineOp) -> None:
    context = operations.get_context()
    build.drop(context, operation.shape.in_schema(default_schema(context)))


@renderers.dispatch_for(CreateIndexOnlineOp)
def _render_create(_: AutogenContext, operation: CreateIndexOnlineOp) -> str:
    return _rendered("create_index_online", operation.shape)


@renderers.dispatch_for(DropIndexOnlineOp)
def _render_drop(_: AutogenContext, operation: DropIndexOnlineOp) -> str:
    return _rendered("drop_index_online", operation.shape)


def online(directive: ops.MigrateOperation) -> MigrateOperation:
    """Autogenerate's operation on an index, as the online operation."""
    if isinstance(directive, ops.CreateIndexOp):
        return CreateIndexOnlineOp.from_index(directive.to_index())
    if isinstance(directive, ops.DropIndexOp):
        return DropIndexOnlineOp.from_index(directive.to_index())
    return directive


def _given(
    index: Index | str, table: str | None, columns: Sequence[str], rest: Mapping[str, Any]
) -> IndexShape:
    if isinstance(index, Index):
        return shape_of(index)
    if table is None:
        return parse(index, "create_index_online")
    return IndexShape(index, table, tuple(columns), **rest)


def _rendered(name: str, shape: IndexShape) -> str:
    given = [repr(shape.name), repr(shape.table), repr(list(shape.columns))]
    defaults = IndexShape("", "", ())
    for key in ("schema", "unique", "using", "include", "where", "with_", "comment"):
        value = getattr(shape, key)
        if value != getattr(defaults, key):
            given.append(f"{key}={value!r}")
    return f"op.{name}({', '.join(given)})"
