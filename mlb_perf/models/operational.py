"""``operational``: runs of the pipeline, data quality, health checks and alerts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    RUN_STATUSES,
    SEVERITIES,
    Base,
    CreatedAt,
    Json,
    Measure,
    Moment,
    Name16,
    Name32,
    Name64,
    Text,
    UpdatedAt,
    index_each,
    one_of,
    strategic,
)
from mlb_perf.models.placement import LOCAL


class PipelineExecution(Base):
    """One run of one stage of the pipeline."""

    __tablename__ = "pipeline_execution_log"
    __table_args__ = (
        one_of("stage", ("load", "stage", "promote", "features", "grade")),
        one_of("status", RUN_STATUSES),
        CheckConstraint("rows_read >= 0 AND rows_written >= 0 AND rows_rejected >= 0", name="rows"),
        CheckConstraint("finished_at >= started_at", name="finished_at"),
        strategic("ix_pipeline_execution_log_last", "stage", "started_at"),
        strategic(
            "ix_pipeline_execution_log_unfinished", "started_at", where="status <> 'succeeded'"
        ),
        {
            "schema": "operational",
            "info": LOCAL,
            "comment": "Runs of the pipeline's stages, with rows in and out",
        },
    )

    execution_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    stage: Mapped[Name16] = mapped_column(comment="load, stage, promote, features or grade")
    source: Mapped[Name32 | None] = mapped_column(
        comment="The feed; NULL where a run takes them all"
    )
    status: Mapped[Name16] = mapped_column(
        server_default="running", comment="running, succeeded, failed or cancelled"
    )
    started_at: Mapped[Moment] = mapped_column(comment="Start, UTC")
    finished_at: Mapped[Moment | None] = mapped_column(comment="End, UTC; NULL while running")
    rows_read: Mapped[int] = mapped_column(server_default="0", comment="Rows taken in, count")
    rows_written: Mapped[int] = mapped_column(
        server_default="0", comment="Rows that came through, count"
    )
    rows_rejected: Mapped[int] = mapped_column(server_default="0", comment="Rows rejected, count")
    error_sqlstate: Mapped[str | None] = mapped_column(
        String(5), comment="SQLSTATE of the error that ended it; NULL if none"
    )
    error_message: Mapped[Text | None] = mapped_column(comment="The error's text; NULL if none")
    details: Mapped[Json] = mapped_column(
        server_default="{}", comment="Parameters and further figures"
    )

    quality_metrics: Mapped[list[DataQualityMetric]] = relationship(back_populates="execution")


class DataQualityMetric(Base):
    """One measured property of the data that a run handled."""

    __tablename__ = "data_quality_metrics"
    __table_args__ = (
        *index_each("execution_id"),
        strategic("ix_data_quality_metrics_unmet", "measured_at", where="NOT is_met"),
        {
            "schema": "operational",
            "info": LOCAL,
            "comment": "Measured properties of the data, with their thresholds",
        },
    )

    metric_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    execution_id: Mapped[int | None] = mapped_column(
        ForeignKey("operational.pipeline_execution_log.execution_id"),
        comment="The run that measured it; NULL if measured apart from a run",
    )
    table_name: Mapped[Name64] = mapped_column(comment="The table, schema.table")
    source: Mapped[Name32 | None] = mapped_column(comment="The feed; NULL over all feeds")
    metric: Mapped[Name64] = mapped_column(comment="What was measured, e.g. rejected_percent")
    value: Mapped[Measure] = mapped_column(comment="The figure, in the unit that its name says")
    threshold: Mapped[Measure | None] = mapped_column(
        comment="The limit, in the same unit; NULL if none"
    )
    is_met: Mapped[bool] = mapped_column(comment="Whether the value is within the threshold")
    measured_at: Mapped[CreatedAt]

    execution: Mapped[PipelineExecution | None] = relationship(back_populates="quality_metrics")


class SystemHealthCheck(Base):
    """The outcome of one health check."""

    __tablename__ = "system_health_checks"
    __table_args__ = (
        one_of("status", ("ok", "warning", "critical", "unknown")),
        strategic("ix_system_health_checks_latest", "check_name", "checked_at"),
        {"schema": "operational", "info": LOCAL, "comment": "Outcomes of health checks"},
    )

    check_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    check_name: Mapped[Name64] = mapped_column(comment="What was checked")
    status: Mapped[Name16] = mapped_column(comment="ok, warning, critical or unknown")
    value: Mapped[Measure | None] = mapped_column(
        comment="The figure, in the unit that its name says"
    )
    message: Mapped[Text] = mapped_column(comment="The finding as a sentence")
    details: Mapped[Json] = mapped_column(server_default="{}", comment="Further figures by name")
    checked_at: Mapped[CreatedAt]


class AlertConfiguration(Base):
    """The condition of an alert."""

    __tablename__ = "alert_configurations"
    __table_args__ = (
        UniqueConstraint("name", name="name"),
        one_of("comparison", ("above", "below", "equal")),
        one_of("severity", SEVERITIES),
        CheckConstraint("for_minutes >= 0", name="for_minutes"),
        {
            "schema": "operational",
            "info": LOCAL,
            "comment": "Which figure, past which threshold, tells whom",
        },
    )

    alert_configuration_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    name: Mapped[Name64] = mapped_column(comment="Name, unique")
    metric: Mapped[Name64] = mapped_column(comment="The metric or check that is watched")
    comparison: Mapped[Name16] = mapped_column(comment="above, below or equal")
    threshold: Mapped[Measure] = mapped_column(comment="The limit, in the metric's unit")
    for_minutes: Mapped[int] = mapped_column(
        server_default="0", comment="How long it must hold before an alert is raised, minutes"
    )
    severity: Mapped[Name16] = mapped_column(comment="info, warning or critical")
    channel: Mapped[Name64] = mapped_column(comment="Where to tell: an address the operator knows")
    is_enabled: Mapped[bool] = mapped_column(server_default="true", comment="Whether it is watched")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    alerts: Mapped[list[Alert]] = relationship(back_populates="configuration")


class Alert(Base):
    """One alert that was raised."""

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("severity", SEVERITIES),
        CheckConstraint("resolved_at >= raised_at", name="resolved_at"),
        strategic("ix_alerts_open", "raised_at", where="resolved_at IS NULL"),
        {
            "schema": "operational",
            "info": LOCAL,
            "comment": "Alerts that were raised, and their ends",
        },
    )

    alert_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    alert_configuration_id: Mapped[int] = mapped_column(
        ForeignKey("operational.alert_configurations.alert_configuration_id"),
        comment="What raised it",
    )
    severity: Mapped[Name16] = mapped_column(
        comment="info, warning or critical, when it was raised"
    )
    value: Mapped[Measure] = mapped_column(
        comment="The figure that raised it, in the metric's unit"
    )
    message: Mapped[Text] = mapped_column(comment="The finding as a sentence")
    raised_at: Mapped[CreatedAt]
    acknowledged_at: Mapped[Moment | None] = mapped_column(
        comment="When it was acknowledged, UTC; NULL until then"
    )
    resolved_at: Mapped[Moment | None] = mapped_column(
        comment="When it ended, UTC; NULL while it stands"
    )

    configuration: Mapped[AlertConfiguration] = relationship(back_populates="alerts")
