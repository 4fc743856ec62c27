"""Rows that do not fit the new table, found before the copy begins.

The verification after the copy finds the differences that the types do not show: it casts the
new values back and compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, text

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import MigrationFailed
from mlb_perf.online.rebuild.columns import Key, Sides, sides
from mlb_perf.online.rebuild.target import Rebuild

UNFIT = frozenset({"22001", "22003", "23502", "23505", "23514"})
"""SQLSTATE of a value too long or out of range, of NULL, of a second key, of a CHECK."""

_RANGES = {"smallint": 2**15, "integer": 2**31}
_VARCHAR = re.compile(r"character varying\((\d+)\)")
_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")


def require_fit(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.MigrationFailed` with the first row that does not fit."""
    both = sides(rebuild)
    _require_conversions(rebuild)
    rules = list(_rules(rebuild, both))
    if rules:
        where = " OR ".join(f"({rule})" for _, rule in rules)
        rows = f"SELECT * FROM ({_as_new(rebuild, both)}) AS r WHERE {where} LIMIT 1"  # noqa: S608
        found = execute(rebuild.connection, rows).first()
        if found is not None:
            raise _does_not_fit(rebuild, both, found, "; ".join(what for what, _ in rules))
    for key in both.new.keys:
        if frozenset(key) not in {frozenset(k) for k in both.old.keys}:
            _require_unique(rebuild, both, key)


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


def _require_conversions(rebuild: Rebuild) -> None:
    target = rebuild.target
    found = rebuild.connection.execute(
        text(sql.read("online/rebuild/conversions.sql")),
        {"live": target.live, "shadow": target.shadow, "given": list(target.using)},
    ).first()
    if found is not None:
        raise MigrationFailed(
            f"{target.live}: {found.name} becomes {found.new_type}, and an assignment does not "
            f"convert {found.old_type} to that, or not in the same way in every session; nothing "
            f"was changed. Give the value: using={{{found.name!r}: '...'}}"
        )


def _as_new(rebuild: Rebuild, both: Sides) -> str:
    """The rows as the new table would have them, before its types apply."""
    listed = ", ".join(
        f"{both.values.get(name) or both.new.defaults.get(name, 'NULL')} AS {name}"
        for name in both.new.types
        if name not in both.new.generated
    )
    return f"SELECT {listed} FROM {rebuild.target.live} AS r"  # noqa: S608  quoted names


def _rules(rebuild: Rebuild, both: Sides) -> Iterator[tuple[str, str]]:
    """In words and in SQL: the conditions of a row that does not fit."""
    for name, type_name in both.new.types.items():
        if both.values.get(name) == f"r.{name}":
            rule = narrowing(name, both.old.types[name], type_name)
            if rule is not None:
                yield f"{name} becomes {type_name}", rule
    names = {"live": rebuild.target.live, "shadow": rebuild.target.shadow}
    for row in rebuild.connection.execute(text(sql.read("online/rebuild/new_rules.sql")), names):
        yield row.name, row.rule


def _require_unique(rebuild: Rebuild, both: Sides, key: Key) -> None:
    listed = ", ".join(key)
    found = execute(
        rebuild.connection,
        f"SELECT {listed} FROM ({_as_new(rebuild, both)}) AS r"  # noqa: S608  quoted names
        f" GROUP BY {listed} HAVING count(*) > 1 LIMIT 1",
    ).first()
    if found is not None:
        raise _does_not_fit(rebuild, None, found, f"({listed}) becomes unique")


def _does_not_fit(
    rebuild: Rebuild, both: Sides | None, row: Row[Any], rules: str
) -> MigrationFailed:
    values = row._mapping
    names = [n for n in values if both is None or n in both.key or f"{n} becomes" in rules]
    said = ", ".join(f"{name} = {values[name]!s:.60}" for name in names)
    return MigrationFailed(
        f"{rebuild.target.live}: the row with {said} does not fit into the new shape ({rules}); "
        "the table was not changed. Correct or delete such rows, and run again"
    )
