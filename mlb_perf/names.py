"""Names as SQL writes them, for statements that are sent without parameters."""

from __future__ import annotations

import shlex

from sqlalchemy.dialects import postgresql

from mlb_perf.online.index_shape import literal

__all__ = ["literal", "qualified", "quote", "typed"]

# Another style of parameters would double a percent sign in a name.
quote = postgresql.dialect(  # type: ignore[no-untyped-call]
    paramstyle="named"
).identifier_preparer.quote


def qualified(schema: str, name: str) -> str:
    """``schema.name``, quoted where it must be."""
    return f"{quote(schema)}.{quote(name)}"


def typed(name: str) -> str:
    """The name as a shell takes it, for what a message says to type."""
    return shlex.quote(name)
