"""An index as a plain value, and the SQL that makes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlb_perf.names import literal, qualified, quote, shortened


@dataclass(frozen=True)
class IndexShape:
    """One index. ``columns``, ``where`` and ``with_`` are SQL as ``CREATE INDEX`` takes it.

    A column may be an expression in parentheses, and carry its operator class
    and order: ``("external_game_id", "collected_at DESC", "payload jsonb_path_ops")``.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    schema: str
    unique: bool = False
    using: str = "btree"
    include: tuple[str, ...] = ()
    where: str | None = None
    with_: str | None = None
    comment: str | None = None

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.name)

    @property
    def qualified_table(self) -> str:
        return qualified(self.schema, self.table)

    def create(self, *, concurrently: bool = False, only: bool = False) -> str:
        """``CREATE INDEX``, without a semicolon at its end."""
        head = ["CREATE", *(["UNIQUE"] if self.unique else []), "INDEX"]
        head += ["CONCURRENTLY"] if concurrently else []
        table = f"ONLY {self.qualified_table}" if only else self.qualified_table
        parts = [*head, quote(self.name), "ON", table, "USING", self.using]
        parts.append(f"({', '.join(self.columns)})")
        if self.include:
            parts.append(f"INCLUDE ({', '.join(self.include)})")
        if self.with_:
            parts.append(f"WITH ({self.with_})")
        if self.where:
            parts.append(f"WHERE {self.where}")
        return " ".join(parts)

    def drop(self, *, concurrently: bool = False) -> str:
        """``DROP INDEX IF EXISTS``, without a semicolon at its end."""
        how = "CONCURRENTLY " if concurrently else ""
        return f"DROP INDEX {how}IF EXISTS {self.qualified}"

    def comment_on(self) -> str | None:
        """``COMMENT ON INDEX``, if it has a comment."""
        if self.comment is None:
            return None
        return f"COMMENT ON INDEX {self.qualified} IS {literal(self.comment)}"

    def on_leaf(self, schema: str, table: str) -> IndexShape:
        """The same index on a partition, under a name that no other index has."""
        own = self.name.removeprefix("ix_").removeprefix(f"{self.table}_")
        return replace(
            self, schema=schema, table=table, name=shortened(f"ix_{table}_{own}"), comment=None
        )
