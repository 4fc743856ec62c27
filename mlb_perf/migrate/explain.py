"""An error of the server as a sentence: what is wrong, and what to do."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf.engine import safe
from mlb_perf.errors import MigrationFailed

# By SQLSTATE, never by text, which is translated and changes between versions.
_ADVICE = {
    "2BP01": "somebody else's object needs it; move or drop that object, and run again",
    "42501": "the role lacks that right: docs/migrations.md lists what a migration needs; grant "
    "it, or let the owner run it, and run again",
    "42P07": "it was not made by mlb_perf; see `mlb-perf adopt --check`, or name another database",
    "53100": "the disk is full; free some space, and run again",
    "53200": "the server is out of memory; lower maintenance_work_mem, and run again",
    "53300": "close connections that are not needed, or raise max_connections, and run again",
    "55P03": "another session holds a lock on it (SELECT * FROM pg_locks); end its transaction or "
    "raise lock_timeout in alembic.ini, and run again",
    "57014": "the statement was cancelled; run again",
    "57P01": "the server ended the connection; run again when it is up",
    "57P02": "the server crashed; run again when it is up",
}
_LOST = "the connection to the server was lost; run again when it is up"
_OTHERWISE = "mend that, and run again (`--raiseerr` shows where it happened)"


def explain(error: DBAPIError, connection: Connection, *, began: bool) -> MigrationFailed:
    """The error with its SQLSTATE, what it leaves behind, and what to do next.

    ``began``: whether revisions were being run, and not only looked up.
    """
    original = error.orig
    state: str | None = getattr(original, "pgcode", None)
    diagnosis = getattr(original, "diag", None)
    primary = getattr(diagnosis, "message_primary", None) or " ".join(str(original).split())
    detail = getattr(diagnosis, "message_detail", None)
    return MigrationFailed(
        f"{safe(connection.engine.url)}: {primary}"
        + (f" ({' '.join(detail.split())})" if detail else "")
        + (f" [SQLSTATE {state}]" if state else "")
        + (
            "; the revision that was running is rolled back, the ones before it stand; "
            if began
            else "; nothing was changed; "
        )
        + _advice(error, state)
    )


def _advice(error: DBAPIError, state: str | None) -> str:
    if state in _ADVICE:
        return _ADVICE[state]
    return _LOST if error.connection_invalidated or state is None else _OTHERWISE
