"""The ways to write a batch of raw rows; the time to write counts, the time to prepare does not."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2.extras import execute_values
from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from mlb_perf.engine import driver
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.models import OddsApiOdds
from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.load.encoding import encode
from mlb_perf.pipeline.records import RawRecord

TABLE = "odds_api_odds"
BARE = "public.bench_bare_copy"
"""A table of the same columns without any index or constraint."""

_NAMES = ("external_game_id", "sportsbook_key", "collected_at", "payload", "origin")
COLUMNS = ", ".join(_NAMES)


@dataclass(frozen=True)
class Way:
    """``prepare`` makes of the records what the application has in hand; ``write`` sends it."""

    prepare: Callable[[Sequence[RawRecord]], Any]
    write: Callable[[Connection, Any], None]


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


def _values(record: RawRecord) -> tuple[str, str, str, str, str]:
    return (
        record.external_game_id, record.sportsbook_key or "", record.collected_at.isoformat(),
        record.payload, record.origin,
    )  # fmt: skip


def _tuples(records: Sequence[RawRecord]) -> list[tuple[str, ...]]:
    return [_values(record) for record in records]


def _mapped(records: Sequence[RawRecord]) -> list[dict[str, Any]]:
    return [
        dict(zip(_NAMES, _values(record), strict=True))
        | {"payload": json.loads(record.payload), "collected_at": record.collected_at}
        for record in records
    ]


def _load(connection: Connection, records: Sequence[RawRecord]) -> None:
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")  # as the loader does
    done = copy.write(connection, TABLE, records)
    if done.loaded != len(records):
        raise BenchmarkFailed(
            f"{len(records) - done.loaded} of {len(records)} rows of a batch were there already; "
            "run again on a database of the benchmark's own"
        )


def _copy(connection: Connection, data: bytes) -> None:
    copy_into(connection, f"raw_data.{TABLE}", data)


def _insert(connection: Connection, rows: list[tuple[str, ...]]) -> None:
    statement = f"INSERT INTO raw_data.{TABLE} ({COLUMNS}) VALUES %s"  # noqa: S608  constants
    with driver(connection).cursor() as cursor:
        execute_values(cursor, statement, rows, page_size=len(rows))


def _orm(connection: Connection, rows: list[dict[str, Any]]) -> None:
    with Session(bind=connection, join_transaction_mode="control_fully") as session:
        session.execute(insert(OddsApiOdds), rows)
        session.commit()


WAYS = {
    "load": Way(list, _load),
    "copy": Way(copy_bytes, _copy),
    "insert": Way(_tuples, _insert),
    "orm": Way(_mapped, _orm),
}
