"""Writes the shape files of the tables that the revisions rebuild: ``make shapes``.

``wide`` is a table as the baseline creates it, ``packed`` as the models declare it at head. A
file holds what differs between the two: columns and constraints, and the comments that are not
the same. A rebuild keeps the rest of the live table. Released files are frozen: write new ones
only together with a new revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import configure_mappers
from sqlalchemy.schema import CreateTable

from mlb_perf import sql
from mlb_perf.models import Base
from mlb_perf.models.packing import SERIAL, Packed
from mlb_perf.names import literal
from tests.support.checkout import ROOT

SHAPES = ROOT / "mlb_perf" / "sql" / "shapes"
_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
_FOREIGN_KEY = re.compile(r",\n    CONSTRAINT \w+ FOREIGN KEY ?\(.*?\) REFERENCES .*?(?=,?\n)")
_COMMENT = re.compile(r"COMMENT ON COLUMN \S+\.(\w+) IS\s+'((?:[^']|'')*)';")


def write() -> None:
    """Both files of each table."""
    for table in tables():
        for shape in ("wide", "packed"):
            path = SHAPES / shape / str(table.schema) / f"{table.name}.sql"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content(table, shape), encoding="utf-8")


def tables() -> Iterator[Table]:
    """The tables that the revisions rebuild."""
    configure_mappers()
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Packed):
            assert isinstance(mapper.local_table, Table)
            yield mapper.local_table


def content(table: Table, shape: str) -> str:
    """The text of one file."""
    statement = _baseline(table) if shape == "wide" else _model(table)
    comments = {"wide": _comments_of_baseline(table), "packed": _comments_of_model(table)}
    lines = [
        f"COMMENT ON COLUMN {table.fullname}.{column} IS {literal(text)};"
        for column, text in comments[shape].items()
        if any(found[column] != text for found in comments.values())
    ]
    return "\n".join([f"-- {table.comment}.", "-- table", statement, *lines]) + "\n"


def _baseline(table: Table) -> str:
    text = sql.read(f"baseline/{table.schema}/{table.name}.sql")
    return _FOREIGN_KEY.sub("", text.split("\n", 2)[2].split(";")[0]) + ";"


def _comments_of_baseline(table: Table) -> dict[str, str]:
    found = _COMMENT.findall(sql.read(f"baseline/{table.schema}/{table.name}.sql"))
    return {column: text.replace("''", "'") for column, text in found}


def _model(table: Table) -> str:
    created = CreateTable(table, include_foreign_key_constraints=[]).compile(dialect=_DIALECT)
    lines = [line.rstrip() for line in str(created).strip().replace("\t", "    ").splitlines()]
    text = "\n".join(lines).replace(", \n", ",\n").replace("\n)\n PARTITION", "\n) PARTITION")
    for column in table.columns:
        if column.info.get(SERIAL):
            text = text.replace(f"    {column.name} BIGINT", f"    {column.name} BIGSERIAL")
    return f"{text};"


def _comments_of_model(table: Table) -> dict[str, str]:
    return {column.name: column.comment or "" for column in table.columns}


if __name__ == "__main__":
    write()
