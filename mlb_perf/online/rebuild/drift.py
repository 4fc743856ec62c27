"""Columns that a user has altered since the table got its old shape: the new table gets that too.

A type, default or NOT NULL that differs from the old shape is an alteration. Without it on the
new table, the rebuild would narrow the column back, and a writer would fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.errors import MigrationFailed
from mlb_perf.names import plain, qualified, quote
from mlb_perf.online.locks import transaction
from mlb_perf.online.rebuild import sequences
from mlb_perf.online.rebuild.attributes import Attribute, Attributes, Read
from mlb_perf.online.rebuild.shape_file import TableShape
from mlb_perf.online.rebuild.target import Rebuild
from mlb_perf.online.shadows import SHADOWS

_NAMES = text("SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(:table)")
_SHAPE = f"{SHADOWS}_shape"  # a shape is created here, and rolled back
_NOT_POSSIBLE = frozenset({"0A000", "42P16"})  # as the type of a partition key


def with_shapes(rebuild: Rebuild) -> Rebuild:
    """The rebuild, with both shapes as the server reads them."""
    target = rebuild.target
    with transaction(rebuild.connection):
        return replace(rebuild, was=_read(rebuild, target.was), to=_read(rebuild, target.to))


def wanted(rebuild: Rebuild) -> Attributes:
    """The columns of the new table: those of its shape, with the alterations of the live table."""
    target = rebuild.target
    was, to = rebuild.was.columns, rebuild.to.columns
    live = _of_table(rebuild, target.live)
    key = {plain(name) for name in target.to.primary_key}
    return {
        name: _merged(was[name], to[name], live[name], is_key=name in key)
        for name in to
        if name in was and name in live
    }


def follow(rebuild: Rebuild, columns: Attributes, *, is_empty: bool = False) -> None:
    """Alter the shadow; raises :class:`~mlb_perf.errors.MigrationFailed` if that is not possible.

    A type is altered only while the shadow ``is_empty``: later it would rewrite the table.
    """
    serial = {plain(row.column_name) for row in sequences.serial(rebuild)}
    for name, present in _of_table(rebuild, rebuild.target.shadow).items():
        if name in columns:
            for change in _changes(rebuild, name, present, columns[name], is_empty=is_empty):
                if name not in serial or "DEFAULT" not in change:
                    _alter(rebuild, name, change, columns[name])


def _merged(was: Attribute, to: Attribute, live: Attribute, *, is_key: bool) -> Attribute:
    has_nulls = live.is_not_null != was.is_not_null and not is_key
    return Attribute(
        live.type_name if live.type_name != was.type_name else to.type_name,
        live.default_value if live.default_value != was.default_value else to.default_value,
        live.is_not_null if has_nulls else to.is_not_null,
    )


def _changes(
    rebuild: Rebuild, name: str, present: Attribute, column: Attribute, *, is_empty: bool
) -> Iterator[str]:
    if column.type_name != present.type_name:
        if not is_empty:
            raise _refused(
                rebuild, name, column, f"has changed during the rebuild, which copies it as "
                f"{present.type_name}",
            )  # fmt: skip
        yield "DROP DEFAULT"
        yield f"TYPE {column.type_name}"
    if column.default_value is None and present.default_value is not None:
        yield "DROP DEFAULT"
    elif column.default_value is not None and column != present:
        yield f"SET DEFAULT {column.default_value}"
    if column.is_not_null != present.is_not_null:
        yield "SET NOT NULL" if column.is_not_null else "DROP NOT NULL"


def _alter(rebuild: Rebuild, name: str, change: str, column: Attribute) -> None:
    try:
        rebuild.run(f"ALTER TABLE {rebuild.target.shadow} ALTER {quote(name)} {change}")
    except DBAPIError as error:
        if diagnosis.sqlstate(error) not in _NOT_POSSIBLE:
            raise
        raise _refused(rebuild, name, column, diagnosis.said(error)) from error


def _refused(rebuild: Rebuild, name: str, column: Attribute, why: str) -> MigrationFailed:
    not_null = " NOT NULL" if column.is_not_null else ""
    return MigrationFailed(
        f"{rebuild.target.live}: the column {quote(name)} has been altered to {column.type_name}"
        f"{not_null}, and the new shape cannot follow ({why}); the table is as it was. Alter the "
        f"column back, as {rebuild.target.was.name} has it, and run again"
    )


def _read(rebuild: Rebuild, shape: TableShape) -> Read:
    """From an empty table of the shape, in a schema of its own."""
    rebuild.run(f"SAVEPOINT shape; CREATE SCHEMA {_SHAPE}; {shape.statements_in(_SHAPE)}")
    table = qualified(_SHAPE, shape.table)
    columns = _of_table(rebuild, table)
    names = rebuild.connection.execute(_NAMES, {"table": table}).scalars().all()
    rebuild.run("ROLLBACK TO shape")
    return Read(columns, tuple(names))


def _of_table(rebuild: Rebuild, table: str) -> dict[str, Attribute]:
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/attributes.sql")), {"table": table}
    )
    return {r.name: Attribute(r.type_name, r.default_value, r.is_not_null) for r in rows}
