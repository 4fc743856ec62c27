"""What indexes cost: bytes, scans, microseconds a written row, and the rate of ingestion."""

from __future__ import annotations

import io
import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.measure import ingest_methods
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.engine import driver
from mlb_perf.queries import Query

TABLE: Final = f"raw_data.{ingest_methods.TABLE}"
BATCH: Final = 1_000

_COPY: Final = "mlb_perf_probe"
_DEFINITION = re.compile(r"(CREATE (?:UNIQUE )?INDEX) \S+ ON (?:ONLY )?\S+ (USING .*)")
_COLUMNS = text(
    "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = CAST(:table AS regclass)"
    " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)
_ARRIVAL = f"CREATE INDEX ON {_COPY} (collected_at)"
_HOT = f"CREATE INDEX ON {_COPY} (collected_at) WHERE processed_at IS NULL"
_GIN = f"CREATE INDEX ON {_COPY} USING gin (payload jsonb_path_ops)"
_BRIN = f"CREATE INDEX ON {_COPY} USING brin (collected_at) WITH (pages_per_range = 32)"
_HOME_TEAM = f"CREATE INDEX ON {_COPY} USING gin ((payload -> 'home_team') jsonb_path_ops)"

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
    "phase 1 with BRIN on collected_at": (_HOT, _BRIN),
    "phase 1 and GIN on home_team alone": (_HOT, _ARRIVAL, _HOME_TEAM),
    "phase 1 and GIN of cold rows alone": (
        _HOT, _ARRIVAL, f"{_GIN} WHERE processed_at IS NOT NULL",
    ),
}  # fmt: skip
"""The indexes beside the primary key, by their name in the report."""


@dataclass(frozen=True)
class Index:
    """One index, its partitions summed up. ``name`` and ``table`` are ``schema.name``."""

    name: str
    table: str
    bytes: int
    scans: int
    is_constraint: bool
    definition: str


def indexes(connection: Connection) -> dict[str, Index]:
    """The indexes of the package's schemas, by ``schema.name``."""
    found: dict[str, Index] = {}
    for row in connection.execute(text(sql.read("bench/index_roots.sql"))):
        before = found.get(row.root)
        found[row.root] = Index(
            row.root,
            row.table_name,
            row.bytes + (before.bytes if before else 0),
            row.scans + (before.scans if before else 0),
            row.is_constraint,
            row.definition,
        )
    return found


def scans_of_a_run(
    connection: Connection, questions: Iterable[tuple[Query, Sequence[Mapping[str, Any]]]]
) -> dict[str, int]:
    """How often each index was scanned while the questions were asked once with each parameters.

    Resets the database's usage statistics. Parameters are drawn before, because
    drawing reads the tables too.
    """
    connection.rollback()
    # What this session has not reported yet would be counted after the reset.
    for statement in ("SELECT pg_stat_force_next_flush()", "SELECT pg_stat_reset()"):
        connection.execute(text(statement))
        connection.commit()
    for query, parameters in questions:
        for one in parameters:
            connection.execute(text(query.sql), one).all()
            connection.rollback()
    connection.execute(text("SELECT pg_stat_force_next_flush()"))
    connection.rollback()
    return {index.name: index.scans for index in indexes(connection).values()}


def write_cost(connection: Connection, index: Index, rows: int, rounds: int = 3) -> float:
    """Microseconds that the index adds to an inserted row, in an empty copy of its table.

    The copy has no other index; a row that the index's predicate leaves out
    costs nothing. Rows of ``raw_data`` are written as they arrive: hot.
    """
    with_index, without = [], []
    for _ in range(rounds):
        without.append(_ms_to_insert(connection, index.table, None, rows))
        with_index.append(_ms_to_insert(connection, index.table, index.definition, rows))
    return (statistics.median(with_index) - statistics.median(without)) / rows * 1000


def _ms_to_insert(connection: Connection, table: str, definition: str | None, rows: int) -> float:
    connection.execute(text(f"CREATE TABLE {_COPY} (LIKE {table})"))
    if definition is not None:
        found = _DEFINITION.fullmatch(definition)
        assert found is not None, definition
        connection.execute(text(f"{found[1]} ON {_COPY} {found[2]}"))
    names = connection.execute(_COLUMNS, {"table": table}).scalars()
    columns = ", ".join("NULL" if name == "processed_at" else name for name in names)
    insert = text(f"INSERT INTO {_COPY} SELECT {columns} FROM {table} LIMIT {rows}")  # noqa: S608
    took = ms_of(partial(connection.execute, insert))
    connection.rollback()
    return took


def rates(connection: Connection, rows: int, rounds: int = 3) -> dict[str, float]:
    """Rows a second of each design: the median of the rounds, in which the designs take turns.

    The rows are the newest of the table, in the order of their arrival, each
    batch a transaction.
    """
    batches = list(_batches(connection, rows))
    found: dict[str, list[float]] = {name: [] for name in DESIGNS}
    for _ in range(rounds):
        for name, statements in DESIGNS.items():
            _make_copy(connection, statements)
            found[name].append(rows / ms_of(partial(_copy, connection, batches)) * 1000)
            connection.execute(text(f"DROP TABLE {_COPY}"))
            connection.commit()
    return {name: statistics.median(each) for name, each in found.items()}


def _batches(connection: Connection, rows: int) -> Iterator[bytes]:
    """COPY data of the newest rows, hot as they arrive."""
    columns = ingest_methods.COLUMNS
    data = io.BytesIO()
    with driver(connection).cursor() as cursor:
        cursor.copy_expert(
            f"COPY (SELECT {columns}"  # noqa: S608  names of ours
            f" FROM (SELECT * FROM {TABLE} ORDER BY collected_at DESC LIMIT {rows}) AS newest"
            " ORDER BY collected_at) TO STDOUT",
            data,
        )
    lines = data.getvalue().splitlines(keepends=True)
    for start in range(0, len(lines), BATCH):
        yield b"".join(lines[start : start + BATCH])


def _make_copy(connection: Connection, statements: Iterable[str]) -> None:
    connection.execute(text(f"CREATE TABLE {_COPY} (LIKE {TABLE} INCLUDING DEFAULTS)"))
    key = "external_game_id, sportsbook_key, collected_at"
    connection.execute(text(f"ALTER TABLE {_COPY} ADD PRIMARY KEY ({key})"))
    for statement in statements:
        connection.execute(text(statement))
    connection.commit()


def _copy(connection: Connection, batches: Iterable[bytes]) -> None:
    for batch in batches:
        ingest_methods.copy_into(connection, _COPY, batch)
        connection.commit()
