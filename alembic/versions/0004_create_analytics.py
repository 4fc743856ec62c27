"""create analytics

What models and strategies say of the curated data.

Locks: new tables only, so nobody waits; foreign keys take SHARE ROW EXCLUSIVE
on tables that this chain made.
The downgrade drops what this revision made, with its rows, and stops with
SQLSTATE 2BP01 where somebody else's objects depend on it.
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
    "betting_recommendations",
    "ml_predictions",
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
