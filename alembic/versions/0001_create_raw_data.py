"""create raw_data

Responses of the feeds as they were received: one JSONB payload per game, sportsbook and moment.
The natural key is the primary key, so loading the same response twice adds nothing.

Locks: the revision creates new tables only, so no session waits. Foreign keys take SHARE ROW
EXCLUSIVE on tables that this chain created.
Downgrade: drops the objects of this revision with their rows. It stops with SQLSTATE 2BP01 if
another user's objects depend on them.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

SCHEMA = "raw_data"
COMMENT = "Responses of the feeds as they were received (mlb_perf)"

# In the order of their foreign keys.
TABLES = (
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


def upgrade() -> None:
    op.create_schema(SCHEMA, COMMENT)
    for table in TABLES:
        op.run_sql_file(f"baseline/{SCHEMA}/{table}.sql")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_schema(SCHEMA, COMMENT)
