"""Writes the shape files of the tables that the revisions rebuild: ``python tools/shape_files.py``.

``wide`` is a table as the baseline made it, ``packed`` as the models declare it
at head. Both have the indexes that the models declare: a rebuild changes none.
Released files are frozen: write new ones only together with a new revision.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import configure_mappers
from sqlalchemy.schema import CreateTable

from mlb_perf import sql
from mlb_perf.models import Base
from mlb_perf.models.packing import SERIAL, Packed
from mlb_perf.online.index_parser import shape_of
from mlb_perf.online.index_shape import IndexShape

SHAPES = Path(__file__).parent.parent / "mlb_perf" / "sql" / "shapes"
_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
_KEY = re.compile(r",\n    CONSTRAINT (\w+) FOREIGN KEY ?(\(.*?\)) REFERENCES (.*?)(?=,?\n)")


def write() -> None:
    """Both files of each table."""
    configure_mappers()
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Packed):
            table = mapper.local_table
            assert isinstance(table, Table)
            for shape, parts in (("wide", _baseline(table)), ("packed", _model(table))):
                path = SHAPES / shape / str(table.schema) / f"{table.name}.sql"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(_content(table, parts), encoding="utf-8")


def _content(table: Table, parts: tuple[str, list[str]]) -> str:
    statements, keys = parts
    indexes = sorted((shape_of(i) for i in table.indexes), key=lambda i: i.name)
    content = [f"-- {table.comment}.", "-- table", statements, "-- indexes"]
    content += [line for index in indexes for line in _index(index)]
    content += ["", "-- foreign keys", *keys]
    return "\n".join(content) + "\n"


def _index(index: IndexShape) -> list[str]:
    comment = index.comment_on()
    return [f"{index.create()};", *([f"{comment};"] if comment else [])]


def _baseline(table: Table) -> tuple[str, list[str]]:
    text = sql.read(f"baseline/{table.schema}/{table.name}.sql")
    statements = text.split("\n", 2)[2].split("\nCREATE INDEX")[0].split("\nCREATE UNIQUE INDEX")[0]
    keys = [_foreign_key(table, *found) for found in _KEY.findall(statements)]
    return _KEY.sub("", statements), keys


def _model(table: Table) -> tuple[str, list[str]]:
    created = CreateTable(table, include_foreign_key_constraints=[]).compile(dialect=_DIALECT)
    lines = [line.rstrip() for line in str(created).strip().replace("\t", "    ").splitlines()]
    text = "\n".join(lines).replace(", \n", ",\n").replace("\n)\n PARTITION", "\n) PARTITION")
    for column in table.columns:
        if column.info.get(SERIAL):
            text = text.replace(f"    {column.name} BIGINT", f"    {column.name} BIGSERIAL")
    comments = [f"COMMENT ON TABLE {table.fullname} IS {_literal(table.comment)};"]
    comments += [
        f"COMMENT ON COLUMN {table.fullname}.{c.name} IS\n    {_literal(c.comment)};"
        for c in table.columns
    ]
    keys = sorted(
        _foreign_key(
            table,
            str(key.name),
            f"({', '.join(key.column_keys)})",
            f"{key.referred_table.fullname} ({', '.join(e.column.name for e in key.elements)})",
        )
        for key in table.foreign_key_constraints
    )
    return f"{text};\n\n" + "\n".join(comments) + "\n", keys


def _foreign_key(table: Table, name: str, columns: str, referenced: str) -> str:
    return (
        f"ALTER TABLE {table.fullname} ADD CONSTRAINT {name} "
        f"FOREIGN KEY {columns} REFERENCES {referenced};"
    )


def _literal(text: str | None) -> str:
    return "'" + (text or "").replace("'", "''") + "'"


if __name__ == "__main__":
    write()
