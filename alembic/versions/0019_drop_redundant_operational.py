"""drop redundant indexes of operational and performance_monitoring

Why: no question of the catalogue starts at one of these columns alone. Rows that are written once
per step, run or snapshot are read by their key, by their run, or with the indexes of 0014.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each drop waits for older transactions, and names the one that blocks it.
Downgrade: builds them again, concurrently, as in the baseline.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None

# Each is on one column and named after it.
REDUNDANT = {
    "operational.alert_configurations": ["metric", "is_enabled"],
    "operational.alerts": ["alert_configuration_id", "severity", "raised_at", "resolved_at"],
    "operational.data_quality_metrics": ["table_name", "metric", "is_met", "measured_at"],
    "operational.pipeline_execution_log": ["stage", "source", "status", "started_at"],
    "operational.system_health_checks": ["check_name", "status", "checked_at"],
    "performance_monitoring.benchmark_results": ["name", "category", "measured_at"],
    "performance_monitoring.benchmark_runs": ["revision", "started_at"],
    "performance_monitoring.maintenance_runs": ["job_id", "status", "started_at"],
    "performance_monitoring.optimization_log": ["object_name", "status", "logged_at"],
    "performance_monitoring.rebuilds": ["phase"],
}


def upgrade() -> None:
    for qualified, columns in REDUNDANT.items():
        schema, table = qualified.split(".")
        for column in columns:
            op.drop_index_online(f"ix_{table}_{column}", table, [column], schema=schema)


def downgrade() -> None:
    for qualified, columns in REDUNDANT.items():
        schema, table = qualified.split(".")
        for column in columns:
            op.create_index_online(f"ix_{table}_{column}", table, [column], schema=schema)
