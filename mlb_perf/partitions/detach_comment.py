"""What a partition that is being detached was, written into its comment.

A comment, because it belongs to the table: it goes along when the table is
moved, dumped and restored elsewhere, and nobody can lose one without the other.
``performance_monitoring.detached_partitions`` reads it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from sqlalchemy import text

from mlb_perf.months import BEGINNING, END
from mlb_perf.names import literal
from mlb_perf.partitions.partition import Detached
from mlb_perf.partitions.session import Session

PREFIX = "mlb_perf detached: "

_BEFORE = text(
    "SELECT obj_description(c.oid, 'pg_class') AS comment, ARRAY("
    " SELECT conname::text FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c' ORDER BY 1"
    ") AS checks FROM pg_class AS c WHERE c.oid = to_regclass(:leaf)"
)


def comment(it: Detached, detached_at: dt.datetime | None) -> str:
    """The statement that marks it: chosen, or detached since a moment."""
    written = {
        "schema": it.parent_schema,
        "table": it.parent_name,
        "start": _edge(it.span.low),
        "end": _edge(it.span.high),
        "detached_at": detached_at.astimezone(dt.UTC).isoformat() if detached_at else None,
        "comment": it.former_comment,
        "checks": list(it.former_checks),
    }
    return f"COMMENT ON TABLE {it.qualified} IS {literal(PREFIX + json.dumps(written))}"


def choose(session: Session, it: Detached) -> None:
    """Mark a partition as chosen, before anything is done to it; what it was is remembered.

    Its comment and CHECKs are read again, because somebody may have changed them since.
    """
    before = session.connection.execute(_BEFORE, {"leaf": it.qualified}).one()
    now = replace(it, former_comment=before.comment, former_checks=tuple(before.checks))
    session.run(comment(now, None))


def erase(session: Session, leaf: str, comment: str | None) -> None:
    """The comment that the partition had before."""
    session.run(f"COMMENT ON TABLE {leaf} IS {'NULL' if comment is None else literal(comment)}")


def _edge(moment: dt.datetime) -> str | None:
    return None if moment in (BEGINNING, END) else moment.isoformat()
