"""The plain value of an index that a model declares or that was reflected."""

from __future__ import annotations

import re

from sqlalchemy import Index
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from mlb_perf.errors import ConfigurationError
from mlb_perf.online.index_shape import IndexShape

# What SQLAlchemy's own compiler writes: only it knows how every option is spelled.
_STATEMENT = re.compile(
    r"CREATE (?P<unique>UNIQUE )?INDEX (?P<name>\S+) ON (?:ONLY )?(?P<schema>\w+)\.(?P<table>\w+) "
    r"(?:USING (?P<using>\w+) )?\((?P<columns>.*?)\)"
    r"(?: INCLUDE \((?P<include>[^()]*)\))?"
    r"(?: WITH \((?P<with>[^()]*)\))?"
    r"(?: WHERE (?P<where>.*))?",
    re.DOTALL,
)


def shape_of(index: Index) -> IndexShape:
    """The index as :func:`op.create_index_online` takes it.

    Raises :class:`~mlb_perf.errors.ConfigurationError` for an index without a
    schema or with an option that the operation does not know.
    """
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statement = " ".join(str(CreateIndex(index).compile(dialect=dialect)).split())
    return parse(statement, f"index {index.name}", index.info.get("comment"))


def parse(statement: str, where: str, comment: str | None = None) -> IndexShape:
    """The index that ``CREATE INDEX`` makes, on one line, as SQLAlchemy writes it.

    ``where`` is named in the :class:`~mlb_perf.errors.ConfigurationError` that
    is raised for a statement in other words.
    """
    found = _STATEMENT.fullmatch(statement)
    if found is None:
        raise ConfigurationError(
            f"{where}: {statement} cannot be written as create_index_online; "
            "write the revision's step by hand"
        )
    return IndexShape(
        name=found["name"].strip('"'),
        table=found["table"],
        columns=tuple(_split(found["columns"])),
        schema=found["schema"],
        unique=found["unique"] is not None,
        using=found["using"] or "btree",
        include=tuple(_split(found["include"] or "")),
        where=found["where"],
        with_=found["with"],
        comment=comment,
    )


def _split(columns: str) -> list[str]:
    """At the commas that stand in no parentheses and in no quotes."""
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
