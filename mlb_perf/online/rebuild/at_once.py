"""Before a rebuild within one transaction: what it would lose is refused by the script itself.

A script knows nothing of the database that it will run on. So it creates the old shape beside the
table, and compares the two when it runs.
"""

from __future__ import annotations

import re

from mlb_perf import sql
from mlb_perf.names import literal, qualified
from mlb_perf.online.rebuild.target import Target
from mlb_perf.online.shadows import SHADOWS

_SHAPE = f"{SHADOWS}_was"
_QUERIES = ("unmovable", "unmovable_at_once", "differing_columns")


def begin(target: Target) -> list[str]:
    """Create the old shape, and raise if the table has more, or is needed by others."""
    queries = "\nUNION ALL\n".join(
        f"SELECT q.name FROM (\n{_read(target, name)}\n) AS q"  # noqa: S608  our own files
        for name in _QUERIES
    )
    refuse = sql.read("online/rebuild/refuse.sql").format(query=queries, table=literal(target.live))
    return [f"CREATE SCHEMA {_SHAPE}", target.was.statements_in(_SHAPE), refuse]


def end() -> str:
    """Drop the old shape."""
    return f"DROP SCHEMA {_SHAPE} CASCADE"


def known(target: Target) -> str:
    """SQL of the names of the constraints and indexes that the old shape has."""
    named = [index.name for index in (*target.was.indexes, *target.to.indexes)]
    named += [key.name for key in (*target.was.foreign_keys, *target.to.foreign_keys)]
    listed = ", ".join(literal(name) for name in named)
    return (
        f"(ARRAY(SELECT conname::text FROM pg_constraint WHERE conrelid = "  # noqa: S608
        f"{literal(_shape(target))}::regclass) || ARRAY[{listed}]::text[])"
    )


def _shape(target: Target) -> str:
    return qualified(_SHAPE, target.was.table)


def _read(target: Target, name: str) -> str:
    values = {"table": literal(target.live), "shape": literal(_shape(target)),
              "known": known(target)}  # fmt: skip
    content = sql.read(f"online/rebuild/{name}.sql")
    lines = [line for line in content.splitlines() if not line.lstrip().startswith("--")]
    given = re.compile(r"(?<!:):(table|shape|known)\b")
    return given.sub(lambda found: values[found[1]], "\n".join(lines)).strip()
