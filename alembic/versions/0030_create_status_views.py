"""create status views

Why: `mlb-perf status` reports what the pipeline does: failed runs, rows that wait, feeds that are
silent, rejections. The views show times and counts, not payloads; pg_monitor gets SELECT on these
columns alone. The job `partitions` makes the months ahead, so that a database whose only timer is
`mlb-perf maintain` does not run out of them.

Locks: the revision creates new views and functions only, so no session waits; GRANT on a table
takes no table lock.
Downgrade: drops the views and functions, revokes the grants, and disables the job; rows are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision: str | None = "0027"
branch_labels = None
depends_on = None

# In the order of their dependencies.
ROUTINES = (
    "views/raw_rows",
    "views/hot_rows",
    "views/feed_freshness",
    "views/pipeline_runs",
    "views/pipeline_days",
    "views/curation_backlog",
    "views/rejection_share",
    "views/phase1_fixed_summary",
    "functions/create_partitions_ahead",
)


def upgrade() -> None:
    op.run_sql_file("grants/pipeline.sql")
    for name in ROUTINES:
        op.create_routine(name)
    op.run_sql_file("reference/insert/partitions_job.sql")


def downgrade() -> None:
    op.run_sql_file("reference/remove/partitions_job.sql")
    for name in reversed(ROUTINES):
        op.drop_routine(name)
    op.run_sql_file("grants/pipeline_revoke.sql")
