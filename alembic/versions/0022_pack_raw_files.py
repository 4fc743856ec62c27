"""pack raw files

Results and files of past lines get the column order of the feeds. They are not
partitioned: they reach back over a century, a few rows a month.

Locks: op.rebuild_table takes SHARE ROW EXCLUSIVE for a moment when it begins
and ACCESS EXCLUSIVE for the swap, both by the lock ladder; the copy locks rows
for some 50 ms a batch. Readers and writers go on.
Downgrade: the same with the shapes exchanged; rows written since are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None

REBUILT = (
    ("raw_data", "game_results"),
    ("raw_data", "line_history"),
)


def upgrade() -> None:
    for schema, table in REBUILT:
        name = f"{schema}/{table}.sql"
        op.rebuild_table(
            table, schema=schema, was=f"shapes/wide/{name}", to=f"shapes/packed/{name}"
        )


def downgrade() -> None:
    for schema, table in reversed(REBUILT):
        name = f"{schema}/{table}.sql"
        op.rebuild_table(
            table, schema=schema, was=f"shapes/packed/{name}", to=f"shapes/wide/{name}"
        )
