"""index raw_data by queue, and the schedule by content

Why: the hot queue, which the baseline's index on processed_at holds among all cold
rows, becomes a partial index of hot rows alone. What a payload contains is asked of
the schedule over a season, and answered by GIN there; of the odds it is asked over a
day, which the index on collected_at leaves few rows of: GIN on those tables would
slow ingestion (docs/indexes.md).

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which no reader and no writer
waits for; each build waits for the transactions that are older than itself,
and names the one that holds it up.
The downgrade drops them again, concurrently.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision: str | None = "0007"
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
