"""create compact_staging

Why: staging keeps each quote of each poll. A line needs the first and the last quote of a run of
one price; the others are nine in ten of the rows of a game that was polled every minute. The job
`compact_staging` deletes them for games that began more than three days ago. `UPDATE
performance_monitoring.maintenance_jobs` changes the days, the games a run, or turns it off.

Locks: the revision creates a new function and inserts one row, so no session waits.
Downgrade: drops the function and turns the job off; its row and its runs stay, and so do the counts
of the quotes that were deleted.
"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision: str | None = "0026"
branch_labels = None
depends_on = None

ROUTINES = ("functions/compact_staging",)


def upgrade() -> None:
    for name in ROUTINES:
        op.create_routine(name)
    op.run_sql_file("reference/insert/compact_staging_job.sql")


def downgrade() -> None:
    op.run_sql_file("reference/remove/compact_staging_job.sql")
    for name in reversed(ROUTINES):
        op.drop_routine(name)
