"""index operational and performance_monitoring: open and latest rows

Why: an operator asks for the last run, the last check, and the problems. The problems are few, so
they have partial indexes.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each build waits for older transactions, and names the one that blocks it.
Downgrade: drops them again, concurrently.
"""

from __future__ import annotations

from typing import Any

from alembic import op

revision = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None

# name, table, columns, and what is particular to it
INDEXES: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    (
        "ix_pipeline_execution_log_last",
        "pipeline_execution_log",
        ["stage", "started_at"],
        {"schema": "operational"},
    ),
    (
        "ix_pipeline_execution_log_unfinished",
        "pipeline_execution_log",
        ["started_at"],
        {"schema": "operational", "where": "status <> 'succeeded'"},
    ),
    (
        "ix_data_quality_metrics_unmet",
        "data_quality_metrics",
        ["measured_at"],
        {"schema": "operational", "where": "NOT is_met"},
    ),
    (
        "ix_system_health_checks_latest",
        "system_health_checks",
        ["check_name", "checked_at"],
        {"schema": "operational"},
    ),
    (
        "ix_alerts_open",
        "alerts",
        ["raised_at"],
        {"schema": "operational", "where": "resolved_at IS NULL"},
    ),
    (
        "ix_benchmark_results_case",
        "benchmark_results",
        ["name", "measured_at"],
        {"schema": "performance_monitoring"},
    ),
)


def upgrade() -> None:
    for name, table, columns, options in INDEXES:
        op.create_index_online(name, table, columns, **options)


def downgrade() -> None:
    for name, table, columns, options in reversed(INDEXES):
        op.drop_index_online(name, table, columns, **options)
