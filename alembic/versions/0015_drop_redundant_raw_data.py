"""drop redundant indexes of raw_data

Why: external_game_id is the first column of the primary key. No question filters by book alone or
by ingested_at. The hot queue uses the indexes of 0010. collected_at stays where a feed has many
rows per day: BRIN instead of it was slower (docs/indexes.md).

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each drop waits for older transactions, and names the one that blocks it.
Downgrade: builds them again, concurrently, as in the baseline.
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None

# Each is on one column and named after it.
REDUNDANT = {
    "action_network_games": ["external_game_id", "collected_at", "ingested_at", "processed_at"],
    "action_network_history": [
        "external_game_id",
        "sportsbook_key",
        "collected_at",
        "ingested_at",
        "processed_at",
    ],
    "action_network_odds": ["external_game_id", "sportsbook_key", "ingested_at", "processed_at"],
    "game_results": ["external_game_id", "collected_at", "source", "ingested_at", "processed_at"],
    "line_history": [
        "external_game_id",
        "sportsbook_key",
        "collected_at",
        "source",
        "ingested_at",
        "processed_at",
    ],
    "mlb_stats_api_games": ["external_game_id", "collected_at", "ingested_at", "processed_at"],
    "odds_api_odds": ["external_game_id", "sportsbook_key", "ingested_at", "processed_at"],
    "sbd_splits": ["external_game_id", "sportsbook_key", "ingested_at", "processed_at"],
    "vsin_splits": ["external_game_id", "sportsbook_key", "ingested_at", "processed_at"],
}
SCHEMA = "raw_data"


def upgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.drop_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)


def downgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.create_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)
