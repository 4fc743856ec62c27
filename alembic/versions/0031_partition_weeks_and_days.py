"""partition weeks and days

Why: a table of your own may have partitions of weeks or days; its policy names the period, and
`mlb-perf partitions` and the job `partitions` create them ahead.

Locks: ACCESS EXCLUSIVE on partition_policies, a table of some rows, for milliseconds; only commands
that plan partitions read it.
Downgrade: allows months and hashes alone. Policies of weeks and days stay, and have no effect; the
constraint is then NOT VALID.
"""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision: str | None = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.run_sql_file("reference/policy_periods.sql")


def downgrade() -> None:
    op.run_sql_file("reference/policy_periods_undo.sql")
