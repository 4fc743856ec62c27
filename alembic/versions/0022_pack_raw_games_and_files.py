"""pack raw games and files

Games, line histories, results and files of past lines get the column order of the feeds. They are
not partitioned: a month of them is a few megabytes, which DELETE removes in milliseconds
(docs/partitions.md).

Locks: op.rebuild_table takes SHARE ROW EXCLUSIVE for a moment at the start and ACCESS EXCLUSIVE
for the swap, both with the lock ladder. The copy locks rows for some 50 ms per batch. Readers and
writers continue.
Downgrade: the same with the shapes exchanged. Rows written since the upgrade are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None

REBUILT = (
    ("raw_data", "action_network_games"),
    ("raw_data", "action_network_history"),
    ("raw_data", "game_results"),
    ("raw_data", "line_history"),
    ("raw_data", "mlb_stats_api_games"),
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
