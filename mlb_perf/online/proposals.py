"""Autogenerate proposes rebuilds, and leaves alone the tables that this library creates.

A model states its partitions as ``info={"partitions": Monthly("seen_at")}`` of its table, or with
SQLAlchemy's own ``postgresql_partition_by``. If the table in the database has others, the whole
difference of its columns and keys becomes one ``op.rebuild_table``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    MetaData,
    Table,
    text,
)

from mlb_perf import sql
from mlb_perf.names import qualified
from mlb_perf.online.journal import Journal, journal_of
from mlb_perf.online.partitions import Hash, Partitions, stated
from mlb_perf.online.rebuild_table import RebuildTableOp, Source

PLUGIN = "mlb_perf.rebuilds"

_STATED = "partitions"
_PARTITION_BY = "postgresql_partition_by"

# What a rebuild does all at once: columns and keys. Indexes and foreign keys have steps of their
# own, which come after it.
_WITHIN = (
    ops.AddColumnOp,
    ops.DropColumnOp,
    ops.AlterColumnOp,
    ops.CreatePrimaryKeyOp,
    ops.CreateUniqueConstraintOp,
    ops.CreateCheckConstraintOp,
)


def propose_rebuild(
    autogen: AutogenContext,
    modify: ops.ModifyTableOps,
    schema: str | None,
    name: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Add a rebuild if the partitions differ."""
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    wanted = _wanted(metadata_table)
    if wanted is None or autogen.connection is None:
        return PriorityDispatchResult.CONTINUE
    present = _present(autogen.connection, qualified(*([schema] if schema else []), name))
    if present != wanted and (present is None or not _same(present, wanted)):
        rebuild = RebuildTableOp(
            Source(_frozen(conn_table), present), Source(_frozen(metadata_table), wanted)
        )
        modify.ops.append(rebuild)
    return PriorityDispatchResult.CONTINUE


def leave_own_tables(
    autogen: AutogenContext, upgrade: ops.UpgradeOps, _schemas: set[str | None]
) -> PriorityDispatchResult:
    """Take out the drops of partitions, of the journal, and of tables that a rebuild keeps."""
    if autogen.connection is not None:
        journal = journal_of(autogen.migration_context)
        own = _own_tables(autogen.connection, journal)
        upgrade.ops = [item for item in upgrade.ops if not _drops(item, own)]
    return PriorityDispatchResult.CONTINUE


def order_steps(
    _autogen: AutogenContext, upgrade: ops.UpgradeOps, _schemas: set[str | None]
) -> PriorityDispatchResult:
    """A rebuild takes the place of all changes of columns and keys; indexes are dropped before."""
    for modify in upgrade.ops:
        if isinstance(modify, ops.ModifyTableOps):
            rebuilds = [item for item in modify.ops if isinstance(item, RebuildTableOp)]
            if rebuilds:
                modify.ops = _ordered(modify.ops, rebuilds)
    return PriorityDispatchResult.CONTINUE


def _ordered(
    given: Sequence[ops.MigrateOperation], rebuilds: Sequence[RebuildTableOp]
) -> list[ops.MigrateOperation]:
    rest = [item for item in given if item not in rebuilds and not _is_within(item)]
    drops = [item for item in rest if isinstance(item, (ops.DropIndexOp, ops.DropConstraintOp))]
    return [*drops, *rebuilds, *(item for item in rest if item not in drops)]


def _drops(item: ops.MigrateOperation, own: set[tuple[str, str]]) -> bool:
    if not isinstance(item, (ops.DropTableOp, ops.ModifyTableOps)):
        return False
    return any((item.schema, item.table_name) == (schema, name) for schema, name in own)


def _own_tables(connection: Connection, journal: Journal | None) -> set[tuple[str, str]]:
    """By schema, None for the default one, and name."""
    default = connection.dialect.default_schema_name
    names = [journal.log_table, journal.rebuilds_table] if journal is not None else []
    rows = connection.execute(
        text(sql.read("online/own_tables.sql")),
        {"journal": journal.schema if journal is not None else None, "names": names},
    )
    found: set[Any] = set()
    for row in rows:
        found.add((row.schema_name, row.table_name))
        if row.schema_name == default:
            found.add((None, row.table_name))
    return found


def _wanted(table: Table) -> Partitions | None:
    given = table.info.get(_STATED)
    if given is not None:
        return given  # type: ignore[no-any-return]
    own = table.dialect_options["postgresql"]["partition_by"]
    return stated(own) if own is not None else None


def _present(connection: Connection, table: str) -> Partitions | None:
    found = connection.execute(
        text(sql.read("online/partitions_of.sql")), {"table": table}
    ).one_or_none()
    return stated(found.clause, found.leaves) if found is not None else None


def _same(present: Partitions, wanted: Partitions) -> bool:
    """The months ahead are kept up by others; so is the number of months."""
    if isinstance(present, Hash) or isinstance(wanted, Hash):
        return present == wanted
    return present.clause == wanted.clause


def _is_within(item: ops.MigrateOperation) -> bool:
    if isinstance(item, ops.DropConstraintOp):
        return item.constraint_type != "foreignkey"
    return isinstance(item, _WITHIN)


def _frozen(given: Table) -> Table:
    """The columns and keys: what the shapes of the two revisions have to say."""
    convention = given.metadata.naming_convention
    copy = given.to_metadata(MetaData(naming_convention=convention))
    for constraint in [*copy.constraints]:
        if isinstance(constraint, ForeignKeyConstraint):
            copy.constraints.remove(constraint)
    for column in copy.columns:
        column.foreign_keys.clear()
    copy.dialect_options["postgresql"]["partition_by"] = None
    copy.dialect_kwargs.pop(_PARTITION_BY, None)
    copy.info = {}
    return copy


@renderers.dispatch_for(RebuildTableOp)
def _render(autogen: AutogenContext, operation: RebuildTableOp) -> str:
    lines = [
        _rendered(autogen, operation.to.shape),
        f"was={_rendered(autogen, operation.was.shape)}",
    ]
    for key, partitions in (
        ("partitions", operation.to.partitions),
        ("was_partitions", operation.was.partitions),
    ):
        if partitions is not None:
            autogen.imports.add("from mlb_perf.online import Hash, Monthly")
            lines.append(f"{key}={partitions!r}")
    if operation.using:
        lines.append(f"using={dict(operation.using)!r}")
    return "op.rebuild_table(\n" + ",\n".join(lines) + "\n)"


def _rendered(autogen: AutogenContext, shape: object) -> str:
    """As Alembic renders a table that it creates, but as a value; indexes that are keys too."""
    if not isinstance(shape, Table):
        return repr(shape)
    operation = ops.CreateTableOp.from_table(shape)
    created = str(renderers.dispatch(operation)(autogen, operation))
    prefix = str(autogen.opts["alembic_module_prefix"])
    head = f"{prefix}create_table({shape.name!r},"
    assert created.startswith(head), created
    return f"sa.Table({shape.name!r}, sa.MetaData(),{created.removeprefix(head)}"


plugin = Plugin(PLUGIN)
plugin.add_autogenerate_comparator(
    propose_rebuild, "table", qualifier="postgresql", priority=DispatchPriority.LAST
)
for comparator in (leave_own_tables, order_steps):
    plugin.add_autogenerate_comparator(
        comparator, "schema", qualifier="postgresql", priority=DispatchPriority.LAST
    )
