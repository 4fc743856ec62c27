"""What is in the tables of a database, so that two databases can be compared."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Engine

from mlb_perf.models import metadata
from tests.support.sql import rows

COMPARED = ("raw_data", "staging", "curated", "analytics")

# Drawn from a sequence, or the time of writing.
_OF_WRITING = {
    "odds_id", "line_id", "movement_id", "opportunity_id", "split_id", "staging_game_id",
    "rejection_id", "created_at", "updated_at", "ingested_at", "processed_at", "queued_at",
    "rejected_at", "first_rejected_at",
}  # fmt: skip


def contents(engine: Engine) -> dict[str, Counter[str]]:
    """The rows of each table as texts, without what each write sets."""
    return {
        table.fullname: Counter(
            row for (row,) in rows(
                engine,
                f"SELECT (to_jsonb(t) - '{{{','.join(sorted(_OF_WRITING))}}}'::text[])::text"
                f" FROM {table.fullname} AS t",
            )
        )
        for table in metadata.tables.values() if table.schema in COMPARED
    }  # fmt: skip


def differences(one: dict[str, Counter[str]], other: dict[str, Counter[str]]) -> dict[str, object]:
    """Per table up to three rows that only one of them has."""
    return {
        table: (list(one[table] - other[table])[:3], list(other[table] - one[table])[:3])
        for table in one if one[table] != other[table]
    }  # fmt: skip
