"""A downgrade stops before objects of others that need what it drops, and names them."""

from __future__ import annotations

import re

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.migrate.config import alembic_config
from mlb_perf.migrate.guard import check
from tests.support.catalogs import assert_same, catalog
from tests.support.databases import engine_on
from tests.support.heads import HEAD
from tests.support.sql import run

FOREIGN = {
    "inheriting table": (
        "CREATE TABLE public.child () INHERITS (curated.teams)",
        "table public.child",
        "DROP TABLE public.child",
    ),
    "function with a body in SQL": (
        (
            "CREATE FUNCTION public.f() RETURNS bigint BEGIN ATOMIC SELECT count(*) "
            "FROM curated.teams; END"
        ),
        "function public.f()",
        "DROP FUNCTION public.f()",
    ),
    "row type as a column": (
        "CREATE TABLE public.archive (team curated.teams)",
        "table column public.archive.team",
        "DROP TABLE public.archive",
    ),
    "default from a sequence of ours": (
        "CREATE TABLE public.mine (id bigint DEFAULT nextval('curated.teams_team_id_seq'))",
        "table column public.mine.id",
        "DROP TABLE public.mine",
    ),
    "policy elsewhere": (
        (
            "CREATE TABLE public.mine (a bigint); CREATE POLICY p ON public.mine "
            "USING (a IN (SELECT team_id FROM curated.teams))"
        ),
        "policy p on public.mine",
        "DROP TABLE public.mine",
    ),
    "collation": (
        "CREATE COLLATION curated.german (provider = libc, locale = 'C')",
        "collation curated.german",
        "DROP COLLATION curated.german",
    ),
    "materialized view": (
        "CREATE MATERIALIZED VIEW public.m AS SELECT name FROM curated.teams",
        "materialized view public.m",
        "DROP MATERIALIZED VIEW public.m",
    ),
    "extension": (
        "CREATE EXTENSION btree_gin SCHEMA curated",
        "extension btree_gin",
        "DROP EXTENSION btree_gin",
    ),
    "column with data": (
        "ALTER TABLE curated.teams ADD my_note text DEFAULT 'mine'",
        "column curated.teams.my_note",
        "ALTER TABLE curated.teams DROP my_note",
    ),
    "trigger": (
        (
            "CREATE FUNCTION public.t() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER mine BEFORE INSERT ON curated.teams EXECUTE FUNCTION public.t()"
        ),
        "trigger mine on curated.teams",
        "DROP TRIGGER mine ON curated.teams; DROP FUNCTION public.t()",
    ),
    "statistics": (
        "CREATE STATISTICS public.s ON location, nickname FROM curated.teams",
        "statistics object public.s",
        "DROP STATISTICS public.s",
    ),
    "publication": (
        "CREATE PUBLICATION p FOR TABLE curated.teams",
        "publication relation curated.teams in publication p",
        "DROP PUBLICATION p",
    ),
    "table in a schema of ours": (
        "CREATE TABLE raw_data.mine (a int); INSERT INTO raw_data.mine VALUES (1)",
        "table raw_data.mine",
        "DROP TABLE raw_data.mine",
    ),
    "view elsewhere": (
        "CREATE VIEW public.my_teams AS SELECT name FROM curated.teams",
        "view public.my_teams",
        "DROP VIEW public.my_teams",
    ),
    "view on a view of ours": (
        "CREATE VIEW public.mine AS SELECT * FROM performance_monitoring.index_usage",
        "view public.mine",
        "DROP VIEW public.mine",
    ),
    "function on a function of ours": (
        (
            "CREATE FUNCTION public.f() RETURNS double precision BEGIN ATOMIC "
            "SELECT performance_monitoring.category_target_ms('joins'); END"
        ),
        "function public.f()",
        "DROP FUNCTION public.f()",
    ),
    "foreign key elsewhere": (
        "CREATE TABLE public.notes (team_id bigint REFERENCES curated.teams (team_id))",
        "table constraint notes_team_id_fkey on public.notes",
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


@pytest.mark.parametrize(("make", "name", "remove"), FOREIGN.values(), ids=FOREIGN.keys())
def test_downgrade_stops_before_its_first_step(
    head: Engine, make: str, name: str, remove: str
) -> None:
    run(head, make)
    before = catalog(head)
    with pytest.raises(CommandError, match="nothing was changed") as caught:
        command.downgrade(alembic_config(), "base")
    assert name in str(caught.value)
    assert_same(catalog(head), before)
    run(head, remove)
    check_downgrade(head, "base")


def check_downgrade(engine: Engine, revision: str) -> None:
    """The steps from head, checked and not taken: downgrades are tests of their own."""
    steps = ScriptDirectory.from_config(alembic_config())._downgrade_revs(revision, HEAD)
    with engine.connect() as connection:
        check(connection, steps)


def test_temporary_view_of_a_session(head: Engine) -> None:
    """Only that session, or its end, removes the view: so the session is named."""
    named = engine_on(head.url.update_query_dict({"application_name": "a report"}))
    before = catalog(head)
    with named.connect() as session:
        pid = session.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        for table in ("curated.teams", "raw_data.odds_api_odds"):
            session.exec_driver_sql(f"CREATE TEMPORARY VIEW v AS SELECT * FROM {table}")
            session.commit()
            with pytest.raises(CommandError, match="nothing was changed") as caught:
                command.downgrade(alembic_config(), "base")
            assert re.search(r"needed by view pg_temp_\d+\.v, temporary", str(caught.value))
            assert f"pid {pid} ({head.url.username}, a report, idle)" in str(caught.value)
            assert f"SELECT pg_terminate_backend({pid})" in str(caught.value)
            session.exec_driver_sql("DROP VIEW v")
            session.commit()
        assert_same(catalog(head), before)
        session.exec_driver_sql("CREATE TEMPORARY VIEW v AS SELECT * FROM raw_data.odds_api_odds")
        session.commit()
        with pytest.raises(CommandError) as caught:
            command.downgrade(alembic_config(), "0020")  # which rebuilds the table
        assert f"pid {pid} ({head.url.username}, a report, idle)" in str(caught.value)
        run(head, f"SELECT pg_terminate_backend({pid}, 5000)")
        session.invalidate()
    check_downgrade(head, "0020")


def test_downgrade_of_another_schema_is_not_stopped(head: Engine) -> None:
    """A table in raw_data does not matter to a downgrade that keeps raw_data."""
    run(head, "CREATE TABLE raw_data.mine (a int)")
    check_downgrade(head, "0001")
    with pytest.raises(CommandError, match=r"table raw_data\.mine"):
        command.downgrade(alembic_config(), "base")


def test_downgrade_of_the_views_alone(head: Engine) -> None:
    """A revision without tables: what needs its views stops it as well."""
    run(head, "CREATE VIEW public.mine AS SELECT * FROM performance_monitoring.cache_hit")
    with pytest.raises(CommandError, match=r"view public\.mine.*nothing was changed"):
        command.downgrade(alembic_config(), "0007")
    run(head, "DROP VIEW public.mine")
    check_downgrade(head, "0007")
