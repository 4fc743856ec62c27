"""Differences that autogenerate misses: predicates, methods, INCLUDE, WITH, the text of CHECKs.

PostgreSQL rewrites expressions when it stores them, so texts cannot be compared.
The model's table is created as a temporary table, and the server's definitions
of both are compared. This needs the right to create temporary tables, and takes
no lock on any other table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import CheckConstraint, Connection, Index, MetaData, Table, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.naming import conv

from mlb_perf.engine import execute
from mlb_perf.names import IDENTIFIER, qualified

PLUGIN = "mlb_perf.definitions"

_INDEXES = text(
    """
    SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = to_regclass(:name)
    """
)
_CHECKS = text(
    """
    SELECT conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE conrelid = to_regclass(:name) AND contype = 'c'
    """
)

_COPY = "mlb_perf_copy"
_PARSES = 4
_INDEX = re.compile(
    rf"CREATE (?P<unique>UNIQUE )?INDEX (?P<name>{IDENTIFIER}) (?P<how>USING .*)", re.DOTALL
)

# As Alembic's own list has them.
_REFLECTED = (
    "columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints", "table_comment",
    "check_constraints", "table_options",
)  # fmt: skip

# The table's name, which differs between the stored index and the temporary one.
_TABLE = re.compile(r" ON .*? USING ")


def compare_definitions(
    autogen: AutogenContext,
    modify: ops.ModifyTableOps,
    schema: str | None,
    name: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Add a drop and a create for each index and CHECK whose definition differs."""
    if conn_table is not None and metadata_table is not None:
        connection = autogen.connection
        assert connection is not None
        wanted = _definitions_of_model(connection, metadata_table)
        present = _definitions(connection, f"{schema}.{name}")
        live = qualified(*([schema] if schema else []), name)
        differing = {
            key
            for key in wanted.keys() & present.keys() - _handled(modify)
            if not mean_the_same(connection, live, wanted[key], present[key])
        }
        if differing:
            stored = Table(name, MetaData(), schema=schema, autoload_with=connection)
            items: list[Any] = [*metadata_table.indexes, *metadata_table.constraints]
            for item in items:
                if str(item.name) in differing:
                    _replace(modify, item, _named(stored, str(item.name)))
    return PriorityDispatchResult.CONTINUE


def _definitions_of_model(connection: Connection, table: Table) -> dict[str, str]:
    translated = connection.execution_options(schema_translate_map={table.schema: "pg_temp"})
    with connection.begin_nested() as savepoint:
        translated.execute(CreateTable(table, include_foreign_key_constraints=[]))
        for index in table.indexes:
            translated.execute(CreateIndex(index))
        found = _definitions(connection, f"pg_temp.{table.name}")
        savepoint.rollback()
    connection.execution_options(schema_translate_map=None)
    return found


def mean_the_same(connection: Connection, table: str, one: str, other: str) -> bool:
    """Whether two definitions of an index or a CHECK of a table say the same.

    A definition that the server printed and parsed again, as pg_dump and restore do, can have
    another text. So both are parsed until the text is stable, on an empty copy of the table.
    """
    if one == other:
        return True
    with connection.begin_nested() as savepoint:
        execute(connection, f"CREATE TEMPORARY TABLE {_COPY} (LIKE {table}) ON COMMIT DROP")
        stable = [_stable(connection, definition) for definition in (one, other)]
        savepoint.rollback()
    return stable[0] == stable[1]


def _stable(connection: Connection, definition: str) -> str:
    """The definition after the server has parsed it again and again; as given if it cannot."""
    for _ in range(_PARSES):
        try:
            with connection.begin_nested() as savepoint:
                parsed = _parsed(connection, definition)
                savepoint.rollback()
        except ProgrammingError:  # a column that this table does not have
            return definition
        if parsed == definition:
            break
        definition = parsed
    return definition


def _parsed(connection: Connection, definition: str) -> str:
    if index := _INDEX.fullmatch(definition):
        execute(connection, f"CREATE {index['unique'] or ''}INDEX again ON {_COPY} {index['how']}")
        found = _definitions(connection, f"pg_temp.{_COPY}")["again"]
        return found.replace(" again ", f" {index['name']} ", 1)
    execute(connection, f"ALTER TABLE {_COPY} ADD CONSTRAINT again {definition}")
    return _definitions(connection, f"pg_temp.{_COPY}")["again"]


def without_table(definition: str) -> str:
    """The server's definition of an index, without its table."""
    return _TABLE.sub(" USING ", definition, count=1)


def _definitions(connection: Connection, name: str) -> dict[str, str]:
    return {
        row.name: without_table(row.definition)
        for query in (_INDEXES, _CHECKS)
        for row in connection.execute(query, {"name": name})
    }


def _handled(modify: ops.ModifyTableOps) -> set[str]:
    """The names that Alembic's own comparison replaces already."""
    names = (getattr(op, "index_name", None) or getattr(op, "constraint_name", None)
             for op in modify.ops)  # fmt: skip
    return {str(name) for name in names if name is not None}


def _named(table: Table, name: str) -> Any:
    items: list[Any] = [*table.indexes, *table.constraints]
    found = next(item for item in items if item.name == name)
    found.name = conv(name)  # the whole name: no naming convention applies to it
    return found


def _replace(modify: ops.ModifyTableOps, wanted: Any, stored: Any) -> None:
    """Drop the stored object and create the wanted one; the reverse restores the stored one."""
    if isinstance(wanted, Index):
        modify.ops += [ops.DropIndexOp.from_index(stored), ops.CreateIndexOp.from_index(wanted)]
    elif isinstance(wanted, CheckConstraint):
        modify.ops += [
            ops.DropConstraintOp.from_constraint(stored),
            ops.CreateCheckConstraintOp.from_constraint(wanted),
        ]


def reflect_at_once(autogen: AutogenContext, _: ops.UpgradeOps) -> PriorityDispatchResult:
    """Read the tables of all schemas of the model with one query a schema and kind.

    Alembic does that for the first schema alone, and sends a dozen queries for each table of the
    others. It looks here before it does; an entry under another name would not be found, and cost
    time only.
    """
    tables = defaultdict(list)
    for table in autogen.sorted_tables:
        tables[table.schema].append(table.name)
    inspector = autogen.inspector
    for kind in _REFLECTED:
        read = getattr(inspector, f"get_multi_{kind}")
        found: dict[Any, Any] = {}
        for schema, names in tables.items():
            found |= read(schema=schema, filter_names=names)
        inspector.info_cache[f"alembic_{kind}"] = found
    return PriorityDispatchResult.CONTINUE


plugin = Plugin(PLUGIN)
plugin.add_autogenerate_comparator(compare_definitions, "table", qualifier="postgresql")
plugin.add_autogenerate_comparator(
    reflect_at_once, "autogenerate", qualifier="postgresql", priority=DispatchPriority.FIRST
)
