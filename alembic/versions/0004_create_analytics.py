"""create analytics

The predictions, signals, bets and results of models and strategies on the curated data.

Locks: the revision creates new tables only, so no session waits. Foreign keys take SHARE ROW
EXCLUSIVE on tables that this chain created.
Downgrade: drops the objects of this revision with their rows. It stops with SQLSTATE 2BP01 if
another user's objects depend on them.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None

SCHEMA = "analytics"
COMMENT = "What models and strategies say of the curated data (mlb_perf)"

# In the order of their foreign keys.
TABLES = (
    "backtest_runs",
    "ml_experiments",
    "ml_model_performance",
    "backtest_bets",
    "ml_predictions",
    "betting_recommendations",
    "strategy_signals",
    "strategy_results",
)


def upgrade() -> None:
    op.create_schema(SCHEMA, COMMENT)
    for table in TABLES:
        op.run_sql_file(f"baseline/{SCHEMA}/{table}.sql")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_schema(SCHEMA, COMMENT)
