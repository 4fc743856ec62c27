"""create curated

The authoritative games and lines. This schema comes before staging, whose alias tables refer to
its teams and sportsbooks.

Locks: the revision creates new tables only, so no session waits. Foreign keys take SHARE ROW
EXCLUSIVE on tables that this chain created.
Downgrade: drops the objects of this revision with their rows. It stops with SQLSTATE 2BP01 if
another user's objects depend on them.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

SCHEMA = "curated"
COMMENT = "One truth: games, lines, splits, movements and features (mlb_perf)"

# In the order of their foreign keys.
TABLES = (
    "leagues",
    "sportsbooks",
    "venues",
    "game_id_mappings",
    "teams",
    "enhanced_games",
    "arbitrage_opportunities",
    "betting_lines_unified",
    "line_movements",
    "ml_features",
    "ml_market_analysis",
    "unified_betting_splits",
)


def upgrade() -> None:
    op.create_schema(SCHEMA, COMMENT)
    for table in TABLES:
        op.run_sql_file(f"baseline/{SCHEMA}/{table}.sql")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_schema(SCHEMA, COMMENT)
