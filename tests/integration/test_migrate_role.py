"""A login of the group that migrates goes down and up, in databases that others have migrated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf import roles
from mlb_perf.migrate.config import alembic_config
from mlb_perf.schemas import MIGRATE_ROLE
from tests.integration.pipeline.live import polls, store
from tests.integration.support import remove_roles
from tests.support.command_line import invoke
from tests.support.databases import engine_on, speak_to
from tests.support.sql import rows, run

ONE, ANOTHER, FIRST_OWNER = LOGINS = ("one_migrates", "another_migrates", "first_owner")
OCTOBER = ("--from", "2026-10", "--to", "2026-10")
OWNERS = """
SELECT DISTINCT o.rolname::text FROM (
    SELECT nspowner AS owner FROM pg_namespace WHERE nspname = ANY (ARRAY[{schemas}])
    UNION ALL SELECT relowner FROM pg_class WHERE relname = 'alembic_version'
    UNION ALL SELECT relowner FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (ARRAY[{schemas}])
    UNION ALL SELECT proowner FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname = ANY (ARRAY[{schemas}])
    UNION ALL SELECT stxowner FROM pg_statistic_ext
) AS found JOIN pg_roles AS o ON o.oid = found.owner
""".replace("{schemas}", ", ".join(f"'{schema}'" for schema in roles.SCHEMAS))
OF_GROUP = [(MIGRATE_ROLE,)]


@pytest.fixture
def migrated(head: Engine) -> Iterator[Engine]:
    """A database that a superuser has migrated, and logins that have nothing in it."""
    run(head, *(f"CREATE ROLE {name} LOGIN" for name in LOGINS))
    yield head
    run(head, f"ALTER DATABASE {head.url.database} OWNER TO CURRENT_USER")
    remove_roles(head)
    for name in LOGINS:
        run(head, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def test_where_a_superuser_migrated(migrated: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """With rows, so that tables are rebuilt online; and a month that a member makes."""
    for poll in polls(5):
        store(migrated, poll)
    assert invoke("promote").exit_code == 0
    invoke("roles", "apply")
    run(migrated, f"GRANT {MIGRATE_ROLE} TO {ONE}, {ANOTHER}")
    assert rows(migrated, OWNERS) == OF_GROUP
    _speak_as(ONE, migrated, monkeypatch)
    command.downgrade(alembic_config(), "0022")
    _speak_as(ANOTHER, migrated, monkeypatch)
    command.upgrade(alembic_config(), "head")
    command.check(alembic_config())
    assert invoke("partitions", "apply", "raw_data.odds_api_odds", *OCTOBER).exit_code == 0
    assert rows(migrated, OWNERS) == OF_GROUP
    speak_to(migrated.url, monkeypatch)  # a superuser migrates as the group
    command.downgrade(alembic_config(), "-1")
    command.upgrade(alembic_config(), "head")
    assert rows(migrated, OWNERS) == OF_GROUP


def test_where_another_owner_migrated(migrated: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives its tables to the group, stays a member, and need not be a superuser."""
    _give(migrated, FIRST_OWNER)
    _speak_as(FIRST_OWNER, migrated, monkeypatch)
    assert invoke("roles", "apply").exit_code == 0
    assert invoke("roles", "check").exit_code == 0
    assert rows(migrated, OWNERS) == OF_GROUP
    command.downgrade(alembic_config(), "base")
    run(migrated, f"GRANT {MIGRATE_ROLE} TO {ONE}")
    _speak_as(ONE, migrated, monkeypatch)
    command.upgrade(alembic_config(), "head")
    assert rows(migrated, OWNERS) == OF_GROUP
    assert invoke("roles", "apply").exit_code == 0
    assert invoke("roles", "check").exit_code == 0
    for statement in ("CREATE ROLE x", "ALTER SYSTEM SET jit = off", "CREATE DATABASE x",
                      "CREATE EXTENSION file_fdw"):  # fmt: skip
        with pytest.raises(DBAPIError, match=r"[Pp]ermission denied"):
            run(engine_on(migrated.url.set(username=ONE)), statement)


def _speak_as(login: str, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_to(engine.url.set(username=login), monkeypatch)


def _give(engine: Engine, owner: str) -> None:
    """All of the package's belongs to a role that is not a superuser, and may make roles."""
    version_table = {"version_table": "alembic_version", "version_table_schema": "public"}
    with engine.begin() as connection:
        things = roles.read_state(connection, version_table).not_owned
    run(engine, f"ALTER ROLE {owner} CREATEROLE",
        f"GRANT pg_monitor TO {owner} WITH ADMIN OPTION",
        f"ALTER DATABASE {engine.url.database} OWNER TO {owner}",
        *(f"ALTER {thing} OWNER TO {owner}" for thing in things))  # fmt: skip
