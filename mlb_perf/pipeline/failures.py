"""An error of the server during a load as a sentence: what is wrong, and what to do."""

from __future__ import annotations

import psycopg2
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from mlb_perf.engine import safe
from mlb_perf.errors import LoadFailed

_NO_SCHEMA = "the schema is not there; run mlb-perf alembic upgrade head"

# By SQLSTATE, never by text, which is translated and changes between versions.
_ADVICE = {
    "25006": "the server takes no writes; name the primary in the URL",
    "3F000": _NO_SCHEMA,
    "40P01": "another session took the same locks the other way round; run again",
    "42501": "give the role that right: INSERT on raw_data and staging, TEMPORARY on the database",
    "42703": _NO_SCHEMA,
    "42P01": _NO_SCHEMA,
    "53100": "the disk is full; free some space, and run again",
    "53200": "the server is out of memory; load fewer rows a batch, and run again",
    "53300": "close connections that are not needed, or raise max_connections, and run again",
    "55P03": "another session holds a lock on the table, such as a migration; run again",
    "57014": "the statement was cancelled; run again",
    "57P01": "the server ended the connection; run again when it is up",
    "57P02": "the server crashed; run again when it is up",
}
_LOST = "the connection to the server was lost; run again when it is up"
_NO_PARTITION = "no partition takes that month; make it, and run again"
_OTHERWISE = "mend that, and run again"


def explain(error: psycopg2.Error | DBAPIError, url: URL) -> LoadFailed:
    """The error with its SQLSTATE and what to do next."""
    original = error.orig if isinstance(error, DBAPIError) else error
    state = sqlstate(error)
    diagnosis = getattr(original, "diag", None)
    primary = getattr(diagnosis, "message_primary", None) or " ".join(str(original).split())
    detail = getattr(diagnosis, "message_detail", None)
    return LoadFailed(
        f"{safe(url)}: {primary}"
        + (f" ({' '.join(detail.split())})" if detail else "")
        + (f" [SQLSTATE {state}]" if state else "")
        + f"; {_advice(state, getattr(diagnosis, 'constraint_name', None))}"
    )


def sqlstate(error: BaseException | None) -> str | None:
    """The SQLSTATE of an error of the server, or of the one that it was raised from."""
    while error is not None:
        original = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(original, psycopg2.Error):
            return str(original.pgcode) if original.pgcode else None
        error = error.__cause__
    return None


def is_about_the_data(error: psycopg2.Error) -> bool:
    """Whether some record is at fault, and the others can be loaded without it.

    Classes 22 (data) and 54 (limits: depth, length), a CHECK (23514 with its name; without one
    a partition is missing) and a NULL in a key.
    """
    state = error.pgcode or ""
    return (
        state[:2] in ("22", "54")
        or state == "23502"
        or (state == "23514" and bool(error.diag.constraint_name))
    )


def _advice(state: str | None, constraint: str | None) -> str:
    if state is None or state.startswith("08"):
        return _LOST
    if state == "23514" and not constraint:
        return _NO_PARTITION
    return _ADVICE.get(state, _OTHERWISE)
