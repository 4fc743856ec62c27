"""Bytes by table: heap, TOAST, indexes, each with all partitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from sqlalchemy import URL, Connection, text

from mlb_perf import sql
from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import TableSize
from mlb_perf.bench.found import Found, TextTable
from mlb_perf.engine import connect
from mlb_perf.formatting import MB, mb

SCHEMAS = ("raw_data", "staging", "curated", "analytics", "operational")
"""The pipeline's; what the database records of itself is not counted."""

_TIERS = {
    "raw_data": ("raw_data",),
    "staging and curated": ("staging", "curated"),
    "the whole pipeline": SCHEMAS,
}
_BYTES = text("SELECT pg_total_relation_size(CAST(:table AS regclass))")


def measure(connection: Connection, schemas: Sequence[str] = SCHEMAS) -> list[TableSize]:
    """Bytes and rows of each table.

    The largest table first; rows are counted, not estimated.
    """
    found = connection.execute(text(sql.read("bench/sizes.sql")), {"schemas": list(schemas)})
    sizes = []
    for row in found.all():
        rows = connection.exec_driver_sql(f"SELECT count(*) FROM {row.quoted_name}")  # noqa: S608
        sizes.append(
            TableSize(
                f"{row.schema_name}.{row.table_name}", int(rows.scalar_one()), row.heap_bytes,
                row.toast_bytes, row.index_bytes, row.partitions,
            )
        )  # fmt: skip
    return sorted(sizes, key=lambda size: -size.total)


def bytes_of(connection: Connection, table: str) -> int:
    """All bytes of one table, which has no partitions or is one."""
    return int(connection.execute(_BYTES, {"table": table}).scalar_one())


def compacted(url: URL) -> list[TableSize]:
    """The sizes after VACUUM FULL: the free space in pages no longer counts."""
    with connect(engine_of(url)) as connection:
        connection.exec_driver_sql("VACUUM (FULL, ANALYZE)")
        return measure(connection)


def bytes_a_row(
    grown: Sequence[TableSize], compact: Sequence[TableSize], head: Sequence[TableSize]
) -> Found:
    """Bytes a row before and after, and what compacting alone would save.

    A table of at most a megabyte has no row: of a few pages, bytes a row say nothing.
    """
    new = {size.table: size for size in head}
    tables = [_line(old, new[old.table]) for old in grown if old.rows and old.total > MB]
    tiers = {
        name: [total(sizes, schemas) for sizes in (grown, compact, head)]
        for name, schemas in _TIERS.items()
    }
    return Found(
        [TextTable.of(tables), TextTable.of(_tier(name, *found) for name, found in tiers.items())],
        figures={f"{name}, saved": 1 - found[2] / found[0] for name, found in tiers.items()},
    )


def _line(old: TableSize, new: TableSize) -> dict[str, str]:
    def a_row(size: TableSize, *parts: str) -> str:
        return f"{sum(attrgetter(part)(size) for part in parts) / max(size.rows, 1):.0f}"

    return {
        "table": old.table,
        "rows": f"{old.rows:,}",
        "heap, bytes a row": a_row(old, "heap", "toast"),
        "heap at head": a_row(new, "heap", "toast"),
        "indexes, bytes a row": a_row(old, "indexes"),
        "indexes at head": a_row(new, "indexes"),
        "saved": _saved(old.total, new.total),
    }


def _tier(name: str, grown: int, compact: int, head: int) -> dict[str, str]:
    return {
        "": name,
        "baseline": mb(grown),
        "compacted (VACUUM FULL)": mb(compact),
        "head": mb(head),
        "saved": _saved(grown, head),
        "saved of the compacted": _saved(compact, head),
    }


def total(sizes: Iterable[TableSize], schemas: Sequence[str]) -> int:
    """Bytes of the tables in these schemas."""
    return sum(size.total for size in sizes if size.table.partition(".")[0] in schemas)


def _saved(before: int, after: int) -> str:
    return f"{100 * (before - after) / before:.0f}%"
