"""Partitions of the months that the tests' rows are of, whatever day the tests run on."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from mlb_perf.months import Span, by_month, leaf_name

FIRST, LAST = dt.date(2026, 6, 1), dt.date(2026, 10, 1)

_BY_MONTH = text(
    "SELECT n.nspname AS schema, c.relname AS name, a.atttypid = 'date'::regtype AS is_date"
    " FROM pg_partitioned_table AS p"
    " JOIN pg_class AS c ON c.oid = p.partrelid"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]"
    " WHERE p.partstrat = 'r'"
)


def make_months(connection: Connection) -> None:
    """For every table that is partitioned by month, where they are missing."""
    for table in connection.execute(_BY_MONTH).all():
        for month in by_month(Span.of_months(FIRST, LAST)):
            leaf = f"{table.schema}.{leaf_name(table.name, month.suffix)}"
            connection.exec_driver_sql(
                f"CREATE TABLE IF NOT EXISTS {leaf} PARTITION OF {table.schema}.{table.name} "
                f"{month.values(is_date=table.is_date)}"
            )
