"""index staging by arrival, quality and rejection

Why: the quotes of an hour by BRIN; suspect quotes and standing rejections, which are
few, by partial indexes; games by day and quality; and what a rejected record
contains by GIN, which stands here because rejections are few and no feed waits
for them.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which no reader and no writer
waits for; each build waits for the transactions that are older than itself,
and names the one that holds it up.
The downgrade drops them again, concurrently.
"""

from __future__ import annotations

from typing import Any

from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None

# name, table, columns, and what is particular to it
INDEXES: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    (
        "ix_betting_odds_unified_arrival",
        "betting_odds_unified",
        ["collected_at"],
        {"using": "brin", "with_": "pages_per_range = 32, autosummarize = on"},
    ),
    (
        "ix_betting_odds_unified_suspect",
        "betting_odds_unified",
        ["collected_at"],
        {"where": "validation_status = 'suspect'"},
    ),
    ("ix_games_quality", "games", ["game_date", "data_quality_score"], {}),
    (
        "ix_rejected_records_standing",
        "rejected_records",
        ["reason_code", "rejected_at"],
        {"include": ["source"], "where": "resolved_at IS NULL"},
    ),
    ("ix_rejected_records_record", "rejected_records", ["record jsonb_path_ops"], {"using": "gin"}),
)


def upgrade() -> None:
    for name, table, columns, options in INDEXES:
        op.create_index_online(name, table, columns, schema="staging", **options)


def downgrade() -> None:
    for name, table, columns, options in reversed(INDEXES):
        op.drop_index_online(name, table, columns, schema="staging", **options)
