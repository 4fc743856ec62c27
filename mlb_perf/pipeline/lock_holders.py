"""Which sessions hold the locks that a statement waited for until its ``lock_timeout``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Row, text

from mlb_perf import sql
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import DatabaseUnreachable
from mlb_perf.formatting import one_line
from mlb_perf.roles import SCHEMAS

LOCK_NOT_AVAILABLE = "55P03"

_SHOWN = 60


def lock_holders(url: URL) -> str:
    """The sessions with locks on the package's tables, and how to end them; "" if there are none.

    Asked after the wait has ended, so a session that has gone since is not in it. "" also if the
    server cannot be asked any more: the error of the wait is the one to report.
    """
    try:
        with connect(migration_engine(url, {})) as connection:
            query = text(sql.read("pipeline/lock_holders.sql"))
            found = connection.execute(query, {"schemas": list(SCHEMAS)}).all()
    except DatabaseUnreachable:
        return ""
    if not found:
        return ""
    ends = " or ".join(f"SELECT pg_terminate_backend({row.pid})" for row in found)
    return f"locks are held by {', '.join(map(_described, found))}; end it with {ends}"


def _described(row: Row[Any]) -> str:
    program = f" with {one_line(row.application_name, _SHOWN)}" if row.application_name else ""
    return (
        f"pid {row.pid} of {one_line(row.role_name, _SHOWN)}{program} "
        f"({row.state} for {row.age}: {one_line(row.query, _SHOWN)})"
    )
