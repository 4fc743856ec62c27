"""Maintenance jobs and their runs."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    RUN_STATUSES,
    Base,
    CreatedAt,
    Int,
    Json,
    Moment,
    Name16,
    Name64,
    Text,
    UpdatedAt,
    one_of,
)
from mlb_perf.models.placement import LOCAL

_SCHEMA = "performance_monitoring"


class MaintenanceJob(Base):
    """A maintenance job and its schedule."""

    __tablename__ = "maintenance_jobs"
    __table_args__ = (
        UniqueConstraint("name", name="name"),
        CheckConstraint("every_minutes > 0", name="every_minutes"),
        {"schema": _SCHEMA, "info": LOCAL, "comment": "Maintenance: what is run, and how often"},
    )

    job_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    name: Mapped[Name64] = mapped_column(comment="Name, unique")
    command: Mapped[Text] = mapped_column(comment="The SQL that is run")
    every_minutes: Mapped[Int] = mapped_column(comment="How often it is due, minutes")
    is_enabled: Mapped[bool] = mapped_column(server_default="true", comment="Whether it is run")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    runs: Mapped[list[MaintenanceRun]] = relationship(back_populates="job")


class MaintenanceRun(Base):
    """One run of a job."""

    __tablename__ = "maintenance_runs"
    __table_args__ = (
        one_of("status", RUN_STATUSES),
        {"schema": _SCHEMA, "info": LOCAL, "comment": "Runs of maintenance jobs"},
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    job_id: Mapped[int] = mapped_column(
        ForeignKey("performance_monitoring.maintenance_jobs.job_id"), comment="The job"
    )
    status: Mapped[Name16] = mapped_column(
        server_default="running", comment="running, succeeded, failed or cancelled"
    )
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[Moment | None] = mapped_column(comment="End, UTC; NULL while running")
    error_sqlstate: Mapped[str | None] = mapped_column(
        String(5), comment="SQLSTATE of the error; NULL if none"
    )
    error_message: Mapped[Text | None] = mapped_column(comment="The error's text; NULL if none")
    details: Mapped[Json] = mapped_column(server_default="{}", comment="What it did, by name")

    job: Mapped[MaintenanceJob] = relationship(back_populates="runs")
