"""Names as SQL writes them, for statements that are sent without parameters."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql

from mlb_perf.migrate.shape import literal

__all__ = ["literal", "qualified", "quote"]

# Another style of parameters would double a percent sign in a name.
quote = postgresql.dialect(  # type: ignore[no-untyped-call]
    paramstyle="named"
).identifier_preparer.quote


def qualified(schema: str, name: str) -> str:
    """``schema.name``, quoted where it must be."""
    return f"{quote(schema)}.{quote(name)}"
