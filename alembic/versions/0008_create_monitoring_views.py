"""create monitoring views

Why: an operator can query a view to see slow statements, growth, unused indexes and blocking
sessions. Views over the server's statistics show only rows that the caller may see
(security_invoker). Views over the history and the log need SELECT on these tables, which members
of pg_monitor get here. The revision grants no USAGE on the schema; the administrator does so with
`GRANT USAGE ON SCHEMA performance_monitoring TO role`.

Locks: the revision creates new views only, so no session waits; GRANT on a table takes no table
lock.
Downgrade: drops the views and revokes the grants; rows are kept.
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
    "views/parked_games",
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
