"""Bytes by table: heap, TOAST, indexes, each with all partitions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.document import TableSize

SCHEMAS = ("raw_data", "staging", "curated", "analytics", "operational")
"""The pipeline's; what the database records of itself is not counted."""


def measure(connection: Connection, schemas: Sequence[str] = SCHEMAS) -> list[TableSize]:
    """The size of each table of the schemas, the largest first; rows are counted, not estimated."""
    found = connection.execute(text(sql.read("bench/sizes.sql")), {"schemas": list(schemas)})
    sizes = [
        TableSize(
            f"{row.schema_name}.{row.table_name}",
            _rows(connection, row.quoted_name),
            row.heap_bytes,
            row.toast_bytes,
            row.index_bytes,
            row.partitions,
        )
        for row in found.all()
    ]
    return sorted(sizes, key=lambda size: -size.total)


def _rows(connection: Connection, quoted_name: str) -> int:
    counted = connection.exec_driver_sql(f"SELECT count(*) FROM {quoted_name}")  # noqa: S608
    return int(counted.scalar_one())
