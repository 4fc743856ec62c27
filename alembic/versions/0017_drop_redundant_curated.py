"""drop redundant indexes of curated

Why: game_id is the first column of the keys. Columns with few values match too many rows. No
question asks for lines by book alone over all games. Foreign keys to teams, venues, leagues and
sportsbooks keep no index of their own: rows of those tables are not deleted.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each drop waits for older transactions, and names the one that blocks it.
Downgrade: builds them again, concurrently, as in the baseline.
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None

# Each is on one column and named after it.
REDUNDANT = {
    "arbitrage_opportunities": [
        "game_id",
        "market_type",
        "first_sportsbook_id",
        "second_sportsbook_id",
        "profit_percent",
        "detected_at",
        "ended_at",
    ],
    "betting_lines_unified": [
        "game_id",
        "game_date",
        "sportsbook_id",
        "source",
        "market_type",
        "side",
        "first_seen_at",
        "last_seen_at",
        "is_opening",
        "is_closing",
        "is_in_play",
        "data_quality_score",
        "updated_at",
    ],
    "enhanced_games": [
        "league_id",
        "season",
        "scheduled_start_at",
        "venue_id",
        "home_team_id",
        "away_team_id",
        "status",
        "data_quality_score",
        "is_ml_ready",
        "updated_at",
    ],
    "game_id_mappings": ["external_game_id", "league_id"],
    "line_movements": [
        "game_id",
        "game_date",
        "sportsbook_id",
        "market_type",
        "side",
        "is_steam_move",
        "is_reverse_line_movement",
    ],
    "ml_features": ["game_id", "game_date", "feature_set", "as_of", "data_quality_score"],
    "ml_market_analysis": ["game_id", "game_date", "market_type", "sharp_side"],
    "teams": ["home_venue_id"],
    "unified_betting_splits": [
        "game_id",
        "game_date",
        "sportsbook_id",
        "source",
        "market_type",
        "collected_at",
        "sharp_side",
        "data_quality_score",
    ],
}
SCHEMA = "curated"


def upgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.drop_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)


def downgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.create_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)
