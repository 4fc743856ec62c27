"""A connection through a pooler is refused, and leaves nothing behind in the pool."""

from __future__ import annotations

import os

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import URL, Engine

from mlb_perf.bench.tools import pooler
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate import session
from mlb_perf.migrate.config import alembic_config
from mlb_perf.pipeline.promote.session import promoting
from tests.support.databases import engine_on, speak_to
from tests.support.sql import rows, value

has_pooler = pytest.mark.skipif(pooler.program() is None, reason="PgBouncer is not installed")
LOCKS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"


@has_pooler
def test_a_pooler_that_ignores_settings(head: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with pooler.pooled(head.url) as through:
        speak_to(through, monkeypatch)
        for move, target in ((command.upgrade, "head"), (command.downgrade, "0007")):
            with pytest.raises(CommandError, match=r"has not taken .*lock_timeout.*directly"):
                move(alembic_config(), target)
        assert rows(head, LOCKS) == []
    speak_to(head.url, monkeypatch)
    command.upgrade(alembic_config(), "head")


@has_pooler
def test_a_pooler_whose_backend_does_not_change(head: Engine) -> None:
    """With one client each transaction has the same backend, until a second client comes."""
    with pooler.pooled(head.url) as through:
        config = alembic_config()
        config.attributes["connection"] = engine = engine_on(through)
        with pytest.raises(CommandError, match=r"share a backend.*pool_mode.*directly"):
            command.downgrade(config, "0025")
        assert rows(head, LOCKS) == []
        assert rows(engine, "SHOW lock_timeout") == [("0",)]
        with pytest.raises(ConfigurationError, match=r"share a backend"):
            _promotes(through)


def _promotes(url: URL) -> None:
    with promoting(url) as connection:
        limits = "name LIKE '%%\\_timeout' AND name ~ '^(statement|idle_in|transaction)_'"
        found = connection.exec_driver_sql(
            f"SELECT name, setting FROM pg_settings WHERE {limits} AND setting <> '0'"
        )
        assert found.all() == []


def test_a_session_that_changes_its_backend(head: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """As each transaction does through a pooler whose pool has other clients."""
    pids = iter((1, 2, 1))
    monkeypatch.setattr(session, "_pid", lambda _: next(pids))
    with head.connect() as connection, pytest.raises(ConfigurationError, match=r"pool_mode"):
        session.require(connection, {})


def test_settings_of_a_role(head: Engine) -> None:
    """Limits of its own end no copy: none of them holds in the session of a migration."""
    role = f"impatient{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    with head.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"DROP ROLE IF EXISTS {role}")
        connection.exec_driver_sql(f"CREATE ROLE {role} SUPERUSER LOGIN")
        limits = ["statement_timeout", "idle_in_transaction_session_timeout"]
        if value(head, "SELECT current_setting('server_version_num')::int") >= 170000:
            limits.append("transaction_timeout")
        for limit in limits:
            connection.exec_driver_sql(f"ALTER ROLE {role} SET {limit} = '300ms'")
        try:
            _promotes(head.url.set(username=role))
            _migrates(head, role)
        finally:
            connection.exec_driver_sql(f"REASSIGN OWNED BY {role} TO CURRENT_USER")
            connection.exec_driver_sql(f"DROP ROLE {role}")


def _migrates(head: Engine, role: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        speak_to(head.url.set(username=role), patch)
        command.downgrade(alembic_config(), "0020")
        command.upgrade(alembic_config(), "head")
    engine = engine_on(head.url.set(username=role))
    with engine.connect() as connection:
        session.without_transaction_timeout(connection)
        found = connection.exec_driver_sql(
            "SELECT name FROM pg_settings WHERE name = 'transaction_timeout' AND setting <> '0'"
        )
        assert found.all() == []
    engine.dispose()
