"""Foreign objects stay, and are named before anything is changed."""

from __future__ import annotations

import logging
import re

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.migrate.config import alembic_config
from mlb_perf.migrate.inclusion import include_name
from mlb_perf.models import metadata
from tests.support.catalogs import assert_same, catalog
from tests.support.sql import run


def test_view_of_the_same_name(empty: Engine) -> None:
    """Named before anything is made, as a table would be."""
    command.upgrade(alembic_config(), "0007")
    run(empty, "CREATE TABLE performance_monitoring.cache_hit (a int)")
    with pytest.raises(CommandError, match=r"already has performance_monitoring\.cache_hit"):
        command.upgrade(alembic_config(), "head")
    run(empty, "DROP TABLE performance_monitoring.cache_hit")
    command.upgrade(alembic_config(), "0008")


def test_schema_that_was_there_stays(empty: Engine) -> None:
    """A schema that another owner made is used, and is not dropped; nor are tables in it."""
    run(empty, "CREATE SCHEMA analytics; CREATE TABLE analytics.theirs (a int)")
    before = catalog(empty)
    command.upgrade(alembic_config(), "0007")
    command.downgrade(alembic_config(), "base")
    assert_same(catalog(empty), before)


def test_tables_of_the_same_names(empty: Engine) -> None:
    """Named before anything is made; with them out of the way the next run makes its own."""
    run(
        empty,
        "CREATE SCHEMA curated; CREATE TABLE curated.teams (a int);"
        "CREATE SCHEMA staging; CREATE VIEW staging.games AS SELECT 1 AS a",
    )
    before = catalog(empty)
    with pytest.raises(CommandError) as caught:
        command.upgrade(alembic_config(), "head")
    assert "already has curated.teams, staging.games, and its version table does not say" in str(
        caught.value
    )
    assert_same(catalog(empty), before)
    run(empty, "ALTER TABLE curated.teams RENAME TO old_teams; DROP VIEW staging.games")
    command.upgrade(alembic_config(), "0003")


def test_version_table_of_another_application(empty: Engine) -> None:
    """Another application's revision is not ours; the message says how to share a database."""
    run(empty, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                   "INSERT INTO alembic_version VALUES ('4b1c9f')")  # fmt: skip
    with pytest.raises(CommandError, match=r"alembic_version holds 4b1c9f.*set version_table"):
        command.upgrade(alembic_config(), "head")


def test_own_version_table(empty: Engine) -> None:
    """With ``version_table`` two applications share a database; downgrade leaves theirs alone."""
    run(empty, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                   "INSERT INTO alembic_version VALUES ('4b1c9f')")  # fmt: skip
    before = catalog(empty)
    config = alembic_config()
    config.set_main_option("version_table", "mlb_perf_version")
    command.upgrade(config, "0007")
    command.downgrade(config, "base")
    assert_same(catalog(empty), before)


def test_number_of_another_application(empty: Engine) -> None:
    """0007 in the version table of a database without our tables is not our 0007."""
    statements = """CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
    INSERT INTO alembic_version VALUES ('0007')"""
    run(empty, statements)
    expected = "alembic_version says 0007, but none of the tables"
    with pytest.raises(CommandError, match=expected):
        command.upgrade(alembic_config(), "head")
    with pytest.raises(CommandError, match=expected):
        command.current(alembic_config(), check_heads=True)
    with pytest.raises(CommandError, match=expected):
        command.downgrade(alembic_config(), "base")
    command.stamp(alembic_config(), "base", purge=True)
    command.upgrade(alembic_config(), "0001")


def test_autogenerate_leaves_objects_of_others_alone(
    head: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Their indexes and constraints on our tables are mentioned, as is a key that a rebuild kept.

    An index of ours that is missing, and one of a former revision that is back, are proposed.
    """
    run(
        head,
        "CREATE TABLE curated.keep_me (a int)",
        "CREATE INDEX ix_mine ON curated.teams (nickname)",
        "ALTER TABLE curated.line_movements ADD CONSTRAINT mlb_perf_referenced_7"
        " UNIQUE (game_id, game_date, movement_id)",
        "ALTER TABLE curated.teams ADD CONSTRAINT my_check CHECK (nickname <> '')",
    )
    with caplog.at_level(logging.INFO, "alembic.mlb_perf"):
        command.check(alembic_config())
    for named in ("curated.teams: index ix_mine", "mlb_perf_referenced_7", "constraint my_check"):
        assert re.search(f"{named} is not of mlb_perf, and stays", caplog.text), caplog.text
    run(head, "CREATE INDEX ix_ml_features_as_of ON curated.ml_features (as_of)")
    with pytest.raises(CommandError, match=r"remove_index.*ix_ml_features_as_of"):
        command.check(alembic_config())


@pytest.mark.parametrize(
    "kind", ["view", "materialized_view", "function", "grant_table", "trigger"]
)
def test_autogenerate_proposes_no_drop_of_other_objects(kind: str) -> None:
    """Which alembic_utils would do with all that it does not know."""
    parents = {"schema_name": "performance_monitoring", "table_name": f"Not applicable for {kind}"}
    assert not include_name("performance_monitoring.cache_hit", kind, parents)
    assert include_name("public.mine", kind, {**parents, "schema_name": "public"})


def test_create_all_leaves_a_schema_of_others_alone(empty: Engine) -> None:
    run(empty, "CREATE SCHEMA curated; COMMENT ON SCHEMA curated IS 'the administrator''s'")
    with empty.begin() as connection:
        metadata.create_all(connection)
        comment = connection.exec_driver_sql(
            "SELECT obj_description('curated'::regnamespace, 'pg_namespace')"
        ).scalar_one()
    assert comment == "the administrator's"
