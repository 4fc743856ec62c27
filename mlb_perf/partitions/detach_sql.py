"""The SQL that detaches a partition; a plan prints exactly these statements.

Nothing here connects to a database. The partition's former state is written into
its comment, because a comment moves with the table, also into a dump:
``performance_monitoring.detached_partitions`` reads it.
"""

from __future__ import annotations

import datetime as dt
import json

from mlb_perf import sql
from mlb_perf.months import BEGINNING, END
from mlb_perf.names import literal, quote
from mlb_perf.partitions.partition import Detached, MonthTable, Partition

BOUNDS = "mlb_perf_bounds"
"""The CHECK that lets a partition be attached again without a scan."""

_PREFIX = "mlb_perf detached: "


def graveyard(schema: str) -> str:
    """The schema for detached partitions of ``schema``: one each, as table names may repeat."""
    return f"{schema}_graveyard"


def as_detached(table: MonthTable, partition: Partition) -> Detached:
    """A partition of the table as the value that its detach works on."""
    return Detached(
        partition.schema, partition.name, table.schema, table.name, partition.span, "attached",
        None, False, 0, partition.comment, partition.checks,
    )  # fmt: skip


def mark(it: Detached, detached_at: dt.datetime | None) -> str:
    """Write into the comment that it is chosen (None), or since when it is detached.

    The mark comes before all else, so that a later command can finish an interrupted detach.
    """
    written = {
        "schema": it.parent_schema,
        "table": it.parent_name,
        "start": _edge(it.span.low),
        "end": _edge(it.span.high),
        "detached_at": detached_at.astimezone(dt.UTC).isoformat() if detached_at else None,
        "comment": it.former_comment,
        "checks": list(it.former_checks),
    }
    return f"COMMENT ON TABLE {it.qualified} IS {literal(_PREFIX + json.dumps(written))}"


def unmark(leaf: str, comment: str | None) -> str:
    """Put the former comment back."""
    return f"COMMENT ON TABLE {leaf} IS {literal(comment)}"


def detach(it: Detached, *, at_once: bool) -> str | None:
    """The remaining part of the detach; None if it is done.

    ``at_once``: without CONCURRENTLY, which PostgreSQL refuses beside a DEFAULT partition, and
    Citus on a distributed table.
    """
    statement = f"ALTER TABLE {it.parent} DETACH PARTITION {it.qualified}"
    if it.state == "pending":
        return f"{statement} FINALIZE"
    if it.state == "attached":
        return statement if at_once else f"{statement} CONCURRENTLY"
    return None


def bury(it: Detached, now: dt.datetime, *, has_graveyard: bool) -> tuple[str, ...]:
    """Of a detached partition: name the CHECK, write the time, move it."""
    schema = quote(graveyard(it.parent_schema))
    known = ", ".join(literal(name) for name in it.former_checks)
    named = sql.read("partitions/name_bounds.sql").format(
        leaf=literal(it.qualified), known=f"ARRAY[{known}]::name[]", bounds=BOUNDS
    )
    # Only if absent: IF NOT EXISTS requires the right to create schemas even if there is one.
    made = () if has_graveyard else (f"CREATE SCHEMA IF NOT EXISTS {schema}",)
    move = f"ALTER TABLE {it.qualified} SET SCHEMA {schema}"
    return (named.rstrip(), mark(it, now), *made, move)


def remaining(
    it: Detached, now: dt.datetime, *, at_once: bool, has_graveyard: bool
) -> tuple[str, ...]:
    """All remaining statements, in the order in which they run."""
    first = detach(it, at_once=at_once)
    rest = bury(it, now, has_graveyard=has_graveyard)
    return rest if first is None else (first, *rest)


def _edge(moment: dt.datetime) -> str | None:
    return None if moment in (BEGINNING, END) else moment.isoformat()
