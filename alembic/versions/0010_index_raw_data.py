"""index raw_data by queue, and the schedule by content

Why: the baseline indexes processed_at of all rows, hot and cold. A partial index of only the hot
rows replaces it for the hot queue. Searches for content in the schedule cover a season, and use
GIN. Searches for content in the odds cover a day, and the index on collected_at leaves few rows
for these; GIN on those tables would slow down ingestion (docs/indexes.md).

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each build waits for older transactions, and names the one that blocks it.
Downgrade: drops them again, concurrently.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None

SCHEMA = "raw_data"
FEEDS = (
    "action_network_games",
    "action_network_history",
    "action_network_odds",
    "game_results",
    "line_history",
    "mlb_stats_api_games",
    "odds_api_odds",
    "sbd_splits",
    "vsin_splits",
)
HOT = {"schema": SCHEMA, "where": "processed_at IS NULL"}
CONTENT = ("ix_mlb_stats_api_games_payload", "mlb_stats_api_games", ["payload jsonb_path_ops"])


def upgrade() -> None:
    for table in FEEDS:
        op.create_index_online(f"ix_{table}_hot", table, ["collected_at"], **HOT)
    op.create_index_online(*CONTENT, schema=SCHEMA, using="gin")


def downgrade() -> None:
    op.drop_index_online(*CONTENT, schema=SCHEMA, using="gin")
    for table in FEEDS:
        op.drop_index_online(f"ix_{table}_hot", table, ["collected_at"], **HOT)
