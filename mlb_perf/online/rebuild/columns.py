"""The columns of a table on both sides of a rebuild, and the SQL lists made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import MigrationFailed


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
