"""An error of the server as a sentence: the server's message, and advice.

Errors are recognised by SQLSTATE, never by text, which is translated and changes.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg2
from sqlalchemy.exc import DBAPIError

from mlb_perf.formatting import one_line

_ADVICE = {
    "53100": "the disk is full; free some space, and run again",
    "53300": "close unused connections, or raise max_connections, and run again",
    "57014": "the statement was cancelled; run again",
    "57P01": "the server ended the connection; run again when it is up",
    "57P02": "the server crashed; run again when it is up",
}
_LOST = "the connection to the server was lost; run again when it is up"
_CONNECTION_EXCEPTION = "08"
_LONGEST = 1000  # a message may quote a whole row


def said(error: BaseException) -> str:
    """The server's message, with its detail and its SQLSTATE if it has them."""
    original = _original(error)
    diagnosis = getattr(original, "diag", None)
    primary = getattr(diagnosis, "message_primary", None) or str(original)
    detail = getattr(diagnosis, "message_detail", None)
    state = sqlstate(error)
    return (
        one_line(primary, _LONGEST)
        + (f" ({one_line(detail, _LONGEST)})" if detail else "")
        + (f" [SQLSTATE {state}]" if state else "")
    )


def hint(error: BaseException) -> str | None:
    """The server's own advice, if it gave one."""
    found = getattr(getattr(_original(error), "diag", None), "message_hint", None)
    return one_line(found, _LONGEST) if found else None


def advice(state: str | None, special: Mapping[str, str], otherwise: str) -> str:
    """The advice for a SQLSTATE: from ``special``, else the one of every command."""
    if state is None or state.startswith(_CONNECTION_EXCEPTION):
        return _LOST
    return {**_ADVICE, **special}.get(state, otherwise)


def sqlstate(error: BaseException | None) -> str | None:
    """The SQLSTATE of an error of the server, or of its cause."""
    while error is not None:
        original = _original(error)
        if isinstance(original, psycopg2.Error):
            return str(original.pgcode) if original.pgcode else None
        error = error.__cause__
    return None


def _original(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error
