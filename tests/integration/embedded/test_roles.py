"""The application's role is no superuser, in a new cluster and in one of an older version."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import OperationalError

from mlb_perf.embedded import EmbeddedServer, cluster, old_roles
from mlb_perf.embedded.cluster import ROLE, SUPERUSER
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import alembic_config
from mlb_perf.pipeline.sample import SCHEDULE
from tests.integration.embedded.support import ask, here
from tests.support.command_line import invoke
from tests.support.databases import engine_on
from tests.support.sql import rows, run

ROLES = "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1"
MAY = """
SELECT array_agg(g.rolname::text ORDER BY g.rolname) FROM pg_auth_members AS m
JOIN pg_roles AS g ON g.oid = m.roleid WHERE m.member = current_user::regrole
"""
TWO = [(ROLE, False, False), (SUPERUSER, True, True)]
FEW = "max_connections = 10\nsuperuser_reserved_connections = 3\nautovacuum_max_workers = 1\n"
# An older cluster: objects of each kind, in two databases, with an extension and a view of its.
OLD = (
    "CREATE EXTENSION pg_stat_statements SCHEMA public",
    "CREATE EXTENSION btree_gin SCHEMA public",
    'CREATE SCHEMA "Odd"',
    "CREATE TYPE \"Odd\".mood AS ENUM ('ok')",
    'CREATE DOMAIN "Odd".price AS numeric',
    'CREATE TYPE "Odd".span AS RANGE (subtype = integer)',
    'CREATE TYPE "Odd".pair AS (a integer, b integer)',
    'CREATE TABLE "Odd"."T x" (id bigserial PRIMARY KEY, day date, at "Odd".mood)',
    'CREATE STATISTICS "Odd".s (dependencies) ON id, day FROM "Odd"."T x"',
    'CREATE TABLE "Odd".p (day date) PARTITION BY RANGE (day)',
    'CREATE TABLE "Odd".p1 PARTITION OF "Odd".p FOR VALUES FROM (\'2026-01-01\') TO (maxvalue)',
    'CREATE VIEW "Odd".v AS SELECT * FROM "Odd"."T x"',
    'CREATE MATERIALIZED VIEW "Odd".m AS SELECT 1 AS one',
    'CREATE SEQUENCE "Odd".alone',
    "CREATE FUNCTION \"Odd\".f(int, VARIADIC text[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE PROCEDURE \"Odd\".d() LANGUAGE sql AS 'SELECT 1'",
    'CREATE AGGREGATE "Odd".total(integer) (sfunc = int4pl, stype = integer)',
    'INSERT INTO "Odd"."T x" (day) SELECT \'2026-01-01\'',
)
OF_SUPERUSER = """
SELECT 'type', typname FROM pg_type AS o WHERE typowner = 10 AND o.oid >= 16384
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = o.oid AND deptype IN ('e', 'i'))
UNION ALL SELECT 'relation', relname FROM pg_class AS o WHERE relowner = 10 AND o.oid >= 16384
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = o.oid AND deptype IN ('e', 'i'))
UNION ALL SELECT 'routine', proname FROM pg_proc AS o WHERE proowner = 10 AND o.oid >= 16384
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = o.oid AND deptype IN ('e', 'i'))
UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE nspowner = 10 AND oid >= 16384
    AND nspname !~ '^pg_'
UNION ALL SELECT 'statistics', stxname FROM pg_statistic_ext WHERE stxowner = 10
"""


def test_the_application_owns_its_database_and_no_more(server: EmbeddedServer) -> None:
    server.start()
    assert rows(engine_on(server.url()), ROLES) == TWO
    assert ask(server.url(), MAY) == ["pg_checkpoint", "pg_monitor"]
    owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'mlb_perf'"
    assert ask(server.url(), owner) == ROLE
    assert ask(server.url(superuser=True), "SELECT current_user") == SUPERUSER
    assert here("url", "--superuser").stdout.startswith(f"postgresql://{SUPERUSER}@/mlb_perf?")


def test_the_superuser_of_another_server_is_in_its_url(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MLB_PERF_DATABASE_URL", "postgresql://me@elsewhere/db")
    for words in (("url",), ("psql",)):
        with pytest.raises(ConfigurationError, match="MLB_PERF_DATABASE_URL says which role"):
            here(*words, "--superuser")


def test_reserved_connections_stay_reserved(server: EmbeddedServer) -> None:
    (server.home / "user.conf").write_text(FEW)
    server.start()
    with ExitStack() as held:
        for _ in range(7):
            held.enter_context(engine_on(server.url()).connect())
        with pytest.raises(OperationalError, match="connection slots are reserved"):
            engine_on(server.url()).connect()
        assert ask(server.url(superuser=True), "SELECT current_user") == SUPERUSER
        status = server.status()
        assert (status.running, status.statement_statistics) == (True, True)
        assert not server.start().restarted, "an own session was left"


def test_the_commands_need_no_superuser(server: EmbeddedServer) -> None:
    """Migrating, loading, promoting, maintenance, status, roles, a benchmark's database."""
    (server.home / "user.conf").write_text("fsync = off\nfull_page_writes = off\n")
    command.upgrade(alembic_config(), "head")
    assert invoke("load", SCHEDULE).exit_code == 0
    assert invoke("promote").exit_code == 0
    assert invoke("maintain").exit_code == 0
    status = invoke("status", "--all").output
    assert "GRANT" not in status, status
    assert "permission denied" not in status, status
    run(engine_on(server.url()), "CHECKPOINT")
    owner = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace IN"
    assert rows(engine_on(server.url()), f"{owner} ('curated'::regnamespace)") == [(ROLE,)]
    assert invoke("roles", "apply").exit_code == 0
    assert invoke("roles", "check").exit_code == 0
    command.downgrade(alembic_config(), "-1")
    command.upgrade(alembic_config(), "head")
    run(engine_on(server.url()), "CREATE DATABASE of_its_own", "DROP DATABASE of_its_own")


@pytest.fixture
def old(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedServer:
    """A running cluster as older versions made it, with objects in two databases."""
    with monkeypatch.context() as older:
        older.setattr(cluster, "SUPERUSER", ROLE)
        older.setattr("mlb_perf.embedded.startup._fill", lambda _: None)
        server = EmbeddedServer(new_home)
        server.start()
    run(engine_on(server.url("postgres")), "CREATE DATABASE mlb_perf", "CREATE DATABASE other")
    run(engine_on(server.url()), *OLD)
    run(engine_on(server.url("other")), "CREATE TABLE public.t AS SELECT 1 AS one")
    return server


def test_an_older_cluster_gets_two_roles(
    old: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: object, name: str) -> None:
        assert name != "other", "killed"

    assert rows(engine_on(old.url()), ROLES) == [(ROLE, True, True)]
    with monkeypatch.context() as patch:
        patch.setattr(old_roles, "_give", killed)
        with pytest.raises(AssertionError, match="killed"):
            old.start()
    assert ask(old.url(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True
    old.start()
    assert rows(engine_on(old.url()), ROLES) == TWO
    for name in ("mlb_perf", "other"):
        assert rows(engine_on(old.url(name)), OF_SUPERUSER) == []
    assert ask(old.url(), 'SELECT count(*) FROM "Odd".v') == 1
    run(engine_on(old.url()), 'DROP SCHEMA "Odd" CASCADE', "CREATE TABLE public.new (n integer)")
    run(engine_on(old.url("postgres")), "DROP DATABASE other")
    assert not old.start().restarted
