"""The columns on both sides of a rebuild: lists of them in SQL, and rows that do not fit.

The verification after the copy finds differences that the types do not show: it casts the new
values back and compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, text

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import MigrationFailed
from mlb_perf.online.rebuild.target import Rebuild

UNFIT = frozenset({"22001", "22003", "23502", "23505", "23514"})
"""SQLSTATE of a value too long or out of range, of NULL, of a second key, of a CHECK."""

_RANGES = {"smallint": 2**15, "integer": 2**31}
_VARCHAR = re.compile(r"character varying\((\d+)\)")
_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")


@dataclass(frozen=True)
class Columns:
    """Names as SQL writes them, in the table's order; types by name; keys, the primary one first.

    A key identifies a row: the columns of a unique constraint, none of which
    can be NULL. ``key`` is the one that both sides have.
    """

    types: dict[str, str]
    keys: tuple[tuple[str, ...], ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.types)

    def listed(self, prefix: str = "") -> str:
        return ", ".join(f"{prefix}{name}" for name in self.names)

    def key_listed(self, prefix: str = "") -> str:
        return ", ".join(f"{prefix}{name}" for name in self.key)

    def assignments(self) -> str:
        """``SET`` of an upsert; a table of nothing but its key sets the key to itself."""
        others = [name for name in self.names if name not in self.key] or list(self.key)
        return ", ".join(f"{name} = EXCLUDED.{name}" for name in others)


def read_columns(connection: Connection, table: str) -> Columns:
    """The columns of a table that is there; ``table`` as SQL writes it."""
    given = {"table": table}
    columns = connection.execute(text(sql.read("online/rebuild/columns.sql")), given).all()
    keys = connection.execute(text(sql.read("online/rebuild/keys.sql")), given).scalars()
    return Columns({r.name: r.type_name for r in columns}, tuple(tuple(key) for key in keys))


def in_common(old: Columns, new: Columns, table: str) -> tuple[Columns, Columns]:
    """Both, with the key that identifies a row on both sides.

    A rebuild changes types, order, partitions, and the choice of the primary key;
    it adds and drops no columns. Raises :class:`~mlb_perf.errors.MigrationFailed`
    if the columns differ, or if no key is common.
    """
    if set(old.names) != set(new.names):
        raise _refused("columns", old.names, new.names, table)
    known = {frozenset(key) for key in old.keys}
    for key in new.keys:
        if frozenset(key) in known:
            return replace(old, key=key), replace(new, key=key)
    raise _refused(
        "keys", [f"({', '.join(k)})" for k in old.keys], [f"({', '.join(k)})" for k in new.keys],
        table,
    )  # fmt: skip


def as_old(old: Columns, new: Columns) -> str:
    """The shadow's columns in the order and the types of the old table."""
    return ", ".join(
        f"r.{name}" if new.types[name] == type_name else f"CAST(r.{name} AS {type_name})"
        for name, type_name in old.types.items()
    )


def _refused(
    what: str, old: tuple[str, ...] | list[str], new: tuple[str, ...] | list[str], table: str
) -> MigrationFailed:
    return MigrationFailed(
        f"{table}: its {what} are {', '.join(sorted(old)) or 'none'}; the new shape has "
        f"{', '.join(sorted(new)) or 'none'}; nothing was changed. A rebuild keeps them: "
        "drop the columns or keys of your own, and run again"
    )


def require_fit(rebuild: Rebuild, old: Columns, new: Columns) -> None:
    """Raise :class:`~mlb_perf.errors.MigrationFailed` with the first row that does not fit."""
    rules = list(_rules(rebuild, old, new))
    if rules:
        where = " OR ".join(f"({rule})" for _, rule in rules)
        rows = f"SELECT * FROM {rebuild.target.live} WHERE {where} LIMIT 1"  # noqa: S608
        found = _first(rebuild, rows)
        if found is not None:
            raise _does_not_fit(rebuild, new, found, "; ".join(what for what, _ in rules))
    for key in new.keys:
        if frozenset(key) not in {frozenset(k) for k in old.keys}:
            _require_unique(rebuild, key)


def narrowing(name: str, old: str, new: str) -> str | None:
    """The SQL that is true of a value of type ``old`` that ``new`` cannot hold; None if all fit."""
    if old == new:
        return None
    if new in _RANGES:
        return f"{name} NOT BETWEEN {-_RANGES[new]} AND {_RANGES[new] - 1}"
    if length := _VARCHAR.fullmatch(new):
        return f"char_length({name}) > {length[1]}"
    if digits := _NUMERIC.fullmatch(new):
        precision, scale = int(digits[1]), int(digits[2])
        return f"round({name}, {scale}) <> {name} OR abs({name}) >= 1e{precision - scale}"
    return None


def _rules(rebuild: Rebuild, old: Columns, new: Columns) -> Iterator[tuple[str, str]]:
    """In words and in SQL: the conditions of a row that does not fit."""
    for name, type_name in new.types.items():
        rule = narrowing(name, old.types[name], type_name)
        if rule is not None:
            yield f"{name} becomes {type_name}", rule
    names = {"live": rebuild.target.live, "shadow": rebuild.target.shadow}
    for row in rebuild.connection.execute(text(sql.read("online/rebuild/new_rules.sql")), names):
        yield row.name, row.rule


def _require_unique(rebuild: Rebuild, key: tuple[str, ...]) -> None:
    listed = ", ".join(key)
    twice = f"SELECT {listed} FROM {rebuild.target.live} GROUP BY {listed}"  # noqa: S608
    found = _first(rebuild, f"{twice} HAVING count(*) > 1 LIMIT 1")
    if found is not None:
        raise _does_not_fit(rebuild, None, found, f"({listed}) becomes unique")


def _first(rebuild: Rebuild, query: str) -> Row[Any] | None:
    found = execute(rebuild.connection, query)
    return found.first()


def _does_not_fit(
    rebuild: Rebuild, of: Columns | None, row: Row[Any], rules: str
) -> MigrationFailed:
    values = row._mapping
    names = [n for n in values if of is None or n in of.key or f"{n} becomes" in rules]
    said = ", ".join(f"{name} = {values[name]!s:.60}" for name in names)
    return MigrationFailed(
        f"{rebuild.target.live}: the row with {said} does not fit into the new shape ({rules}); "
        "the table was not changed. Correct or delete such rows, and run again"
    )
