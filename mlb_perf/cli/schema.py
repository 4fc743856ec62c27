"""The page docs/schema.md, from the models; ``mlb-perf schema`` prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import typer
from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import configure_mappers

from mlb_perf.formatting import markdown_table
from mlb_perf.models import SCHEMAS, Base, metadata
from mlb_perf.models.packing import SERIAL

app = typer.Typer()

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

_HEAD = """\
# The schema

Generated from `mlb_perf/models` by `make docs`; edit the models, not this file.
Every time is a `timestamp with time zone` in UTC. PK marks a column of the primary
key, FK of a foreign key, IX an indexed one.
"""


@app.command()
def schema() -> None:
    """Print the tables, columns and keys with their meaning as Markdown, from the models."""
    typer.echo(markdown(), nl=False)


def markdown() -> str:
    """The whole page, with a Mermaid picture of each schema."""
    configure_mappers()
    classes = {mapper.local_table: mapper.class_.__name__ for mapper in Base.registry.mappers}
    parts = [_HEAD, _contents()]
    for schema, meaning in SCHEMAS.items():
        tables = [table for table in metadata.sorted_tables if table.schema == schema]
        parts += [f"## {schema}\n\n{meaning}.\n", _picture(tables)]
        parts += [_section(table, classes[table]) for table in sorted(tables, key=lambda t: t.name)]
    return "\n".join(parts)


def _contents() -> str:
    counts = Counter(table.schema for table in metadata.tables.values())
    rows = [
        (f"[{schema}](#{schema})", str(counts[schema]), meaning)
        for schema, meaning in SCHEMAS.items()
    ]
    return markdown_table(["schema", "tables", "contents"], rows)


def _picture(tables: list[Table]) -> str:
    """Tables with their keys, and the foreign keys between them and to other schemas."""
    lines = ["```mermaid", "erDiagram", "    direction LR"]
    for table in tables:
        lines += [f"    {table.name} {{", *_keys(table), "    }"]
    for table in tables:
        lines += sorted(f"    {line}" for line in _relations(table))
    return "\n".join([*lines, "```", ""])


def _keys(table: Table) -> Iterator[str]:
    for column in table.columns:
        marks = [mark for mark in _marks(column) if mark in ("PK", "FK")]
        if marks:
            kind = _type(column).split("(")[0].replace(" ", "_")
            yield f"        {kind} {column.name} {','.join(marks)}"


def _relations(table: Table) -> Iterator[str]:
    for key in table.foreign_key_constraints:
        target = key.referred_table
        name = target.name if target.schema == table.schema else f'"{target.fullname}"'
        optional = "|o" if any(column.nullable for column in key.columns) else "||"
        many = "o|" if set(key.columns) == set(table.primary_key.columns) else "o{"
        yield f'{name} {optional}--{many} {table.name} : "{", ".join(key.column_keys)}"'


def _section(table: Table, class_name: str) -> str:
    rows = [
        (f"`{column.name}`", _type(column), _notes(column), column.comment or "")
        for column in table.columns
    ]
    columns = markdown_table(["column", "type", "", "meaning"], rows)
    rules = "\n".join(f"- {rule}" for rule in _rules(table))
    return (
        f"### {table.schema}.{table.name}\n\n"
        f"`mlb_perf.models.{class_name}`. {table.comment}.\n\n"
        f"{columns}\n{rules}\n"
    )


def _type(column: Column[Any]) -> str:
    name = column.type.compile(_DIALECT).lower()
    return name.replace("timestamp with time zone", "timestamptz")


def _notes(column: Column[Any]) -> str:
    default = column.server_default
    notes = [*_marks(column), *(["not null"] if not column.nullable else [])]
    if column.info.get(SERIAL) or column.table.autoincrement_column is column:
        notes.append("default: a sequence")
    elif default is not None:
        value = getattr(default, "arg", None)
        notes.append(f"default `{value if isinstance(value, str) else str(value)}`")
    return ", ".join(notes)


def _marks(column: Column[Any]) -> list[str]:
    indexed = any(column.name in index.columns for index in column.table.indexes)
    flags = {"PK": column.primary_key, "FK": bool(column.foreign_keys), "IX": indexed}
    return [mark for mark, is_set in flags.items() if is_set]


def _rules(table: Table) -> Iterator[str]:
    yield f"primary key ({', '.join(table.primary_key.columns.keys())})"
    for rule in sorted(table.constraints, key=lambda rule: str(rule.name)):
        if isinstance(rule, UniqueConstraint):
            yield f"unique ({', '.join(rule.columns.keys())})"
        elif isinstance(rule, CheckConstraint):
            yield f"check `{rule.sqltext}`"
        elif isinstance(rule, ForeignKeyConstraint):
            target = rule.referred_table
            yield f"foreign key ({', '.join(rule.column_keys)}) to {target.fullname}"
