"""Migrations: their steps, rebuilds and partition policies."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mlb_perf.models.base import (
    Base,
    CreatedAt,
    Int,
    Json,
    Measure,
    Name16,
    Name32,
    Name64,
    Name255,
    Text,
    UpdatedAt,
    index_each,
    one_of,
)
from mlb_perf.models.placement import LOCAL

_SCHEMA = "performance_monitoring"


class OptimizationLog(Base):
    """One step of one revision, with its duration and its waits for locks."""

    __tablename__ = "optimization_log"
    __table_args__ = (
        one_of("status", ("started", "succeeded", "failed", "retried", "skipped")),
        CheckConstraint("duration_ms >= 0 AND lock_wait_ms >= 0", name="times"),
        *index_each("revision"),
        {
            "schema": _SCHEMA,
            "info": LOCAL,
            "comment": "Steps of revisions, with durations and lock waits",
        },
    )

    log_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    revision: Mapped[Name32 | None] = mapped_column(comment="The revision; NULL outside of one")
    operation: Mapped[Name64] = mapped_column(comment="What was done, e.g. create_index_online")
    object_name: Mapped[Name255] = mapped_column(comment="To what, schema.name")
    status: Mapped[Name16] = mapped_column(comment="started, succeeded, failed, retried or skipped")
    duration_ms: Mapped[Measure | None] = mapped_column(comment="How long it took, ms")
    lock_wait_ms: Mapped[Measure | None] = mapped_column(comment="How long it waited for locks, ms")
    rows_affected: Mapped[int | None] = mapped_column(comment="Rows written or moved, count")
    error_sqlstate: Mapped[str | None] = mapped_column(
        String(5), comment="SQLSTATE of the error; NULL if none"
    )
    error_message: Mapped[Text | None] = mapped_column(comment="The error's text; NULL if none")
    logged_at: Mapped[CreatedAt]


class Rebuild(Base):
    """The state of one online rebuild, from which a killed one continues."""

    __tablename__ = "rebuilds"
    __table_args__ = (
        UniqueConstraint("schema_name", "table_name", "revision", "direction", name="step"),
        one_of("direction", ("upgrade", "downgrade")),
        one_of("phase", ("prepared", "copying", "verified", "swapped", "finished")),
        CheckConstraint("rows_copied >= 0", name="rows_copied"),
        {
            "schema": _SCHEMA,
            "info": LOCAL,
            "comment": "Online rebuilds of tables, and how far each has got",
        },
    )

    rebuild_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    schema_name: Mapped[Name64] = mapped_column(comment="The schema")
    table_name: Mapped[Name64] = mapped_column(comment="The table that is rebuilt")
    revision: Mapped[Name32] = mapped_column(comment="The revision that rebuilds it")
    direction: Mapped[Name16] = mapped_column(comment="upgrade or downgrade")
    phase: Mapped[Name16] = mapped_column(
        comment="prepared, copying, verified, swapped or finished"
    )
    shadow_name: Mapped[Name64] = mapped_column(comment="The table that takes its place")
    copied_to: Mapped[Json | None] = mapped_column(comment="The last key that was copied")
    end_key: Mapped[Json | None] = mapped_column(
        comment="The last key there was when the trigger stood; the copy ends there"
    )
    rows_copied: Mapped[int] = mapped_column(server_default="0", comment="Rows copied, count")
    content_hash: Mapped[Name64 | None] = mapped_column(
        comment="Hash of the rows, equal on both sides, independent of their order; hexadecimal"
    )
    started_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class PartitionPolicy(Base):
    """The partitioning of one table and the retention of its partitions."""

    __tablename__ = "partition_policies"
    __table_args__ = (
        one_of("strategy", ("month", "week", "day", "hash")),
        CheckConstraint(
            "months_ahead >= 0 AND retain_months > 0 AND graveyard_days >= 0 AND hash_modulus > 1",
            name="amounts",
        ),
        {
            "schema": _SCHEMA,
            "info": LOCAL,
            "comment": "How tables are partitioned, and for how long",
        },
    )

    schema_name: Mapped[Name64] = mapped_column(primary_key=True, comment="The schema")
    table_name: Mapped[Name64] = mapped_column(primary_key=True, comment="The partitioned table")
    partition_column: Mapped[Name64] = mapped_column(comment="The partition key")
    strategy: Mapped[Name16] = mapped_column(
        comment="month, week or day: a range of that length UTC; or hash"
    )
    hash_modulus: Mapped[Int | None] = mapped_column(
        comment="Hash partitions, count; NULL for month"
    )
    months_ahead: Mapped[Int | None] = mapped_column(
        comment="Months to have ready ahead of now, count; NULL for hash"
    )
    retain_months: Mapped[Int | None] = mapped_column(
        comment="Months to keep, count; NULL keeps them all"
    )
    graveyard_days: Mapped[Int] = mapped_column(
        server_default="30",
        comment="How long a detached partition is kept before it is dropped, days",
    )
    is_held: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether nothing of it may be detached or dropped"
    )
    updated_at: Mapped[UpdatedAt]
