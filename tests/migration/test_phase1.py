"""Phase 1 with the real revisions: cut off by a kill, and gone on with."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from mlb_perf.migrate.config import alembic_config
from tests.support.catalogs import assert_same, catalog
from tests.support.processes import alembic, start
from tests.support.sql import rows, run
from tests.support.waiting import eventually

FIRST, LAST = "0010", "0019"
ROW = (
    "INSERT INTO raw_data.odds_api_odds (external_game_id, sportsbook_key, collected_at, payload) "
    "VALUES ('g', 'b', '2026-05-01', '{}')"
)
BUILDER = (
    "SELECT pid FROM pg_stat_progress_create_index "
    "WHERE index_relid = to_regclass('raw_data.ix_odds_api_odds_hot') "
    "AND datname = current_database() AND current_locker_pid <> 0"
)
INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"


@pytest.fixture
def before(empty: Engine) -> Engine:
    """The database as it was before phase 1."""
    first = ScriptDirectory.from_config(alembic_config()).get_revision(FIRST)
    assert first is not None
    assert isinstance(first.down_revision, str)
    command.upgrade(alembic_config(), first.down_revision)
    return empty


def test_a_killed_build_is_repaired_by_the_next_upgrade(
    before: Engine, pytestconfig: pytest.Config
) -> None:
    """A writer's transaction holds a build up; the builder's session is ended meanwhile."""
    with before.connect() as writer:
        writer.exec_driver_sql(ROW)
        process = start(alembic("upgrade", FIRST), cwd=pytestconfig.rootpath)
        eventually(lambda: rows(before, BUILDER) != [], seconds=60)
        run(before, f"SELECT pg_terminate_backend(pid) FROM ({BUILDER}) AS builder")
        _, said = process.communicate(timeout=60)
        assert process.returncode != 0
        assert "Traceback" not in said, said
        assert rows(before, INVALID) == [("raw_data.ix_odds_api_odds_hot",)]
        assert rows(before, "SELECT version_num FROM alembic_version") != [(FIRST,)]
        writer.rollback()

    process = start(alembic("upgrade", FIRST), cwd=pytestconfig.rootpath)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert rows(before, INVALID) == []
    repaired = catalog(before)
    command.downgrade(alembic_config(), "-1")
    command.upgrade(alembic_config(), FIRST)
    assert_same(repaired, catalog(before))
