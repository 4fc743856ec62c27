"""An existing database: compared with the baseline, each difference listed, then stamped."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from mlb_perf.cli.app import app
from mlb_perf.errors import CatalogMismatch
from mlb_perf.migrate.config import BASELINE, alembic_config
from tests.support.heads import HEAD
from tests.support.sql import run

DIFFERENCES = {
    "missing index": (
        "DROP INDEX curated.ix_teams_home_venue_id",
        "missing: index curated.ix_teams_home_venue_id: CREATE INDEX",
    ),
    "other type": (
        "ALTER TABLE curated.enhanced_games ALTER season TYPE bigint",
        "differs: column curated.enhanced_games.season: is bigint; not null; should be integer",
    ),
    "missing table": (
        "DROP TABLE operational.alerts",
        "missing: table operational.alerts: plain",
    ),
    "looser CHECK": (
        """ALTER TABLE staging.games DROP CONSTRAINT ck_games_game_number,
        ADD CONSTRAINT ck_games_game_number CHECK (game_number > 0)""",
        "differs: constraint staging.games.ck_games_game_number: is CHECK ((game_number > 0))",
    ),
    "invalid index": (
        """UPDATE pg_index SET indisvalid = false
        WHERE indexrelid = 'curated.ix_teams_home_venue_id'::regclass""",
        "differs: index curated.ix_teams_home_venue_id",
    ),
}


def adopt(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["adopt", *arguments])


@pytest.fixture
def existing(empty: Engine) -> Engine:
    """A database of the baseline's shape that Alembic has never seen."""
    command.upgrade(alembic_config(), BASELINE)
    run(empty, "DROP TABLE alembic_version")
    return empty


def tables_in_public(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(
            connection.exec_driver_sql(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).scalar_one()
        )


def test_the_same_tables_are_adopted(existing: Engine) -> None:
    """``--check`` changes nothing; then the stamp; then upgrade goes on from there."""
    result = adopt("--check")
    assert (result.exit_code, result.output.count("is the baseline")) == (0, 1), result.output
    assert tables_in_public(existing) == 0
    assert adopt().exit_code == 0
    command.upgrade(alembic_config(), "head")
    command.check(alembic_config())


def test_schemas_in_the_search_path(existing: Engine) -> None:
    """The server then leaves them out of its definitions; that is no difference."""
    name = existing.url.database
    run(existing, f"ALTER DATABASE {name} SET search_path = curated, staging, public")
    assert "is the baseline" in adopt("--check").output
    run(existing, f"ALTER DATABASE {name} RESET search_path")


def test_autogenerate_with_schemas_in_the_search_path(head: Engine) -> None:
    name = head.url.database
    run(head, f"ALTER DATABASE {name} SET search_path = curated, staging, public")
    command.check(alembic_config())


@pytest.mark.parametrize(("change", "line"), DIFFERENCES.values(), ids=DIFFERENCES.keys())
def test_each_difference_is_listed(existing: Engine, change: str, line: str) -> None:
    run(existing, change)
    for arguments in (["--check"], []):
        result = adopt(*arguments)
        assert isinstance(result.exception, CatalogMismatch)
        assert line in result.output
        assert "differences, listed above" in str(result.exception)
        assert tables_in_public(existing) == 0


def test_grants_comments_and_other_tables_do_not_matter(existing: Engine) -> None:
    """They are listed, and the database is adopted all the same."""
    run(
        existing,
        "GRANT SELECT ON curated.teams TO PUBLIC; COMMENT ON TABLE curated.venues IS NULL;"
        "CREATE TABLE curated.mine (a int)",
    )
    result = adopt("--check")
    assert result.exit_code == 0, result.output
    for line in (
        "not ours: privileges on table curated.teams",
        "missing: comment on table curated.venues",
        "not ours: table curated.mine",
    ):
        assert line in result.output


def test_empty_database_is_not_compared_line_by_line(empty: Engine) -> None:
    result = adopt("--check")
    assert isinstance(result.exception, CatalogMismatch)
    assert "has none of the baseline's tables; create them with `mlb-perf" in str(result.exception)
    assert result.output == ""
    assert tables_in_public(empty) == 0


def test_managed_database_is_not_adopted_again(head: Engine) -> None:
    for arguments in (["--check"], []):
        result = adopt(*arguments)
        assert isinstance(result.exception, CatalogMismatch)
        assert f"is already managed: its version table holds {HEAD}" in str(result.exception)
    with head.connect() as connection:
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert version == HEAD


def test_missing_table_is_one_line(existing: Engine) -> None:
    run(existing, "DROP TABLE operational.alerts")
    lines = [line for line in adopt("--check").output.splitlines() if "alerts" in line]
    assert lines == ["  missing: table operational.alerts: plain"]


def test_rows_are_kept(existing: Engine) -> None:
    """The reference rows join those that are there, by natural key; ids stay."""
    run(
        existing,
        "INSERT INTO curated.leagues (league_id, code, name, sport)"
        "    VALUES (77, 'MLB', 'Big leagues', 'baseball');"
        "INSERT INTO curated.teams (team_id, league_id, abbreviation, name, location, nickname,"
        "    conference, division)"
        "    VALUES (990, 77, 'NYY', 'Yankees of ours', 'New York', 'Yankees', 'AL', 'East')",
    )
    assert adopt().exit_code == 0
    command.upgrade(alembic_config(), "0007")
    with existing.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT t.team_id, t.name, count(a.alias) > 5 FROM curated.teams t "
            "JOIN staging.team_aliases a USING (team_id) WHERE abbreviation = 'NYY' GROUP BY 1, 2"
        ).all()
        count = connection.exec_driver_sql("SELECT count(*) FROM curated.teams").scalar_one()
    assert rows == [(990, "Yankees of ours", True)]
    assert count == 32  # 30 and the two sides of the all-star game
