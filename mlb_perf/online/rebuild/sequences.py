"""Serial and identity columns: the new table goes on counting where the old one stopped.

The sequence of a serial column is handed over. That of an identity column cannot be: the new
column gets a sequence of its own at the swap, of the same name, which goes on at the same value.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from mlb_perf.names import literal, quote
from mlb_perf.online.rebuild.target import Rebuild, on_table


def read(rebuild: Rebuild) -> list[Row[Any]]:
    """Those of the columns that stay."""
    found = on_table(rebuild, "sequences.sql")
    return [row for row in found if row.column_name in rebuild.target.to.column_names]


def serial(rebuild: Rebuild) -> list[Row[Any]]:
    """Those whose column takes its default from the sequence; a user may have given another."""
    return [row for row in read(rebuild) if row.is_default]


def use(rebuild: Rebuild) -> None:
    """The shadow takes its values from the sequences of the table."""
    for row in serial(rebuild):
        default = f"nextval({literal(row.name)}::regclass)"
        rebuild.run(
            f"ALTER TABLE {rebuild.target.shadow} ALTER {row.column_name} SET DEFAULT {default}"
        )


def release(found: list[Row[Any]]) -> list[str]:
    """For the swap, before the tables move: their sequences would move with them."""
    return [f"ALTER SEQUENCE {row.name} OWNED BY NONE" for row in found if not row.is_identity]


def hand_over(rebuild: Rebuild, found: list[Row[Any]]) -> list[str]:
    """For the swap, after the tables have moved."""
    statements = []
    for row in found:
        column = f"{rebuild.target.live}.{row.column_name}"
        if row.is_identity:
            statements += _identity(rebuild, row)
        else:
            statements.append(f"ALTER SEQUENCE {row.name} OWNED BY {column}")
    return statements


def _identity(rebuild: Rebuild, row: Row[Any]) -> list[str]:
    target = rebuild.target
    name = f"{quote(target.schema)}.{row.bare_name}"
    before = f"{quote(target.before_schema)}.{row.bare_name}"
    how = f"ADD GENERATED {row.kind} AS IDENTITY (SEQUENCE NAME {name} {row.limits})"
    return [
        f"ALTER TABLE {target.live} ALTER {row.column_name} {how}",
        f"SELECT setval({literal(name)}, last_value, is_called) FROM {before}",  # noqa: S608
        *row.grants,
    ]
