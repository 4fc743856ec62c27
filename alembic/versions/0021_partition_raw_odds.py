"""partition raw odds by month

The largest feed, the odds of The Odds API, gets one partition per month of collected_at, in UTC, so
that a month can be dropped instead of deleted. Columns of fixed width come first, so that rows
have no padding (docs/storage.md).

Locks: op.rebuild_table takes SHARE ROW EXCLUSIVE for a moment at the start and ACCESS EXCLUSIVE
for the swap, both with the lock ladder. The copy locks rows for some 50 ms per batch. Readers and
writers continue.
Downgrade: the same with the shapes exchanged. Rows written since the upgrade are kept.
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision: str | None = "0020"
branch_labels = None
depends_on = None

_WIDE = "shapes/wide/raw_data/odds_api_odds.sql"
_PACKED = "shapes/packed/raw_data/odds_api_odds.sql"


def upgrade() -> None:
    op.rebuild_table("odds_api_odds", schema="raw_data", was=_WIDE, to=_PACKED)


def downgrade() -> None:
    op.rebuild_table("odds_api_odds", schema="raw_data", was=_PACKED, to=_WIDE)
