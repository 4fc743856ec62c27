"""A bare COPY, the reference of each way to load: the same bytes into a table without indexes."""

from __future__ import annotations

import io
from collections.abc import Sequence

from sqlalchemy import Connection

from mlb_perf.engine import driver
from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.load.encoding import encode
from mlb_perf.pipeline.records import RawRecord

TABLE = "odds_api_odds"
BARE = "public.bench_bare_copy"
"""A table of the same columns without any index or constraint."""
NAMES = ("external_game_id", "sportsbook_key", "collected_at", "payload", "origin")
COLUMNS = ", ".join(NAMES)


def make_bare(connection: Connection) -> None:
    """Create the bare table, empty."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {BARE}")
    connection.exec_driver_sql(
        f"CREATE TABLE {BARE} (LIKE raw_data.{TABLE} INCLUDING DEFAULTS INCLUDING COMPRESSION)"
    )
    connection.commit()


def copy_bytes(records: Sequence[RawRecord]) -> bytes:
    """COPY's text format, in the order of the key, as the loader sends a batch."""
    return encode(records, copy.statements(TABLE).key_texts).data


def copy_into(connection: Connection, table: str, data: bytes) -> None:
    """COPY the bytes into a table, in one piece."""
    with driver(connection).cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({COLUMNS}) FROM STDIN", io.BytesIO(data), size=len(data))
