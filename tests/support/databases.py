"""The server of the tests, and databases on it: templates, copies and engines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from alembic import command
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.migrate.config import alembic_config
from mlb_perf.settings import URL_VARIABLE, parse_url
from mlb_perf.testing import SERVER_VARIABLE, SETTINGS, temporary_server
from tests.support.months import make_months
from tests.support.sql import run

TEST_URL_VARIABLE = SERVER_VARIABLE

needs_embedded_server = pytest.mark.skipif(
    TEST_URL_VARIABLE in os.environ, reason=f"{TEST_URL_VARIABLE} names another server"
)

# Subscribers are tested. Autovacuum is on, as status wants it.
FOR_TESTS = SETTINGS + "wal_level = logical\n"


@dataclass(frozen=True)
class Server:
    """The attributes that pytest-postgresql reads of a server."""

    host: str
    port: int
    user: str
    password: str | None
    maintenance_dbname: str
    options: str = ""
    template_dbname: str | None = None

    def url(self, database: str) -> URL:
        """The address of a database; a host that is a path is a socket's directory."""
        return url_of(self.host, self.port, self.user, self.password, database)


def url_of(host: str, port: int, user: str, password: str | None, database: str) -> URL:
    """The address of a database, for psycopg2."""
    where = {"query": {"host": host}} if host.startswith("/") else {"host": host}
    return URL.create(
        "postgresql+psycopg2", user, password or None, port=port, database=database, **where
    )


def embedded_server(
    prefix: str, settings: str = FOR_TESTS
) -> AbstractContextManager[EmbeddedServer]:
    """A server of its own in a temporary folder, gone with its data after the block."""
    return temporary_server(prefix, settings)


@contextmanager
def running_server() -> Iterator[Server]:
    """The server that ``MLB_PERF_TEST_DATABASE_URL`` names, or an embedded one."""
    if given := os.environ.get(TEST_URL_VARIABLE):
        yield _server_at(parse_url(given, TEST_URL_VARIABLE))
        return
    with embedded_server("mlb_perf_test_") as server:
        # The tests make roles, tablespaces and event triggers.
        yield _server_at(server.url(superuser=True))


def _server_at(url: URL) -> Server:
    host = url.host or url.query.get("host") or "localhost"
    port = url.port or url.query.get("port") or 5432
    assert isinstance(host, str)
    assert isinstance(port, str | int)
    return Server(host, int(port), url.username or "postgres", url.password, str(url.database))


def load_head(host: str, port: str, user: str, dbname: str, password: str, **_: Any) -> None:
    """Fill a template: the newest revision, and the months of the tests' rows."""
    url = url_of(host, int(port), user, password, dbname)
    upgrade(url, "head")
    engine = engine_on(url)
    with engine.begin() as connection:
        make_months(connection)


def upgrade(url: URL, revision: str) -> None:
    """``alembic upgrade`` of a database that the commands of the test do not speak to."""
    with pytest.MonkeyPatch.context() as patch:
        speak_to(url, patch)
        command.upgrade(alembic_config(), revision)


def speak_to(url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this the database of all commands."""
    monkeypatch.setenv(URL_VARIABLE, shown(url))


def shown(url: URL) -> str:
    """A URL as a user writes it, with its password."""
    return url.render_as_string(hide_password=False)


def engine_on(url: URL, **options: Any) -> Engine:
    """An engine that keeps no connection open."""
    return create_engine(url, poolclass=NullPool, **options)


@contextmanager
def copy_of(template: NoopExecutor | str, server: Server, name: str) -> Iterator[URL]:
    """A database copied from a template, and dropped after the block.

    Its files are copied: that is ten times as fast as PostgreSQL's usual way, which
    writes each page to the log.
    """
    name += os.environ.get("PYTEST_XDIST_WORKER", "")
    admin = engine_on(server.url(server.maintenance_dbname))
    source = template if isinstance(template, str) else template.template_dbname
    run(admin, f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
    try:
        yield server.url(name)
    finally:
        run(admin, f"DROP DATABASE {name} WITH (FORCE)")
