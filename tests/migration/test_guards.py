"""What is somebody else's stays, and is named before anything is changed."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.migrate.catalog import differences, read_catalog
from mlb_perf.migrate.config import alembic_config

FOREIGN = {
    "table in a schema of ours": (
        "CREATE TABLE raw_data.mine (a int); INSERT INTO raw_data.mine VALUES (1)",
        "table raw_data.mine",
        "DROP TABLE raw_data.mine",
    ),
    "view elsewhere": (
        "CREATE VIEW public.my_teams AS SELECT name FROM curated.teams",
        "view my_teams",
        "DROP VIEW public.my_teams",
    ),
    "foreign key elsewhere": (
        "CREATE TABLE public.notes (team_id bigint REFERENCES curated.teams (team_id))",
        "foreign key notes_team_id_fkey of notes",
        "DROP TABLE public.notes",
    ),
    "function": (
        "CREATE FUNCTION analytics.one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "function analytics.one()",
        "DROP FUNCTION analytics.one()",
    ),
    "enum": (
        "CREATE TYPE curated.colour AS ENUM ('red')",
        "type curated.colour",
        "DROP TYPE curated.colour",
    ),
    "sequence": (
        "CREATE SEQUENCE operational.numbers",
        "sequence operational.numbers",
        "DROP SEQUENCE operational.numbers",
    ),
}


def run_sql(engine: Engine, statements: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statements)


@pytest.mark.parametrize(("make", "name", "remove"), FOREIGN.values(), ids=FOREIGN.keys())
def test_downgrade_stops_before_its_first_step(
    head: Engine, make: str, name: str, remove: str
) -> None:
    run_sql(head, make)
    with head.connect() as connection:
        before = read_catalog(connection)
    with pytest.raises(CommandError, match="nothing was changed") as caught:
        command.downgrade(alembic_config(), "base")
    assert name in str(caught.value)
    with head.connect() as connection:
        assert "\n".join(differences(read_catalog(connection), before)) == ""
    run_sql(head, remove)
    command.downgrade(alembic_config(), "base")


def test_downgrade_of_another_schema_is_not_stopped(head: Engine) -> None:
    """A table in raw_data does not matter to a downgrade that keeps raw_data."""
    run_sql(head, "CREATE TABLE raw_data.mine (a int)")
    command.downgrade(alembic_config(), "0001")
    with pytest.raises(CommandError, match=r"table raw_data\.mine"):
        command.downgrade(alembic_config(), "base")


def test_schema_that_was_there_stays(empty: Engine) -> None:
    """A schema that somebody else made is used, and is not dropped; nor are tables in it."""
    run_sql(empty, "CREATE SCHEMA analytics; CREATE TABLE analytics.theirs (a int)")
    with empty.connect() as connection:
        before = read_catalog(connection)
    command.upgrade(alembic_config(), "head")
    command.downgrade(alembic_config(), "base")
    with empty.connect() as connection:
        assert "\n".join(differences(read_catalog(connection), before)) == ""


def test_tables_of_the_same_names(empty: Engine) -> None:
    """Named before anything is made; with them out of the way the next run reaches head."""
    run_sql(
        empty,
        "CREATE SCHEMA curated; CREATE TABLE curated.teams (a int);"
        "CREATE SCHEMA staging; CREATE VIEW staging.games AS SELECT 1 AS a",
    )
    with empty.connect() as connection:
        before = read_catalog(connection)
    with pytest.raises(CommandError) as caught:
        command.upgrade(alembic_config(), "head")
    assert "already has curated.teams, staging.games, which mlb_perf did not make" in str(
        caught.value
    )
    with empty.connect() as connection:
        assert "\n".join(differences(read_catalog(connection), before)) == ""
    run_sql(empty, "ALTER TABLE curated.teams RENAME TO old_teams; DROP VIEW staging.games")
    command.upgrade(alembic_config(), "head")


def test_version_table_of_another_application(empty: Engine) -> None:
    """Another application's revision is not ours; the message says how to share a database."""
    run_sql(empty, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                   "INSERT INTO alembic_version VALUES ('4b1c9f')")  # fmt: skip
    with pytest.raises(CommandError, match=r"alembic_version holds 4b1c9f.*set version_table"):
        command.upgrade(alembic_config(), "head")


def test_own_version_table(empty: Engine) -> None:
    """With ``version_table`` two applications share a database; downgrade leaves theirs alone."""
    run_sql(empty, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                   "INSERT INTO alembic_version VALUES ('4b1c9f')")  # fmt: skip
    with empty.connect() as connection:
        before = read_catalog(connection)
    config = alembic_config()
    config.set_main_option("version_table", "mlb_perf_version")
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    with empty.connect() as connection:
        assert "\n".join(differences(read_catalog(connection), before)) == ""
