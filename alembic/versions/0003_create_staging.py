"""create staging

One normalised row per line, split or game, the alias tables, and the rejected records.

Locks: the revision creates new tables only, so no session waits. Foreign keys take SHARE ROW
EXCLUSIVE on tables that this chain created.
Downgrade: drops the objects of this revision with their rows. It stops with SQLSTATE 2BP01 if
another user's objects depend on them.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None

SCHEMA = "staging"
COMMENT = "One normalised row per line, split or game, with lineage and quality (mlb_perf)"

# In the order of their foreign keys.
TABLES = (
    "betting_odds_unified",
    "betting_splits",
    "closing_queue",
    "compacted_games",
    "curation_queue",
    "games",
    "rejected_records",
    "sportsbook_aliases",
    "team_aliases",
)


def upgrade() -> None:
    op.create_schema(SCHEMA, COMMENT)
    for table in TABLES:
        op.run_sql_file(f"baseline/{SCHEMA}/{table}.sql")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_schema(SCHEMA, COMMENT)
