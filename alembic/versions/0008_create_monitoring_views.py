"""create monitoring views

Why: an operator selects from a view and knows what is slow, grows, is dead
weight, or stands in the way. Views over the server's statistics read what the
caller may see (security_invoker); those over the history and the log need
SELECT on these tables, which members of pg_monitor get here. Nobody gets
USAGE on the schema: `GRANT USAGE ON SCHEMA performance_monitoring TO role` is
the administrator's to give.

Locks: new views only, so nobody waits; GRANT on a table takes no table lock.
Downgrade: drops the views and takes the grants back; rows are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

# In the order of their dependencies.
ROUTINES = (
    "views/index_usage",
    "views/unused_indexes",
    "views/duplicate_indexes",
    "views/invalid_indexes",
    "views/missing_fk_indexes",
    "views/table_bloat",
    "views/table_growth",
    "views/cache_hit",
    "views/blocking_locks",
    "views/long_transactions",
    "views/sequence_headroom",
    "views/wraparound_headroom",
    "views/connection_usage",
    "views/query_trends",
    "views/phase_summary",
    "views/phase1_summary",
    "views/performance_test_summary",
)


def upgrade() -> None:
    op.run_sql_file("grants/monitoring.sql")
    for name in ROUTINES:
        op.create_routine(name)


def downgrade() -> None:
    for name in reversed(ROUTINES):
        op.drop_routine(name)
    op.run_sql_file("grants/monitoring_revoke.sql")
