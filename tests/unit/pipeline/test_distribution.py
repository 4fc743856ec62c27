"""Errors of Citus' workers, as they were recorded: no constraint's name and no table's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mlb_perf.distribution import lacks_partition, partition_key

ROW = "Failing row contains (a, 1, b, x, y, null, 2026-11-29 03:26:11.844216+00, 0.000, odd)."
KEY = "Partition key of the failing row contains (collected_at) = (2016-12-03 00:00:00+00)."
OF_A_SHARD = 'no partition of relation "odds_api_odds_102066" found for row'


def error(state: str, message: str, detail: str | None, **names: str) -> Any:
    """What is read of a psycopg2 error, whose own attributes cannot be set."""
    diag = {"message_primary": message, "message_detail": detail, "constraint_name": None,
            "table_name": None, **names}  # fmt: skip
    return SimpleNamespace(pgcode=state, diag=SimpleNamespace(**diag))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (error("23514", OF_A_SHARD, KEY), True),
        (error("23514", 'new row for relation "games_102174" violates check constraint "x"', ROW),
         False),
        (error("23505", 'duplicate key value violates "pk_102074"', "Key (a)=(b) exists."), False),
        (error("23514", "no partition", KEY, table_name="odds_api_odds"), True),
        (error("23514", "violates", ROW, table_name="games", constraint_name="ck"), False),
    ],
    ids=["month of a shard", "check of a shard", "duplicate", "month", "check"],
)  # fmt: skip
def test_a_missing_month_is_no_check(given: Any, expected: bool) -> None:
    assert lacks_partition(given) is expected


def test_the_moment_of_a_missing_month() -> None:
    assert partition_key(error("23514", OF_A_SHARD, KEY)) == "2016-12-03 00:00:00+00"
    assert partition_key(error("23514", "violates", ROW)) is None
    assert partition_key(error("23514", OF_A_SHARD, None)) is None
