"""An error of the server during a migration as a sentence."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.engine import safe
from mlb_perf.errors import MigrationFailed

_OUT_OF_MEMORY = "53200"

_ADVICE = {
    "2BP01": "an object of another user needs it; move or drop that object, and run again",
    "42501": "the role lacks that right: docs/migrations.md lists what a migration needs; grant "
    "it, or let the owner run it, and run again",
    "42703": "if it is the version table, another program has one of that name: set version_table "
    "in alembic.ini to another name, and run again",
    "42P07": "mlb_perf did not create it; see `mlb-perf adopt --check`, or name another database",
    "25006": "the server is a standby or default_transaction_read_only is on; name the primary, or "
    "turn that off, and run again",
    _OUT_OF_MEMORY: "the server is out of memory; lower maintenance_work_mem, and run again",
    "55P03": "another session holds a lock on it (SELECT * FROM pg_locks); end its transaction or "
    "raise lock_timeout in alembic.ini, and run again",
}
_OTHERWISE = "fix that, and run again (`--raiseerr` shows where it happened)"


def explain(error: DBAPIError, connection: Connection, *, began: bool) -> MigrationFailed:
    """The error with its SQLSTATE, the state that it leaves, and the next step.

    ``began``: whether the command had begun to run revisions.
    """
    left = (
        "the revision that was running is rolled back, the ones before it stand"
        if began
        else "nothing was changed"
    )
    state, hint = diagnosis.sqlstate(error), diagnosis.hint(error)
    advice = diagnosis.advice(state, _ADVICE, _OTHERWISE)
    # Of memory the server knows which: that of the machine, or max_locks_per_transaction.
    if hint is not None and (state == _OUT_OF_MEMORY or advice == _OTHERWISE):
        advice = f"{hint.rstrip('.')}; then run again"
    return MigrationFailed(
        f"{safe(connection.engine.url)}: {diagnosis.said(error)}; {left}; {advice}"
    )
