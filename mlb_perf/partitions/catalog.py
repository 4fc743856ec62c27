"""Month tables and their partitions, read from the catalog by bounds, never by name."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.distribution import FORCED_VARIABLE
from mlb_perf.errors import PartitionFailed
from mlb_perf.months import BEGINNING, END, Span
from mlb_perf.names import qualified
from mlb_perf.online.distributed import distributed
from mlb_perf.partitions.partition import Detached, MonthTable, Partition

_DETACHED = text(
    "SELECT * FROM performance_monitoring.detached_partitions WHERE fault IS NULL"
    " ORDER BY parent_schema, parent_table, range_start, partition_name"
)
_FAULTS = text(
    "SELECT schema_name, partition_name, fault FROM performance_monitoring.detached_partitions"
    " WHERE fault IS NOT NULL ORDER BY schema_name, partition_name"
)
_RESOLVE = text(
    "SELECT n.nspname AS schema_name, c.relname AS table_name FROM pg_class AS c"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(:name)"
)
# Invalid name, syntax error, cross-database reference: to_regclass cannot read it.
_NOT_A_NAME = ("42602", "42601", "0A000")


def read_table(connection: Connection, name: str) -> MonthTable | None:
    """The table, by its name in SQL; None if it is absent or not partitioned by month."""
    row = connection.execute(
        text(sql.read("partitions/month_table.sql")), {"table": name}
    ).one_or_none()
    if row is None:
        return None
    leaves = connection.execute(text(sql.read("partitions/partitions.sql")), {"oid": row.oid})
    return MonthTable(
        row.schema_name, row.table_name, row.column_name, row.is_date, row.owner, row.is_own,
        row.options, tuple(row.referenced), tuple(_partition(leaf) for leaf in leaves),
        row.has_graveyard, row.tablespace, tuple(row.grants), is_distributed(connection, name),
    )  # fmt: skip


def is_distributed(connection: Connection, table: str) -> bool:
    """Whether Citus has the table, by its name in SQL; or a test says so of every table."""
    return bool(os.environ.get(FORCED_VARIABLE) or distributed(connection, [table]))


def read_detached(connection: Connection) -> list[Detached]:
    """Partitions that are being detached or are in a graveyard, by parent and bounds."""
    return [_detached(row) for row in connection.execute(_DETACHED)]


def read_faults(connection: Connection) -> list[str]:
    """Tables whose marks are not believed, each with the reason; no command touches them."""
    return [
        f"{qualified(row.schema_name, row.partition_name)} is passed over: {row.fault}"
        for row in connection.execute(_FAULTS)
    ]


def resolve(connection: Connection, name: str) -> tuple[str, str]:
    """Schema and name of a relation, from its name in SQL.

    Raises :class:`~mlb_perf.errors.PartitionFailed` if it does not exist.
    """
    try:
        row = connection.execute(_RESOLVE, {"name": name}).one_or_none()
    except DBAPIError as error:
        if diagnosis.sqlstate(error) not in _NOT_A_NAME:
            raise
        row = None
    if row is None:
        raise PartitionFailed(
            f"table {name} does not exist; write it as schema.table, and a name with capitals or "
            "spaces in double quotes: 'raw_data.\"My Table\"'"
        )
    return str(row.schema_name), str(row.table_name)


def _partition(row: Row[Any]) -> Partition:
    return Partition(
        row.schema_name, row.partition_name, _span(row), row.is_default, row.is_pending,
        row.is_marked, row.comment, tuple(row.checks),
    )  # fmt: skip


def _detached(row: Row[Any]) -> Detached:
    return Detached(
        row.schema_name, row.partition_name, row.parent_schema, row.parent_table, _span(row),
        row.state, _utc(row.drop_after), row.is_held, row.total_bytes, row.former_comment,
        tuple(row.former_checks or ()),
    )  # fmt: skip


def _span(row: Row[Any]) -> Span:
    return Span(_utc(row.range_start) or BEGINNING, _utc(row.range_end) or END)


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    return None if moment is None else moment.astimezone(dt.UTC)
