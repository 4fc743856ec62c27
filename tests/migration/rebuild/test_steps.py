"""Which rebuild has been done: of several in one revision, and outside of this package's own."""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine

from mlb_perf.errors import MigrationFailed
from mlb_perf.journal import JOURNAL
from mlb_perf.online.environment import shared
from tests.migration.rebuild.shop import (
    HASHED,
    MONTHS,
    PLAIN,
    ROWS,
    leftovers,
    make,
    rebuild,
    repaired,
)
from tests.support.sql import rows, value

KEY = "SELECT pg_get_partkeydef('shop.line'::regclass)"
SWAPS = (
    "SELECT count(*) FROM performance_monitoring.optimization_log"
    " WHERE operation = 'swap_table' AND object_name = 'shop.line'"
)


def test_two_rebuilds_of_one_table_in_one_revision(head: Engine) -> None:
    """Both run; the second is interrupted, and the next run skips the first and goes on."""
    make(head, 600)
    before = rows(head, ROWS)
    rebuild(head, PLAIN, MONTHS)
    assert value(head, KEY) == "RANGE (seen_at)"
    with head.connect() as idle:
        idle.exec_driver_sql("SELECT FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed, match="could not acquire the ACCESS EXCLUSIVE lock"):
            rebuild(head, MONTHS, HASHED, seconds=0.2)
    rebuild(head, PLAIN, MONTHS)
    assert value(head, KEY) == "RANGE (seen_at)"
    rebuild(head, MONTHS, HASHED)
    assert value(head, KEY) == "HASH (game)"
    assert value(head, SWAPS) == 2
    for was, to in ((PLAIN, MONTHS), (MONTHS, HASHED)):  # the revision runs again
        rebuild(head, was, to)
    assert (value(head, KEY), value(head, SWAPS)) == ("HASH (game)", 2)
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (before, [], [])


def test_another_rebuild_of_the_table_is_unfinished(head: Engine) -> None:
    make(head, 600)
    with head.connect() as idle:
        idle.exec_driver_sql("SELECT FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed):
            rebuild(head, PLAIN, MONTHS, seconds=0.2)
    with pytest.raises(MigrationFailed, match=r"shop.line is being rebuilt by .*9999 \(verified\)"):
        rebuild(head, PLAIN, HASHED)
    rebuild(head, PLAIN, MONTHS)
    assert leftovers(head) == []


def test_a_stranger_holds_the_key_of_the_table(head: Engine) -> None:
    """Any role that can connect may: the wait ends with the patience, and names the session."""
    make(head, 6)
    with head.connect() as stranger:
        key = "hashtextextended('mlb_perf shop.line', 0)"
        pid = stranger.exec_driver_sql(f"SELECT pg_backend_pid(), pg_advisory_lock({key})").scalar()
        with pytest.raises(MigrationFailed, match=rf"by pid {pid} of \S+; .*_backend\({pid}\)\)"):
            rebuild(head, PLAIN, MONTHS, seconds=0.2)
    rebuild(head, PLAIN, MONTHS)


def test_outside_of_the_environment(head: Engine) -> None:
    """Alembic's plain context knows no revision; up, down and up again each do their work."""
    key = "SELECT pg_get_partkeydef('raw_data.odds_api_odds'::regclass)"
    shapes = ("shapes/packed/raw_data/odds_api_odds.sql", "shapes/wide/raw_data/odds_api_odds.sql")
    for was, to, expected in (
        (*shapes, None),
        (*reversed(shapes), "RANGE (collected_at)"),
        (*shapes, None),
        (*reversed(shapes), "RANGE (collected_at)"),
    ):
        with head.connect() as connection:
            context = MigrationContext.configure(connection, opts=shared(journal=JOURNAL))
            with context.begin_transaction(_per_migration=True):
                operations: object = Operations(context)
                operations.rebuild_table("odds_api_odds", schema="raw_data", was=was, to=to)  # type: ignore[attr-defined]
        assert value(head, key) == expected
        assert leftovers(head) == []
