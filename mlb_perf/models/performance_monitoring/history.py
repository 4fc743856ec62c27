"""Snapshots of the server's statistics."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from mlb_perf.models.base import (
    Base,
    Measure,
    Moment,
    Name64,
    Text,
    index_each,
)
from mlb_perf.models.placement import LOCAL

_SCHEMA = "performance_monitoring"


class Captured:
    """The key of a snapshot of the server's statistics."""

    captured_at: Mapped[Moment] = mapped_column(
        primary_key=True, sort_order=-10, comment="When the figures were taken, UTC"
    )


class TableHistory(Captured, Base):
    """The size and the activity of one table at one moment."""

    __tablename__ = "table_history"
    __table_args__ = (
        *index_each("table_name"),
        {"schema": _SCHEMA, "info": LOCAL, "comment": "Sizes and activity of tables over time"},
    )

    schema_name: Mapped[Name64] = mapped_column(primary_key=True, comment="The schema")
    table_name: Mapped[Name64] = mapped_column(primary_key=True, comment="The table")
    heap_bytes: Mapped[int] = mapped_column(comment="Heap with its maps, bytes")
    toast_bytes: Mapped[int] = mapped_column(comment="TOAST with its index, bytes")
    index_bytes: Mapped[int] = mapped_column(comment="Indexes, bytes")
    live_rows: Mapped[int] = mapped_column(comment="Live rows, estimated count")
    dead_rows: Mapped[int] = mapped_column(comment="Dead rows, estimated count")
    rows_inserted: Mapped[int] = mapped_column(
        comment="Rows inserted since the statistics' reset, count"
    )
    rows_updated: Mapped[int] = mapped_column(
        comment="Rows updated since the statistics' reset, count"
    )
    rows_deleted: Mapped[int] = mapped_column(
        comment="Rows deleted since the statistics' reset, count"
    )
    sequential_scans: Mapped[int] = mapped_column(comment="Sequential scans since the reset, count")
    index_scans: Mapped[int] = mapped_column(comment="Index scans since the reset, count")
    last_vacuum_at: Mapped[Moment | None] = mapped_column(comment="Last vacuum of either kind, UTC")
    last_analyze_at: Mapped[Moment | None] = mapped_column(
        comment="Last analyze of either kind, UTC"
    )


class IndexHistory(Captured, Base):
    """The size and the use of one index at one moment."""

    __tablename__ = "index_history"
    __table_args__ = (
        *index_each("index_name"),
        {"schema": _SCHEMA, "info": LOCAL, "comment": "Sizes and use of indexes over time"},
    )

    schema_name: Mapped[Name64] = mapped_column(primary_key=True, comment="The schema")
    index_name: Mapped[Name64] = mapped_column(primary_key=True, comment="The index")
    table_name: Mapped[Name64] = mapped_column(comment="Its table")
    index_bytes: Mapped[int] = mapped_column(comment="Size, bytes")
    scans: Mapped[int] = mapped_column(comment="Scans since the statistics' reset, count")
    entries_read: Mapped[int] = mapped_column(comment="Entries read since the reset, count")
    rows_fetched: Mapped[int] = mapped_column(
        comment="Live rows fetched by it since the reset, count"
    )


class QueryHistory(Captured, Base):
    """The figures of pg_stat_statements for one statement at one moment."""

    __tablename__ = "query_history"
    __table_args__ = (
        *index_each("query_id"),
        {"schema": _SCHEMA, "info": LOCAL, "comment": "Figures of pg_stat_statements over time"},
    )

    query_id: Mapped[int] = mapped_column(primary_key=True, comment="pg_stat_statements.queryid")
    role_name: Mapped[Name64] = mapped_column(primary_key=True, comment="The role that ran it")
    query_text: Mapped[Text] = mapped_column(comment="The statement, constants replaced")
    calls: Mapped[int] = mapped_column(comment="Executions since the reset, count")
    total_ms: Mapped[Measure] = mapped_column(comment="Execution time over all calls, ms")
    mean_ms: Mapped[Measure] = mapped_column(comment="Mean execution time, ms")
    stddev_ms: Mapped[Measure] = mapped_column(comment="Standard deviation of it, ms")
    row_count: Mapped[int] = mapped_column(comment="Rows over all calls, count")
    buffers_hit: Mapped[int] = mapped_column(comment="Buffers found in the cache, count of 8 kB")
    buffers_read: Mapped[int] = mapped_column(comment="Buffers read from outside it, count of 8 kB")


class StatusHistory(Captured, Base):
    """A figure of ``mlb-perf status`` that no other table keeps, at one moment."""

    __tablename__ = "status_history"
    __table_args__ = (
        {
            "schema": _SCHEMA,
            "info": LOCAL,
            "comment": "Cache hits, queues and freshness of feeds over time",
        },
    )

    figure: Mapped[Text] = mapped_column(
        primary_key=True, comment="What was measured, with its unit"
    )
    object_name: Mapped[Text] = mapped_column(
        primary_key=True, comment="The table or feed; empty for the whole database"
    )
    value: Mapped[Measure] = mapped_column(comment="The figure, in the unit of its name")
