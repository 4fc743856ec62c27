"""The columns on both sides of a rebuild, and the lists of them in SQL.

A column of the new table gets the value of the old column of its name, or of an expression over
the old row, or what the revision's upgrade kept of it when it dropped the column. Every other
column gets its default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import MigrationFailed
from mlb_perf.names import quote
from mlb_perf.online.rebuild.target import Rebuild, exists, names_qualified

Key = tuple[str, ...]
"""Columns that identify a row: unique together, and none of them can be NULL."""


@dataclass(frozen=True)
class Columns:
    """Of one table, by name as SQL writes it, in the table's order; keys, the primary one first.

    ``odd`` are those of types without a usual equality, such as json.
    """

    types: dict[str, str]
    keys: tuple[Key, ...]
    defaults: dict[str, str]
    generated: frozenset[str]
    odd: frozenset[str]


@dataclass(frozen=True)
class Sides:
    """Both tables; ``values`` are SQL over a row ``r`` of the old one, by new column."""

    old: Columns
    new: Columns
    key: Key
    values: dict[str, str]
    compared: tuple[str, ...]
    expressions: Mapping[str, str]

    @property
    def written(self) -> str:
        """The columns of the new table that the copy writes."""
        return ", ".join(self.values)

    @property
    def read(self) -> str:
        """Their values."""
        return ", ".join(self.values.values())

    @property
    def assignments(self) -> str:
        """``SET`` of an upsert; a table of nothing but its key sets the key to itself."""
        others = [name for name in self.values if name not in self.key] or list(self.key)
        return ", ".join(f"{name} = EXCLUDED.{name}" for name in others)

    @property
    def names(self) -> str:
        """The columns that the verification compares."""
        return ", ".join(self.compared)

    def listed_key(self, prefix: str = "") -> str:
        return ", ".join(f"{prefix}{name}" for name in self.key)

    def of_old(self) -> str:
        """What the verification compares: each value of the old row."""
        return ", ".join(
            self._comparable(
                name,
                f"CAST({self.values[name]} AS {self.new.types[name]})"
                if name in self.expressions
                else f"r.{name}",
            )
            for name in self.compared
        )

    def of_new(self) -> str:
        """And the value of the new row; cast back to the old type, as readers have seen it."""
        return ", ".join(self._comparable(name, self.as_old(name)) for name in self.compared)

    def as_old(self, name: str) -> str:
        if name in self.expressions or self.old.types[name] == self.new.types[name]:
            return f"r.{name}"
        return f"CAST(r.{name} AS {self.old.types[name]})"

    def of_partition(self) -> list[str]:
        """The columns that a row of the new table has as the old one had them."""
        return [name for name in self.compared if name not in self.expressions]

    def _comparable(self, name: str, value: str) -> str:
        return f"CAST({value} AS text)" if name in self.new.odd | self.old.odd else value


def read_columns(connection: Connection, table: str) -> Columns:
    """The columns of a table that is there; ``table`` as SQL writes it."""
    given = {"table": table}
    rows = connection.execute(text(sql.read("online/rebuild/columns.sql")), given).all()
    keys = connection.execute(text(sql.read("online/rebuild/keys.sql")), given).scalars()
    return Columns(
        {r.name: r.type_name for r in rows},
        tuple(tuple(key) for key in keys),
        {r.name: r.default_value for r in rows if r.default_value is not None},
        frozenset(r.name for r in rows if r.is_generated),
        frozenset(r.name for r in rows if not r.has_usual_equality),
    )


def sides(rebuild: Rebuild) -> Sides:
    """Both tables; raises :class:`~mlb_perf.errors.MigrationFailed` if they do not fit together.

    The live table must have the columns of its old shape, and a key in common with the new one.
    """
    target = rebuild.target
    with names_qualified(rebuild):
        old = read_columns(rebuild.connection, target.live)
        new = read_columns(rebuild.connection, target.shadow)
    if set(old.types) != set(target.was.column_names):
        raise _refused("columns", list(old.types), list(target.was.column_names), target.live)
    given = {quote(name): f"({expression})" for name, expression in target.using.items()}
    key = _common_key(old, new, target.live, given)
    kept = _kept(rebuild, old, new, key, given)
    values = dict(_values(old, new, given, kept))
    compared = [name for name in new.types if name in old.types or name in given]
    return Sides(old, new, key, values, tuple(n for n in compared if n not in kept), given)


def _values(
    old: Columns, new: Columns, given: Mapping[str, str], kept: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for name in new.types:
        if name in new.generated:
            continue
        if name in kept:
            yield name, kept[name]
        elif name in given:
            yield name, given[name]
        elif name in old.types:
            yield name, f"r.{name}"


def _common_key(old: Columns, new: Columns, table: str, given: Mapping[str, str]) -> Key:
    known = {frozenset(key) for key in old.keys}
    for key in new.keys:
        if frozenset(key) in known and not given.keys() & set(key):
            return key
    raise _refused(
        "keys", [f"({', '.join(k)})" for k in old.keys], [f"({', '.join(k)})" for k in new.keys],
        table,
    )  # fmt: skip


def _kept(
    rebuild: Rebuild, old: Columns, new: Columns, key: Key, given: Mapping[str, str]
) -> dict[str, str]:
    """The columns that the other direction has dropped and kept, with their values."""
    table = rebuild.target.kept_by_other(rebuild.journal)
    if table is None or not exists(rebuild, table):
        return {}
    found = read_columns(rebuild.connection, table)
    same = " AND ".join(f"k.{name} = r.{name}" for name in key)
    source = f"FROM {table} AS k WHERE {same}"
    return {
        name: f"CASE WHEN EXISTS (SELECT {source}) THEN (SELECT k.{name} {source}) "
        f"ELSE {given.get(name) or new.defaults.get(name, 'NULL')} END"
        for name in new.types
        if name in found.types and name not in old.types
    }


def _refused(what: str, old: list[str], new: list[str], table: str) -> MigrationFailed:
    return MigrationFailed(
        f"{table}: its {what} are {', '.join(sorted(old)) or 'none'}; its shape has "
        f"{', '.join(sorted(new)) or 'none'}; nothing was changed. A rebuild needs the same "
        f"{what}: drop the columns or keys of your own, and run again"
    )
