"""create partition routines

Policies of the tables that later revisions partition, and what keeps their
months: functions for those who work in SQL or pg_cron, views of what is on its
way out and of what is wrong. `mlb-perf partitions` uses the same.

Locks: new functions and views only, and ROW EXCLUSIVE on partition_policies;
nobody waits.
Downgrade: drops them, and the policies that nobody has changed. Partitions stay,
those in a graveyard too; their comments say what they were part of.
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None

# In the order of their needs.
ROUTINES = (
    "functions/range_partitions",
    "functions/create_monthly_partitions",
    "views/detached_partitions",
    "functions/drop_old_partitions",
    "views/partition_health",
)


def upgrade() -> None:
    op.run_sql_file("grants/partitions.sql")
    op.run_sql_file("reference/partition_policies.sql", "reference/insert/partition_policies.sql")
    for name in ROUTINES:
        op.create_routine(name)


def downgrade() -> None:
    for name in reversed(ROUTINES):
        op.drop_routine(name)
    op.run_sql_file("reference/partition_policies.sql", "reference/remove/partition_policies.sql")
    op.run_sql_file("grants/partitions_revoke.sql")
