"""``op.rebuild_table``: the operation and its implementation, online and offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

from alembic.operations import MigrateOperation, Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table

from mlb_perf.errors import ConfigurationError
from mlb_perf.names import plain
from mlb_perf.online.given import given, is_given
from mlb_perf.online.journal import autocommit, default_schema, journal_of, running, step
from mlb_perf.online.locks import patience_of
from mlb_perf.online.partitions import Hash, Partitions
from mlb_perf.online.rebuild import offline
from mlb_perf.online.rebuild.run import run
from mlb_perf.online.rebuild.shape_file import TableShape, read_shape, read_shape_at
from mlb_perf.online.rebuild.table_shape import shape_of_table
from mlb_perf.online.rebuild.target import KEEP, Rebuild, Target


@dataclass(frozen=True)
class Source:
    """A shape as a revision gives it: a table, a file, or a file of this package by its name.

    ``place``: schema and table of a file by its name.
    """

    shape: Table | Path | str
    partitions: Partitions | None = None
    place: tuple[str, str] = ("", "")

    def read(self, default_schema: str) -> TableShape:
        """The shape; raises :class:`~mlb_perf.errors.ConfigurationError` if it is none."""
        if isinstance(self.shape, Table):
            return shape_of_table(self.shape, self.partitions, default_schema)
        if isinstance(self.shape, Path):
            return read_shape_at(self.shape, self.partitions)
        modulus = self.partitions.modulus if isinstance(self.partitions, Hash) else 8
        return read_shape(self.shape, *self.place, modulus=modulus)


@Operations.register_operation("rebuild_table")
@dataclass(frozen=True)
class RebuildTableOp(MigrateOperation):
    """Give a table another shape while others read and write it."""

    was: Source
    to: Source
    using: Mapping[str, str] = field(default_factory=dict)
    in_key_order: bool = False

    @overload
    @classmethod
    def rebuild_table(
        cls,
        operations: Operations,
        new: Table | Path,
        *,
        was: Table | Path,
        partitions: Partitions | None = None,
        was_partitions: Partitions | None = None,
        using: Mapping[str, str] | None = None,
        in_key_order: bool = False,
    ) -> None: ...

    @overload
    @classmethod
    def rebuild_table(
        cls,
        operations: Operations,
        new: str,
        *,
        schema: str,
        was: str,
        to: str,
        hash_modulus: int = 8,
        in_key_order: bool = False,
    ) -> None: ...

    @classmethod
    def rebuild_table(
        cls,
        operations: Operations,
        new: Table | Path | str,
        *,
        was: Table | Path | str,
        partitions: Partitions | None = None,
        was_partitions: Partitions | None = None,
        using: Mapping[str, str] | None = None,
        schema: str = "",
        to: str = "",
        hash_modulus: int = 8,
        in_key_order: bool = False,
    ) -> None:
        """Rebuild a table from the shape ``was`` to the shape ``new``.

        A shape is a ``sa.Table`` that the revision itself declares, or the path of a shape file.
        ``partitions`` are :class:`Monthly`, :class:`Hash` or None, and ``was_partitions`` those
        that the table has. ``using`` gives values by the name of a new or a retyped column: SQL
        over the old row, immutable, with qualified names; every other new column gets its default.
        Both shapes have one key in common, whose columns are not in ``using``. With
        ``in_key_order`` each batch is written in the order of that key, as the new shape has it.

        The same call with the shapes exchanged is the downgrade, which keeps all rows, and restores
        the columns that the upgrade has dropped (docs/online.md).

        The form with ``schema`` and ``to`` names shape files below ``mlb_perf/sql``.

        Locks: SHARE ROW EXCLUSIVE on the table when it begins and on the tables
        it refers to when the foreign keys are added, ACCESS EXCLUSIVE for the
        swap, each for milliseconds and by the ladder. Raises
        :class:`~mlb_perf.errors.ForeignObjects` for objects that it cannot re-create,
        :class:`~mlb_perf.errors.MigrationFailed` for other columns, for rows that
        differ after the copy, and for a lock that is not available.
        """
        if isinstance(new, str):
            by_hash, place = Hash("", hash_modulus), (schema, new)
            found = (Source(str(was), by_hash, place), Source(to, by_hash, place))
        else:
            found = (_source(was, was_partitions), _source(new, partitions))
        operations.invoke(cls(*found, using or {}, in_key_order))

    def reverse(self) -> MigrateOperation:
        return RebuildTableOp(self.to, self.was)

    def shapes(self, default_schema: str) -> tuple[TableShape, TableShape]:
        """The old and the new shape.

        Raises :class:`~mlb_perf.errors.ConfigurationError` if they are of two tables, or if a
        column that counts, serial or identity, is added or dropped.
        """
        was, to = self.was.read(default_schema), self.to.read(default_schema)
        if was.qualified != to.qualified:
            raise ConfigurationError(
                f"{was.name} is {was.qualified}, and {to.name} is {to.qualified}; both shapes of "
                "a rebuild are of one table"
            )
        new, old = ({plain(name) for name in shape.column_names} for shape in (to, was))
        for column in {*was.counted_columns, *to.counted_columns} & (new ^ old):
            raise ConfigurationError(
                f"{to.qualified}: the serial or identity column {column} cannot be added or "
                "dropped by a rebuild; use op.add_column or op.drop_column"
            )
        return was, to


@Operations.implementation_for(RebuildTableOp)
def _rebuild_table(operations: Operations, operation: RebuildTableOp) -> None:
    context = operations.get_context()
    target = _target(context, operation)
    if is_given(context):
        offline.run(given(context), target, journal_of(context))
        return
    with autocommit(context):
        if context.as_sql:
            offline.write(context, target, journal_of(context))
            return
        with step(context, "rebuild_table", target.live) as it:
            in_revision = running(context) is not None
            run(Rebuild(target, it, patience_of(context), ends_with_revision=in_revision))


def _source(shape: Table | Path | str, partitions: Partitions | None) -> Source:
    if isinstance(shape, str):
        raise ConfigurationError(
            f"rebuild_table: {shape!r} is neither a sa.Table nor a pathlib.Path; a revision names "
            "a file beside it as Path(__file__).with_name(...)"
        )
    return Source(shape, partitions)


def _target(context: MigrationContext, operation: RebuildTableOp) -> Target:
    now = running(context)
    was, to = operation.shapes(default_schema(context))
    return Target(
        was=was,
        to=to,
        revision=now.revision if now else "unnamed",
        direction=now.direction if now else "upgrade",
        keep=bool(context.opts.get(KEEP)),
        using=operation.using,
        in_key_order=operation.in_key_order,
    )
