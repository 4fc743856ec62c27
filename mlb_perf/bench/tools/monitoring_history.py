"""What a month of operation leaves in the tables of the monitoring, for the benchmark to ask of."""

from __future__ import annotations

from sqlalchemy import Connection, text

from mlb_perf import sql

TABLES = (
    "benchmark_runs", "benchmark_results", "table_history", "index_history", "query_history",
    "pipeline_execution_log", "data_quality_metrics", "alerts",
)  # fmt: skip


def write(connection: Connection) -> None:
    """Fill them, in the transaction that the connection is in, up to the newest game's day.

    Hourly snapshots of the package's tables and indexes, a run of the pipeline
    every ten minutes, a benchmark a day; one run in fifty failed, one measured
    property in forty missed its threshold. The same rows for the same tables.
    """
    for table in TABLES:
        connection.execute(text(sql.read(f"bench/history/{table}.sql")))
