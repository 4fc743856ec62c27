"""drop redundant indexes of analytics

Why: game_id is the first column of the keys, and no question of the catalogue starts at one of
the other columns alone.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each drop waits for older transactions, and names the one that blocks it.
Downgrade: builds them again, concurrently, as in the baseline.
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision: str | None = "0017"
branch_labels = None
depends_on = None

# Each is on one column and named after it.
REDUNDANT = {
    "backtest_bets": [
        "game_id",
        "sportsbook_id",
        "placed_at",
        "outcome",
        "game_date",
    ],
    "backtest_runs": ["strategy", "status", "started_at"],
    "betting_recommendations": [
        "game_id",
        "sportsbook_id",
        "expected_value",
        "status",
        "recommended_at",
        "game_date",
    ],
    "ml_experiments": ["model_type", "status", "started_at"],
    "ml_model_performance": ["experiment_id", "market_type", "from_date"],
    "ml_predictions": [
        "game_id",
        "as_of",
        "confidence",
        "game_date",
        "market_type",
    ],
    "strategy_results": ["signal_id", "outcome", "graded_at"],
    "strategy_signals": [
        "game_id",
        "strategy",
        "strength",
        "signalled_at",
        "game_date",
        "market_type",
    ],
}
SCHEMA = "analytics"


def upgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.drop_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)


def downgrade() -> None:
    for table, columns in REDUNDANT.items():
        for column in columns:
            op.create_index_online(f"ix_{table}_{column}", table, [column], schema=SCHEMA)
