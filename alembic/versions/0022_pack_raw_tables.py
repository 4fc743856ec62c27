"""pack raw tables

The other raw tables get the column order of the odds. They are not partitioned: a month of the
largest, a feed that is polled, is some twenty megabytes, which DELETE removes in less than 0.1 s,
and partitions make their questions slower (docs/partitions.md). The rows of VSIN are written in the
order of the key: its question reads the markets of a game, and none reads many rows by their time.

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
    ("raw_data", "action_network_odds"),
    ("raw_data", "game_results"),
    ("raw_data", "line_history"),
    ("raw_data", "mlb_stats_api_games"),
    ("raw_data", "sbd_splits"),
    ("raw_data", "vsin_splits"),
)


def upgrade() -> None:
    for schema, table in REBUILT:
        name = f"{schema}/{table}.sql"
        op.rebuild_table(
            table, schema=schema, was=f"shapes/wide/{name}", to=f"shapes/packed/{name}",
            in_key_order=table == "vsin_splits",
        )  # fmt: skip


def downgrade() -> None:
    for schema, table in reversed(REBUILT):
        name = f"{schema}/{table}.sql"
        op.rebuild_table(
            table, schema=schema, was=f"shapes/packed/{name}", to=f"shapes/wide/{name}"
        )
