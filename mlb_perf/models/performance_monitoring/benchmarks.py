"""Results of the benchmark."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy import Text as TextType
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    Base,
    CreatedAt,
    Int,
    Json,
    Measure,
    Moment,
    Name32,
    Name64,
    Text,
    index_each,
    strategic,
)
from mlb_perf.models.placement import LOCAL

_SCHEMA = "performance_monitoring"


class BenchmarkRun(Base):
    """One run of the benchmark: server, data and machine."""

    __tablename__ = "benchmark_runs"
    __table_args__ = (
        {
            "schema": _SCHEMA,
            "info": LOCAL,
            "comment": "Runs of the benchmark: machine, settings, rows, command",
        },
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    revision: Mapped[Name32] = mapped_column(comment="The database's revision")
    command: Mapped[Text] = mapped_column(comment="The command that was run")
    server_version: Mapped[Name32] = mapped_column(comment="PostgreSQL's version")
    scale: Mapped[Measure | None] = mapped_column(
        comment="Seasons in the data set; NULL if not generated"
    )
    machine: Mapped[Json] = mapped_column(comment="Cores, memory in bytes, system")
    settings: Mapped[Json] = mapped_column(comment="Server settings that differ from the defaults")
    row_counts: Mapped[Json] = mapped_column(comment="Rows by schema.table, count")
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[Moment | None] = mapped_column(comment="End, UTC; NULL while running")

    results: Mapped[list[BenchmarkResult]] = relationship(back_populates="run")


class BenchmarkResult(Base):
    """The times of one case."""

    __tablename__ = "benchmark_results"
    __table_args__ = (
        CheckConstraint("iterations > 0", name="iterations"),
        CheckConstraint("min_ms <= p50_ms AND p50_ms <= p95_ms AND p95_ms <= max_ms", name="times"),
        *index_each("run_id"),
        strategic("ix_benchmark_results_case", "name", "measured_at"),
        {"schema": _SCHEMA, "info": LOCAL, "comment": "Times of benchmark cases"},
    )

    result_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("performance_monitoring.benchmark_runs.run_id"),
        comment="The run; NULL if measured apart from one",
    )
    name: Mapped[Name64] = mapped_column(comment="The case, e.g. the query's name")
    category: Mapped[Name32] = mapped_column(
        comment="The query's category, or the benchmark's part"
    )
    iterations: Mapped[Int] = mapped_column(comment="How often it was measured, count")
    min_ms: Mapped[Measure] = mapped_column(comment="Shortest, ms")
    mean_ms: Mapped[Measure] = mapped_column(comment="Mean, ms")
    p50_ms: Mapped[Measure] = mapped_column(comment="Median, ms")
    p95_ms: Mapped[Measure] = mapped_column(comment="95th percentile, ms")
    p99_ms: Mapped[Measure] = mapped_column(comment="99th percentile, ms")
    max_ms: Mapped[Measure] = mapped_column(comment="Longest, ms")
    stddev_ms: Mapped[Measure] = mapped_column(comment="Standard deviation, ms")
    target_ms: Mapped[Measure | None] = mapped_column(comment="The target, ms; NULL if it has none")
    row_count: Mapped[int | None] = mapped_column(comment="Rows that the query returned, count")
    buffers_hit: Mapped[int | None] = mapped_column(
        comment="Buffers found in the cache, count of 8 kB"
    )
    buffers_read: Mapped[int | None] = mapped_column(
        comment="Buffers read from outside it, count of 8 kB"
    )
    indexes_used: Mapped[list[str] | None] = mapped_column(
        ARRAY(TextType), comment="Indexes in the plan, schema.name"
    )
    plan_fingerprint: Mapped[Name64 | None] = mapped_column(
        comment="Hash of the plan's shape, hexadecimal"
    )
    details: Mapped[Json] = mapped_column(server_default="{}", comment="Further figures by name")
    measured_at: Mapped[CreatedAt]

    run: Mapped[BenchmarkRun | None] = relationship(back_populates="results")
