"""keep status history

Why: the page of `mlb-perf status --html` plots cache hits, queues and the freshness of feeds over
time. No table had them, so each snapshot writes them to `status_history`, some twenty rows. And
`feed_freshness` read a table without an index on `collected_at` once for each poll; now it does so
once, and leaves out files of past lines and results, which are no feed.

Locks: the revision creates a new table and replaces two functions and a view, which only status
and the snapshots use, so no session waits.
Downgrade: drops the table with its rows, and restores the functions and the view.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision: str | None = "0031"
branch_labels = None
depends_on = None

SCHEMA = "performance_monitoring"
TABLES = ("status_history",)
ROUTINES = ("functions/capture_status",)
REPLACED = ("views/feed_freshness", "functions/capture_snapshot", "functions/thin_history")


def upgrade() -> None:
    op.create_table(
        "status_history",
        sa.Column(
            "captured_at", sa.DateTime(timezone=True), comment="When the figures were taken, UTC"
        ),
        sa.Column("figure", sa.Text(), comment="What was measured, with its unit"),
        sa.Column(
            "object_name", sa.Text(), comment="The table or feed; empty for the whole database"
        ),
        sa.Column(
            "value", sa.Double(), nullable=False, comment="The figure, in the unit of its name"
        ),
        sa.PrimaryKeyConstraint("captured_at", "figure", "object_name", name="pk_status_history"),
        schema=SCHEMA,
        comment="Cache hits, queues and freshness of feeds over time",
    )
    op.run_sql_file("grants/status_history.sql")
    for name in ROUTINES:
        op.create_routine(name)
    for name in REPLACED:
        op.replace_routine(f"{name}_v2", previous=name)
    op.run_sql_file("grants/snapshot_functions.sql")


def downgrade() -> None:
    for name in reversed(REPLACED):
        op.replace_routine(name, previous=f"{name}_v2")
    op.run_sql_file("grants/snapshot_functions.sql")
    for name in ROUTINES:
        op.drop_routine(name)
    for table in TABLES:
        op.drop_table(table, schema=SCHEMA)
