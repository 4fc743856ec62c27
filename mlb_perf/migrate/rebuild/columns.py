"""The columns of a table on both sides of a rebuild, and the SQL lists made of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import MigrationFailed


@dataclass(frozen=True)
class Columns:
    """Names as SQL writes them, in the table's order; types by name; the primary key in order."""

    types: dict[str, str]
    key: tuple[str, ...]

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
    rows = connection.execute(text(sql.read("migrate/rebuild/columns.sql")), {"table": table}).all()
    keyed = sorted((r for r in rows if r.key_position is not None), key=lambda r: r.key_position)
    return Columns({r.name: r.type_name for r in rows}, tuple(r.name for r in keyed))


def require_same(old: Columns, new: Columns, table: str) -> None:
    """The rebuild changes types, order and partitions; not which columns there are, nor the key."""
    for what, one, other in (
        ("columns", set(old.names), set(new.names)),
        ("primary key", set(old.key), set(new.key)),
    ):
        if one != other:
            raise MigrationFailed(
                f"{table}: its {what} are {', '.join(sorted(one)) or 'none'}; the new shape has "
                f"{', '.join(sorted(other)) or 'none'}; nothing was changed. A rebuild keeps them: "
                "drop or move what is not mlb_perf's, and run again"
            )
