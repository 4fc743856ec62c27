"""The shape of a frozen ``sa.Table``, as a revision holds it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Dialect, ForeignKeyConstraint, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable, SetColumnComment, SetTableComment

from mlb_perf.errors import ConfigurationError
from mlb_perf.names import LONGEST_NAME, qualified, quote
from mlb_perf.online.indexes.shape import shape_of
from mlb_perf.online.partitions import Partitions
from mlb_perf.online.rebuild.shape_file import ForeignKey, TableShape, digest_of

# psycopg2's own style of parameters would double a percent sign.
_DIALECT: Dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


def shape_of_table(given: Table, partitions: Partitions | None, default_schema: str) -> TableShape:
    """The columns, constraints, indexes and comments of the table, and its partitions.

    A table without a schema is one of ``default_schema``. ``partitions`` and the table's own
    ``postgresql_partition_by`` must not contradict each other. Raises
    :class:`~mlb_perf.errors.ConfigurationError`.
    """
    if given._prefixes:
        raise ConfigurationError(
            f"{given.fullname} is created with {' '.join(map(str, given._prefixes))}, and a "
            "rebuild makes plain tables alone"
        )
    table = _in_schema(given, default_schema)
    statements = ";\n".join(_statements(table, partitions)) + ";\n"
    indexes = tuple(shape_of(i) for i in sorted(table.indexes, key=lambda i: str(i.name)))
    keys = tuple(sorted(_foreign_keys(table), key=lambda key: key.name))
    return TableShape(
        f"the sa.Table {table.fullname}",
        str(table.schema),
        table.name,
        statements,
        digest_of(f"{statements}{indexes}{keys}{partitions}"),
        tuple(quote(column.name) for column in table.columns),
        partitions,
        indexes,
        keys,
    )


def _in_schema(given: Table, default_schema: str) -> Table:
    convention = given.metadata.naming_convention
    return given.to_metadata(
        MetaData(naming_convention=convention), schema=given.schema or default_schema
    )


def _statements(table: Table, partitions: Partitions | None) -> Iterator[str]:
    own = table.dialect_options["postgresql"]["partition_by"]
    if own is not None and (partitions is None or own.lower() != partitions.clause.lower()):
        raise ConfigurationError(
            f"{table.fullname} has postgresql_partition_by={own!r}, and the operation says "
            f"{partitions!r}; give Monthly or Hash of the same column"
        )
    created = str(CreateTable(table, include_foreign_key_constraints=[]).compile(dialect=_DIALECT))
    clause = f" PARTITION BY {partitions.clause}" if partitions and own is None else ""
    yield created.strip() + clause
    if table.comment is not None:
        yield str(SetTableComment(table).compile(dialect=_DIALECT))
    for column in table.columns:
        if column.comment is not None:
            yield str(SetColumnComment(column).compile(dialect=_DIALECT))


def _foreign_keys(table: Table) -> Iterator[ForeignKey]:
    """From their texts: the table that a key refers to need not be in the same MetaData."""
    for key in table.foreign_key_constraints:
        schema, referenced, columns = _referenced(key, table)
        definition = (
            f"FOREIGN KEY ({', '.join(quote(c.name) for c in key.columns)}) "
            f"REFERENCES {qualified(schema, referenced)}({', '.join(map(quote, columns))})"
        )
        options = (("MATCH", key.match), ("ON UPDATE", key.onupdate), ("ON DELETE", key.ondelete))
        definition += "".join(f" {words} {value}" for words, value in options if value)
        definition += " DEFERRABLE" if key.deferrable else ""
        definition += f" INITIALLY {key.initially}" if key.initially else ""
        yield ForeignKey(_name(key, table), definition, qualified(schema, referenced))


def _referenced(key: ForeignKeyConstraint, table: Table) -> tuple[str, str, list[str]]:
    parts = [element.target_fullname.rsplit(".", 2) for element in key.elements]
    schema = parts[0][0] if len(parts[0]) == 3 else str(table.schema)
    return schema, parts[0][-2], [part[-1] for part in parts]


def _name(key: ForeignKeyConstraint, table: Table) -> str:
    """Its own, or the one that the server gives to a key without a name."""
    if key.name is not None:
        return str(key.name)
    name = f"{table.name}_{'_'.join(c.name for c in key.columns)}_fkey"
    if len(name.encode()) > LONGEST_NAME:
        raise ConfigurationError(f"{table.fullname}: give the foreign key {name} a shorter name")
    return name
