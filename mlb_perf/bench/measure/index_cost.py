"""What indexes cost: bytes, scans, microseconds a written row, and the rate of ingestion."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import Any, Final

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.measure import bare_copy
from mlb_perf.bench.tools.timing import ms_of
from mlb_perf.engine import driver
from mlb_perf.queries import Query

TABLE: Final = f"raw_data.{bare_copy.TABLE}"
BATCH: Final = 1_000

_COPY: Final = "public.bench_index_cost"
_KEY = "external_game_id, sportsbook_key, collected_at"
_DEFINITION = re.compile(r"(CREATE (?:UNIQUE )?INDEX) \S+ ON (?:ONLY )?\S+ (USING .*)")
_COLUMNS = text(
    "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = CAST(:table AS regclass)"
    " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)
_HOT = "(collected_at) WHERE processed_at IS NULL"
_BASELINE = ("external_game_id", "sportsbook_key", "collected_at", "ingested_at", "processed_at")

DESIGNS: Final[dict[str, tuple[str, ...]]] = {
    "the primary key alone": (),
    "phase 1: hot queue, collected_at": (_HOT, "(collected_at)"),
    "baseline: five single columns": tuple(f"({column})" for column in _BASELINE),
    "phase 1 and GIN on payload": (_HOT, "(collected_at)", "USING gin (payload jsonb_path_ops)"),
    "phase 1 with BRIN on collected_at": (
        _HOT, "USING brin (collected_at) WITH (pages_per_range = 32)",
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
        one = Index(
            row.root, row.table_name, row.bytes, row.scans, row.is_constraint, row.definition
        )
        if (before := found.get(row.root)) is not None:
            one = replace(one, bytes=one.bytes + before.bytes, scans=one.scans + before.scans)
        found[row.root] = one
    return found


def scans_of_a_run(
    connection: Connection, questions: Iterable[tuple[Query, Sequence[Mapping[str, Any]]]]
) -> dict[str, int]:
    """How often each index was scanned while the questions were asked once with each parameters.

    The statistics are subtracted, because only a superuser may reset them. Parameters are drawn
    before, because drawing reads the tables too.
    """
    before = _scans(connection)
    for query, parameters in questions:
        for one in parameters:
            connection.execute(text(query.sql), one).all()
            connection.rollback()
    return {name: scans - before.get(name, 0) for name, scans in _scans(connection).items()}


def _scans(connection: Connection) -> dict[str, int]:
    """By index, with those that this session has not reported yet."""
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
    return (median(with_index) - median(without)) / rows * 1000


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
        for name, design in DESIGNS.items():
            _make_copy(connection, design)
            found[name].append(rows / ms_of(partial(_copy, connection, batches)) * 1000)
            connection.execute(text(f"DROP TABLE {_COPY}"))
            connection.commit()
    return {name: median(each) for name, each in found.items()}


def _batches(connection: Connection, rows: int) -> Iterator[bytes]:
    """COPY data of the newest rows, hot as they arrive."""
    newest = f"SELECT * FROM {TABLE} ORDER BY collected_at DESC LIMIT {rows}"  # noqa: S608
    query = f"SELECT {bare_copy.COLUMNS} FROM ({newest}) AS newest ORDER BY collected_at"  # noqa: S608
    data = io.BytesIO()
    with driver(connection).cursor() as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT", data)
    lines = data.getvalue().splitlines(keepends=True)
    for start in range(0, len(lines), BATCH):
        yield b"".join(lines[start : start + BATCH])


def _make_copy(connection: Connection, design: Iterable[str]) -> None:
    connection.execute(text(f"CREATE TABLE {_COPY} (LIKE {TABLE} INCLUDING DEFAULTS)"))
    connection.execute(text(f"ALTER TABLE {_COPY} ADD PRIMARY KEY ({_KEY})"))
    for index in design:
        connection.execute(text(f"CREATE INDEX ON {_COPY} {index}"))
    connection.commit()


def _copy(connection: Connection, batches: Iterable[bytes]) -> None:
    for batch in batches:
        bare_copy.copy_into(connection, _COPY, batch)
        connection.commit()
