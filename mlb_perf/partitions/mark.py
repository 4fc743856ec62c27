"""What a partition that is being detached was, written into its comment.

A comment, because it belongs to the table: it goes along when the table is
moved, dumped and restored elsewhere, and nobody can lose one without the other.
``performance_monitoring.detached_partitions`` reads it.
"""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import text

from mlb_perf.months import BEGINNING, END
from mlb_perf.partitions.names import literal
from mlb_perf.partitions.partition import Detached, MonthTable, Partition
from mlb_perf.partitions.session import Session

PREFIX = "mlb_perf detached: "

_BEFORE = text(
    "SELECT obj_description(c.oid, 'pg_class') AS comment, ARRAY("
    " SELECT conname::text FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c' ORDER BY 1"
    ") AS checks FROM pg_class AS c WHERE c.oid = to_regclass(:leaf)"
)


def choose(session: Session, table: MonthTable, partition: Partition) -> None:
    """Mark a partition as chosen, before anything is done to it; what it was is remembered."""
    before = session.connection.execute(_BEFORE, {"leaf": partition.qualified}).one()
    _write(
        session,
        partition.qualified,
        {
            "schema": table.schema,
            "table": table.name,
            "start": _edge(partition.span.low),
            "end": _edge(partition.span.high),
            "detached_at": None,
            "comment": before.comment,
            "checks": list(before.checks),
        },
    )


def now_resting(session: Session, it: Detached) -> None:
    """Say since when it is detached; its time in the graveyard counts from here."""
    now = session.connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    _write(
        session,
        it.qualified,
        {
            "schema": it.parent_schema,
            "table": it.parent_name,
            "start": _edge(it.span.low),
            "end": _edge(it.span.high),
            "detached_at": now.astimezone(dt.UTC).isoformat(),
            "comment": it.former_comment,
            "checks": list(it.former_checks),
        },
    )


def erase(session: Session, leaf: str, comment: str | None) -> None:
    """The comment that the partition had before."""
    session.run(f"COMMENT ON TABLE {leaf} IS {'NULL' if comment is None else literal(comment)}")


def _write(session: Session, leaf: str, mark: dict[str, object]) -> None:
    said = literal(PREFIX + json.dumps(mark))
    session.run(f"COMMENT ON TABLE {leaf} IS {said}")


def _edge(moment: dt.datetime) -> str | None:
    return None if moment in (BEGINNING, END) else moment.isoformat()
