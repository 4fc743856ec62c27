"""partition curated lines by month

A partition a month of game_date for the lines: one game lies in one partition,
a season in nine. Their movements are packed only. The natural key becomes the
primary key, and ids of games and books integers (docs/storage.md).

Locks: op.rebuild_table takes SHARE ROW EXCLUSIVE for a moment when it begins
and ACCESS EXCLUSIVE for the swap, both by the lock ladder; the copy locks rows
for some 50 ms a batch. Readers and writers go on.
Downgrade: the same with the shapes exchanged; rows written since are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision: str | None = "0024"
branch_labels = None
depends_on = None

REBUILT = (
    ("curated", "betting_lines_unified"),
    ("curated", "line_movements"),
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
