"""An index as a plain value: the SQL that creates it, and the value of an existing index."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import Index
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from mlb_perf.errors import ConfigurationError
from mlb_perf.names import IDENTIFIER, literal, plain, qualified, quote, shortened

# As SQLAlchemy's compiler and pg_get_indexdef write it. A name or a text in quotes is one token, so
# that a parenthesis in it ends nothing.
_TEXT = r"""(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^"'])"""
_STATEMENT = re.compile(
    rf"CREATE (?P<unique>UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"
    rf"(?P<name>{IDENTIFIER}) "
    rf"ON (?:ONLY )?(?:(?P<schema>{IDENTIFIER})\.)?(?P<table>{IDENTIFIER}) ?"
    rf"(?:USING (?P<using>\w+) ?)?\((?P<columns>{_TEXT}*?)\)"
    rf"(?: INCLUDE ?\((?P<include>{_TEXT}*?)\))?"
    rf"(?: WITH ?\((?P<with>{_TEXT}*?)\))?"
    rf"(?: WHERE (?P<where>.*))?",
    re.DOTALL | re.IGNORECASE,
)
_SPACE = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')|\s+""")


@dataclass(frozen=True)
class IndexShape:
    """One index. ``columns``, ``where`` and ``with_`` are SQL as ``CREATE INDEX`` takes it.

    A column may be an expression in parentheses, and carry its operator class
    and order: ``("external_game_id", "collected_at DESC", "payload jsonb_path_ops")``.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    schema: str = ""
    unique: bool = False
    using: str = "btree"
    include: tuple[str, ...] = ()
    where: str | None = None
    with_: str | None = None
    comment: str | None = None
    tablespace: str | None = None

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.name)

    @property
    def qualified_table(self) -> str:
        return qualified(self.schema, self.table)

    def in_schema(self, default: str) -> IndexShape:
        """The index of a table in ``default``, if it names no schema."""
        return self if self.schema else replace(self, schema=default)

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
        if self.tablespace:
            parts.append(f"TABLESPACE {quote(self.tablespace)}")
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


def shape_of(index: Index) -> IndexShape:
    """The index as :func:`op.create_index_online` takes it.

    Raises :class:`~mlb_perf.errors.ConfigurationError` for an index with an option that the
    operation does not know.
    """
    # psycopg2's own style of parameters would double a percent sign.
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    statement = str(CreateIndex(index).compile(dialect=dialect))
    return parse(statement, f"index {index.name}", index.info.get("comment"))


def parse(statement: str, where: str, comment: str | None = None) -> IndexShape:
    """The index of a ``CREATE INDEX``, as SQLAlchemy, pg_get_indexdef or a person writes it.

    Raises :class:`~mlb_perf.errors.ConfigurationError`, which names ``where``, for a statement
    in another form.
    """
    squeezed = _SPACE.sub(lambda part: part[1] or " ", statement).strip().removesuffix(";")
    found = _STATEMENT.fullmatch(squeezed.strip())
    if found is None:
        raise ConfigurationError(
            f"{where}: {statement} cannot be written as create_index_online; "
            "write this step of the revision by hand"
        )
    return IndexShape(
        name=_folded(found["name"]),
        table=_folded(found["table"]),
        columns=tuple(_split(found["columns"])),
        schema=_folded(found["schema"] or ""),
        unique=found["unique"] is not None,
        using=found["using"] or "btree",
        include=tuple(_split(found["include"] or "")),
        where=found["where"],
        with_=found["with"],
        comment=comment,
    )


def _folded(identifier: str) -> str:
    """The name as the server understands it."""
    return plain(identifier) if identifier.startswith('"') else identifier.lower()


def _split(columns: str) -> list[str]:
    """The parts between commas that are outside of parentheses and quotes."""
    parts, depth, quoted = [""], 0, ""
    for character in columns:
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"":
            quoted = character
        depth += {"(": 1, ")": -1}.get(character, 0) if not quoted else 0
        if character == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]
