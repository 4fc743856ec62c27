"""index analytics by experiment, backtest and strategy

Why: the joins of predictions with experiments and of bets with backtests start at their foreign
keys. The most confident predictions of a day and the open recommendations are read in the order
of their indexes.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each build waits for older transactions, and names the one that blocks it.
Downgrade: drops them again, concurrently.
"""

from __future__ import annotations

from typing import Any

from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None

# name, table, columns, and what is particular to it
INDEXES: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("ix_ml_predictions_surest", "ml_predictions", ["game_date", "confidence"], {}),
    ("ix_strategy_signals_record", "strategy_signals", ["strategy", "game_date"], {}),
    (
        "ix_betting_recommendations_open",
        "betting_recommendations",
        ["expected_value"],
        {"where": "status = 'open'"},
    ),
    (
        "ix_backtest_bets_ungraded",
        "backtest_bets",
        ["backtest_id"],
        {"where": "outcome IS NULL"},
    ),
)


def upgrade() -> None:
    for name, table, columns, options in INDEXES:
        op.create_index_online(name, table, columns, schema="analytics", **options)


def downgrade() -> None:
    for name, table, columns, options in reversed(INDEXES):
        op.drop_index_online(name, table, columns, schema="analytics", **options)
