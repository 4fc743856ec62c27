"""pack curated lines and their movements

The natural key becomes the primary key, and the ids of books become integers (docs/storage.md).
The key of lines has the market before the book, because boards ask for one market of all books.
That of movements has the moment before the book, because a steam move is what all books do within
minutes. The copy writes rows in the order of the key, so that a board reads each page of its game
once. The tables have no partitions: questions read a game, a day or a season, and no month is
dropped (docs/partitions.md).

Locks: op.rebuild_table takes SHARE ROW EXCLUSIVE for a moment at the start and ACCESS EXCLUSIVE
for the swap, both with the lock ladder. The copy locks rows for some 50 ms per batch. Readers and
writers continue.
Downgrade: the same with the shapes exchanged. Rows written since the upgrade are kept.
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
            table, schema=schema, was=f"shapes/wide/{name}", to=f"shapes/packed/{name}",
            in_key_order=True,
        )  # fmt: skip


def downgrade() -> None:
    for schema, table in reversed(REBUILT):
        name = f"{schema}/{table}.sql"
        op.rebuild_table(
            table, schema=schema, was=f"shapes/packed/{name}", to=f"shapes/wide/{name}"
        )
