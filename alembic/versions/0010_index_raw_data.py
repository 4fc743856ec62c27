"""index raw_data by queue and by arrival

Why: the hot queue, which the baseline's index on processed_at holds among all cold
rows, becomes a partial index of hot rows alone. Rows arrive in the order of their
time, so BRIN answers what came in an hour or a day from a few pages. There is no
GIN index over payload: it halves the rate of ingestion (docs/indexes.md).

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which no reader and no writer
waits for; each build waits for the transactions that are older than itself,
and names the one that holds it up.
The downgrade drops them again, concurrently.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

SCHEMA = "raw_data"
FEEDS = (
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
# Those with enough rows a day for a scan to cost anything.
BY_ARRIVAL = ("action_network_odds", "odds_api_odds", "sbd_splits", "vsin_splits")
HOT = {"schema": SCHEMA, "where": "processed_at IS NULL"}
BRIN = {"schema": SCHEMA, "using": "brin", "with_": "pages_per_range = 32, autosummarize = on"}


def upgrade() -> None:
    for table in FEEDS:
        op.create_index_online(f"ix_{table}_hot", table, ["collected_at"], **HOT)
    for table in BY_ARRIVAL:
        op.create_index_online(f"ix_{table}_arrival", table, ["collected_at"], **BRIN)


def downgrade() -> None:
    for table in BY_ARRIVAL:
        op.drop_index_online(f"ix_{table}_arrival", table, ["collected_at"], **BRIN)
    for table in FEEDS:
        op.drop_index_online(f"ix_{table}_hot", table, ["collected_at"], **HOT)
