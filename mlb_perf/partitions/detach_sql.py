"""The SQL by which a partition leaves its table: what a plan prints is what is run.

Nothing here speaks to the database.
"""

from __future__ import annotations

import datetime as dt

from mlb_perf import sql
from mlb_perf.names import literal, quote
from mlb_perf.partitions import detach_comment
from mlb_perf.partitions.partition import Detached, MonthTable, Partition

BOUNDS = "mlb_perf_bounds"
"""The CHECK that lets a partition be attached again without a scan."""


def graveyard(schema: str) -> str:
    """Where partitions of the schema's tables rest; one a schema, for two may have equal names."""
    return f"{schema}_graveyard"


def as_leaving(table: MonthTable, partition: Partition) -> Detached:
    """A partition of the table as what it will be when it is chosen."""
    return Detached(
        partition.schema, partition.name, table.schema, table.name, partition.span, "attached",
        None, False, 0, partition.comment, partition.checks,
    )  # fmt: skip


def chosen(it: Detached) -> str:
    """The mark, before anything is done to it: a detach that is cut off can be finished."""
    return detach_comment.comment(it, None)


def taken_out(it: Detached, *, has_default: bool) -> str | None:
    """The detach from where it stands; None if it is done.

    PostgreSQL refuses the concurrent form beside a DEFAULT partition.
    """
    detach = f"ALTER TABLE {it.parent} DETACH PARTITION {it.qualified}"
    if it.state == "pending":
        return f"{detach} FINALIZE"
    if it.state == "attached":
        return detach if has_default else f"{detach} CONCURRENTLY"
    return None


def laid_to_rest(it: Detached, now: dt.datetime, *, has_graveyard: bool) -> tuple[str, ...]:
    """Of what is detached: the CHECK's name, the mark with the moment, the move."""
    schema = quote(graveyard(it.parent_schema))
    known = ", ".join(literal(name) for name in it.former_checks)
    named = sql.read("partitions/name_bounds.sql").format(
        leaf=literal(it.qualified), known=f"ARRAY[{known}]::name[]", bounds=BOUNDS
    )
    # Not always: IF NOT EXISTS asks for the right to create schemas also where there is one.
    made = () if has_graveyard else (f"CREATE SCHEMA IF NOT EXISTS {schema}",)
    move = f"ALTER TABLE {it.qualified} SET SCHEMA {schema}"
    return (named.rstrip(), detach_comment.comment(it, now), *made, move)


def statements(
    it: Detached, now: dt.datetime, *, has_default: bool, has_graveyard: bool
) -> tuple[str, ...]:
    """What is still to be done, from where it stands, in the order in which it is run."""
    out = taken_out(it, has_default=has_default)
    rest = laid_to_rest(it, now, has_graveyard=has_graveyard)
    return rest if out is None else (out, *rest)
