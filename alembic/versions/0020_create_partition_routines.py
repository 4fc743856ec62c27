"""create partition routines

Policies of the tables that later revisions partition, and the routines that maintain their
months: functions for users of SQL or pg_cron, and views of the partitions that are being removed
and of problems. `mlb-perf partitions` uses the same views and policies.

Locks: the revision creates new functions and views only, and takes ROW EXCLUSIVE on
partition_policies; no session waits.
Downgrade: drops them, and the policies that were not changed. Partitions stay, including those in
a graveyard; their comments say which table they belonged to.
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
    "functions/create_partitions",
    "functions/create_monthly_partitions",
    "functions/detach_mark",
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
