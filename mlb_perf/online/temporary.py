"""Temporary objects of other sessions, which go with their session: so that is named."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import ForeignObjects
from mlb_perf.formatting import printable

_TEMPORARY = re.compile(r"\bpg_temp_(\d+)\b")


def refuse_temporary(connection: Connection, needed: str, names: Iterable[str]) -> None:
    """Raise :class:`~mlb_perf.errors.ForeignObjects` if one of the names is temporary.

    ``names``: objects, in words, that need ``needed``.
    """
    found = [name for name in names if _TEMPORARY.search(name)]
    if not found:
        return
    numbers = [int(number) for name in found for number in _TEMPORARY.findall(name)]
    query = text(sql.read("online/temporary_sessions.sql"))
    sessions = connection.execute(query, {"numbers": numbers}).all()
    named = [
        f"pid {it.pid} ({printable(it.role_name)}, {printable(it.application_name)}, {it.state})"
        for it in sessions
    ]
    ends = [f"SELECT pg_terminate_backend({it.pid})" for it in sessions]
    raise ForeignObjects(
        f"{needed} is needed by {', '.join(found)}, temporary in the session of "
        f"{' or '.join(named) or 'a process that has ended since'}; nothing was changed. Let that "
        f"session drop it, or end the session{''.join(f' with {it}' for it in ends[:1])}"
        f"{''.join(f' or {it}' for it in ends[1:])}, and run again"
    )
