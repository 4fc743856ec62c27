"""drop redundant indexes of staging

Why: external_game_id is the first column of two keys. Columns with few values (source, market,
side, status) match too many rows for an index scan. Alias tables are read whole. Every quote had
to write each of these indexes. The indexes on game_id stay: promotion uses them to read the rows
of a game.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each drop waits for older transactions, and names the one that blocks it.
Downgrade: builds them again, concurrently, as in the baseline.
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None

# Each is on one column and named after it.
REDUNDANT = {
    "betting_odds_unified": [
        "external_game_id",
        "source",
        "sportsbook_key",
        "sportsbook_id",
        "market_type",
        "side",
        "game_date",
        "collected_at",
        "data_quality_score",
        "validation_status",
    ],
    "betting_splits": [
        "external_game_id",
        "source",
        "sportsbook_key",
        "sportsbook_id",
        "market_type",
        "game_date",
        "collected_at",
        "data_quality_score",
        "validation_status",
    ],
    "games": [
        "external_game_id",
        "source",
        "home_team_id",
        "away_team_id",
        "scheduled_start_at",
        "status",
        "collected_at",
        "data_quality_score",
        "validation_status",
    ],
    "rejected_records": [
        "external_game_id",
        "source",
        "collected_at",
        "reason_code",
        "rejected_at",
        "resolved_at",
    ],
    "sportsbook_aliases": ["alias", "sportsbook_id"],
    "team_aliases": ["alias", "team_id"],
}
SCHEMA = "staging"


def upgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.drop_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)


def downgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.create_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)
