"""How much each design of indexes slows ingestion: COPY in batches into copies of a raw table."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, text

TABLE: Final = "raw_data.odds_api_odds"
BATCH: Final = 1_000

_COPY = "mlb_perf_probe"
_COLUMNS = "external_game_id, sportsbook_key, collected_at, payload, origin"
_ARRIVAL = f"CREATE INDEX ON {_COPY} (collected_at)"
_HOT = f"CREATE INDEX ON {_COPY} (collected_at) WHERE processed_at IS NULL"
_GIN = f"CREATE INDEX ON {_COPY} USING gin (payload jsonb_path_ops)"

DESIGNS: Final[dict[str, tuple[str, ...]]] = {
    "the primary key alone": (),
    "phase 1: hot queue, collected_at": (_HOT, _ARRIVAL),
    "baseline: five single columns": tuple(
        f"CREATE INDEX ON {_COPY} ({column})"
        for column in (
            "external_game_id", "sportsbook_key", "collected_at", "ingested_at", "processed_at",
        )
    ),
    "phase 1 and GIN on payload": (_HOT, _ARRIVAL, _GIN),
    "phase 1 and GIN, no pending list": (_HOT, _ARRIVAL, f"{_GIN} WITH (fastupdate = off)"),
    "phase 1 with BRIN on collected_at": (
        _HOT,
        f"CREATE INDEX ON {_COPY} USING brin (collected_at) WITH (pages_per_range = 32)",
    ),
    "phase 1 and GIN on home_team alone": (
        _HOT,
        _ARRIVAL,
        f"CREATE INDEX ON {_COPY} USING gin ((payload -> 'home_team') jsonb_path_ops)",
    ),
    "phase 1 and GIN of cold rows alone": (
        _HOT,
        _ARRIVAL,
        f"{_GIN} WHERE processed_at IS NOT NULL",
    ),
}  # fmt: skip
"""The indexes beside the primary key, by what they are called in the report."""


def rates(connection: Connection, rows: int, rounds: int = 3) -> dict[str, float]:
    """Rows a second of each design: the median of the rounds, in which the designs take turns.

    The rows are the newest of the table, in the order of their arrival, each
    batch a transaction.
    """
    batches = list(_batches(connection, rows))
    found: dict[str, list[float]] = {name: [] for name in DESIGNS}
    for _ in range(rounds):
        for name, indexes in DESIGNS.items():
            found[name].append(rows / _seconds(connection, indexes, batches))
    return {name: statistics.median(each) for name, each in found.items()}


def _batches(connection: Connection, rows: int) -> Iterator[bytes]:
    """COPY data of the newest rows, hot as they arrive."""
    with _cursor(connection) as cursor:
        data = io.BytesIO()
        cursor.copy_expert(
            f"COPY (SELECT {_COLUMNS}"  # noqa: S608 - names of ours
            f" FROM (SELECT * FROM {TABLE} ORDER BY collected_at DESC LIMIT {rows}) AS newest"
            " ORDER BY collected_at) TO STDOUT",
            data,
        )
    lines = data.getvalue().splitlines(keepends=True)
    for start in range(0, len(lines), BATCH):
        yield b"".join(lines[start : start + BATCH])


def _seconds(connection: Connection, indexes: tuple[str, ...], batches: list[bytes]) -> float:
    connection.execute(text(f"CREATE TABLE {_COPY} (LIKE {TABLE} INCLUDING DEFAULTS)"))
    key = "external_game_id, sportsbook_key, collected_at"
    connection.execute(text(f"ALTER TABLE {_COPY} ADD PRIMARY KEY ({key})"))
    for statement in indexes:
        connection.execute(text(statement))
    connection.commit()
    began = time.perf_counter()
    for batch in batches:
        with _cursor(connection) as cursor:
            cursor.copy_expert(f"COPY {_COPY} ({_COLUMNS}) FROM STDIN", io.BytesIO(batch))
        connection.commit()
    seconds = time.perf_counter() - began
    connection.execute(text(f"DROP TABLE {_COPY}"))
    connection.commit()
    return seconds


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    driver_connection: Any = connection.connection.driver_connection
    with driver_connection.cursor() as cursor:
        yield cursor
