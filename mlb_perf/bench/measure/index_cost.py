"""What indexes cost: bytes, and microseconds a written row; and how often they are used."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.measure import index_latency
from mlb_perf.bench.measure.index_latency import Parameters
from mlb_perf.queries import Query

_PROBE = "mlb_perf_probe"
_DEFINITION = re.compile(r"(CREATE (?:UNIQUE )?INDEX) \S+ ON (?:ONLY )?\S+ (USING .*)")


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


def roots(connection: Connection) -> dict[str, str]:
    """By each name in a plan, the index ``schema.name`` that it is, or is a partition of."""
    found = connection.execute(text(sql.read("bench/index_roots.sql")))
    return {row.name: row.root for row in found}


def scans_of_a_run(
    connection: Connection, questions: Iterable[tuple[Query, Sequence[Parameters]]]
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
        without.append(_seconds_to_insert(connection, index.table, None, rows))
        with_index.append(_seconds_to_insert(connection, index.table, index.definition, rows))
    return (statistics.median(with_index) - statistics.median(without)) / rows * 1e6


def _seconds_to_insert(
    connection: Connection, table: str, definition: str | None, rows: int
) -> float:
    connection.execute(text(f"CREATE TABLE {_PROBE} (LIKE {table})"))
    if definition is not None:
        found = _DEFINITION.fullmatch(definition)
        assert found is not None, definition
        connection.execute(text(f"{found[1]} ON {_PROBE} {found[2]}"))
    columns = _columns_as_they_arrive(connection, table)
    began = time.perf_counter()
    connection.execute(
        text(f"INSERT INTO {_PROBE} SELECT {columns} FROM {table} LIMIT {rows}")  # noqa: S608
    )
    seconds = time.perf_counter() - began
    connection.rollback()
    return seconds


def _columns_as_they_arrive(connection: Connection, table: str) -> str:
    names = connection.execute(
        text(
            "SELECT quote_ident(attname) FROM pg_attribute "
            "WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped "
            "ORDER BY attnum"
        ),
        {"table": table},
    ).scalars()
    return ", ".join("NULL" if name == "processed_at" else name for name in names)


def run_indexes(runs: Iterable[index_latency.Run], names: dict[str, str]) -> set[str]:
    """The indexes ``schema.name`` that the plans of the runs used."""
    return {names[name] for one in runs for name in one.indexes if name in names}
