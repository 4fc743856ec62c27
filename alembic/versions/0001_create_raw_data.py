"""create raw_data

Responses of the feeds as they were received: a JSONB payload per game,
sportsbook and moment. The natural key is the primary key, so that loading the
same response twice adds nothing.

Locks: new tables only, so nobody waits; foreign keys take SHARE ROW EXCLUSIVE
on tables that this chain made.
The downgrade drops what this revision made, with its rows, and stops with
SQLSTATE 2BP01 where somebody else's objects depend on it.
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
