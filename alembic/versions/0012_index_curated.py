"""index curated: openings, closings, steam, sharp action

Why: about one line in thirty is an opening or closing line. Partial covering indexes answer these
questions without the table; the same holds for steam and reverse movements. No index contains
last_seen_at or updated_at, which each repeated quote changes, so such an update writes no index.
created_at does not change and has BRIN: lines are written in its order. The indexes of games by
team and day also serve the foreign keys.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each build waits for older transactions, and names the one that blocks it.
Downgrade: drops them again, concurrently.
"""

from __future__ import annotations

from typing import Any

from alembic import op

revision = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None

# Built full: days are added at the end.
FLAGGED = {
    "include": ["source", "line_value", "price", "decimal_price"],
    "with_": "fillfactor = 100",
}

# name, table, columns, and what is particular to it
INDEXES: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("ix_enhanced_games_home_team", "enhanced_games", ["home_team_id", "game_date"], {}),
    ("ix_enhanced_games_away_team", "enhanced_games", ["away_team_id", "game_date"], {}),
    (
        "ix_betting_lines_unified_opening",
        "betting_lines_unified",
        ["game_date", "game_id", "market_type", "sportsbook_id", "side"],
        {**FLAGGED, "where": "is_opening"},
    ),
    (
        "ix_betting_lines_unified_closing",
        "betting_lines_unified",
        ["game_date", "game_id", "market_type", "sportsbook_id", "side"],
        {**FLAGGED, "where": "is_closing"},
    ),
    (
        "ix_betting_lines_unified_written",
        "betting_lines_unified",
        ["created_at"],
        {"using": "brin", "with_": "pages_per_range = 32, autosummarize = on"},
    ),
    ("ix_line_movements_steam", "line_movements", ["moved_at"], {"where": "is_steam_move"}),
    (
        "ix_line_movements_reverse",
        "line_movements",
        ["game_date"],
        {"where": "is_reverse_line_movement"},
    ),
    (
        "ix_unified_betting_splits_sharp",
        "unified_betting_splits",
        ["game_date"],
        {"where": "sharp_side IS NOT NULL"},
    ),
)


def upgrade() -> None:
    for name, table, columns, options in INDEXES:
        op.create_index_online(name, table, columns, schema="curated", **options)


def downgrade() -> None:
    for name, table, columns, options in reversed(INDEXES):
        op.drop_index_online(name, table, columns, schema="curated", **options)
