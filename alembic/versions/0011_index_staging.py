"""index staging by time, suspicion and rejection

Why: the valid quotes of an hour are one range of a partial index, in which equal times share an
entry. It is built full, because quotes are added at its end. With source and market before the
time, the index takes 2.5 times the bytes. Suspect quotes and unresolved rejections are few and
have partial indexes of their own; the one on rejections contains all columns that their count
needs. Promotion looks for earlier rejections of each row that it promotes: by game and moment,
because a feed whose book nobody knows adds some at each poll. A load looks for each malformed
record by the hash of its text: many have no id of a game, and all of those would be read. A part
of a payload that promotion rejects may have that key, too, and be longer than an index can hold.

Locks: SHARE UPDATE EXCLUSIVE on one table at a time, which does not block readers or writers.
Each build waits for older transactions, and names the one that blocks it.
Downgrade: drops them again, concurrently.
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
        "ix_betting_odds_unified_valid",
        "betting_odds_unified",
        ["collected_at"],
        {"where": "validation_status = 'valid'", "with_": "fillfactor = 100"},
    ),
    (
        "ix_betting_odds_unified_suspect",
        "betting_odds_unified",
        ["collected_at"],
        {"where": "validation_status = 'suspect'"},
    ),
    (
        "ix_rejected_records_standing",
        "rejected_records",
        ["reason_code", "rejected_at"],
        {"include": ["source"], "where": "resolved_at IS NULL"},
    ),
    (
        "ix_rejected_records_snapshot",
        "rejected_records",
        ["external_game_id", "collected_at"],
        {},
    ),
    (
        "ix_rejected_records_malformed",
        "rejected_records",
        ["external_game_id", "(left(record ->> 'sha256', 64))"],
        {"where": "left(record ->> 'sha256', 64) IS NOT NULL"},
    ),
)


def upgrade() -> None:
    for name, table, columns, options in INDEXES:
        op.create_index_online(name, table, columns, schema="staging", **options)


def downgrade() -> None:
    for name, table, columns, options in reversed(INDEXES):
        op.drop_index_online(name, table, columns, schema="staging", **options)
