"""Malformed records into ``staging.rejected_records``, where none is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import Connection

from mlb_perf.engine import driver
from mlb_perf.pipeline.records import TEXT_KEPT, Malformed
from mlb_perf.sql import read

# Two loads of one bad file must not both find its records absent. The table is one that only the
# roles of the pipeline may write, and of which others seldom need the same lock: neither its
# writers nor its readers wait.
_LOCK = "LOCK TABLE operational.pipeline_execution_log IN SHARE UPDATE EXCLUSIVE MODE"


def write(connection: Connection, records: Sequence[Malformed]) -> None:
    """Keep records that are not kept yet, within the transaction that the connection is in."""
    if not records:
        return
    with driver(connection).cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(
            read("pipeline/load/reject.sql"),
            {"records": json.dumps([_row(record) for record in records])},
        )


def _row(record: Malformed) -> dict[str, str | None]:
    key = record.sportsbook_key
    return {
        "external_game_id": _storable(record.external_game_id, 64),
        "source": _storable(record.feed, 32),
        "raw_table": record.table,
        "sportsbook_key": None if key is None else _storable(key, 64),
        "reason_code": record.reason_code,
        "reason": _storable(record.reason, TEXT_KEPT),
        "text": _storable(record.text, TEXT_KEPT),
        "sha256": hashlib.sha256(record.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "origin": _storable(record.origin, 255),
    }


def _storable(text: str, length: int) -> str:
    """The text, cut, with what PostgreSQL cannot store written as JSON escapes it."""
    cut = text[:length]
    if not cut.isascii() or "\x00" in cut:
        cut = cut.replace("\x00", "\\u0000").encode("utf-8", "backslashreplace").decode()
    return cut[:length]
