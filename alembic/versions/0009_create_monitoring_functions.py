"""create monitoring functions

Why: to measure a single query, to keep a history for trends, and to do the maintenance that
autovacuum does not do. All functions run as their caller and grant no privileges. EXECUTE is
revoked from PUBLIC; pg_monitor gets it for the functions that write nothing on their own.

Locks: the revision creates new functions only, so no session waits.
Downgrade: drops the functions. The rows that they wrote, and the two jobs, stay in the tables.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

# In the order of their dependencies.
ROUTINES = (
    "functions/table_bloat_exact",
    "functions/category_target_ms",
    "functions/plan_nodes",
    "functions/run_read_only",
    "functions/save_benchmark_result",
    "functions/benchmark_query_detailed",
    "functions/statement_statistics",
    "functions/statement_statistics_gap",
    "functions/get_slow_queries",
    "functions/capture_snapshot",
    "functions/thin_history",
    "functions/validate_performance_targets",
    "functions/analyze_due",
    "functions/maintenance_job",
    "functions/run_maintenance",
    "functions/run_job",
    "functions/cron_expression",
    "functions/cron_gap",
    "functions/scheduler_lines",
    "functions/schedule_maintenance",
)


def upgrade() -> None:
    for name in ROUTINES:
        op.create_routine(name)
    op.run_sql_file("reference/insert/maintenance_jobs.sql")


def downgrade() -> None:
    for name in reversed(ROUTINES):
        op.drop_routine(name)
