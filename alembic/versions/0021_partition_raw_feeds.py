"""partition raw feeds by month

The feeds that are polled, odds and splits, get one partition per month of collected_at, in UTC, so
that a month can be dropped instead of deleted. Columns of fixed width come first, so that rows
have no padding (docs/storage.md). The rows of VSIN are written in the order of the key: its
question reads the markets of a game, and none reads many rows by their time.

Locks: op.rebuild_table takes SHARE ROW EXCLUSIVE for a moment at the start and ACCESS EXCLUSIVE
for the swap, both with the lock ladder. The copy locks rows for some 50 ms per batch. Readers and
writers continue.
Downgrade: the same with the shapes exchanged. Rows written since the upgrade are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision: str | None = "0020"
branch_labels = None
depends_on = None

REBUILT = (
    ("raw_data", "action_network_odds"),
    ("raw_data", "odds_api_odds"),
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
