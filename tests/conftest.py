"""Databases for the tests: an embedded PostgreSQL of their own, or the one that is named.

``MLB_PERF_TEST_DATABASE_URL`` names a server on which the tests may create and
drop databases. Each test gets a database of its own, copied from a template.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor
from pytest_postgresql.janitor import DatabaseJanitor
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.dataset import generate
from mlb_perf.embedded import EmbeddedServer
from mlb_perf.migrate.config import alembic_config
from mlb_perf.settings import URL_VARIABLE, parse_url
from tests.support.months import make_months

ROOT = Path(__file__).parent.parent
# Nothing has to survive a crash of the machine; and to drop a database the
# server looks through all its buffers, so a few are quicker than many. Subscribers are tested.
FOR_TESTS = """\
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 128MB
autovacuum = off
wal_level = logical
"""
TEST_URL_VARIABLE = "MLB_PERF_TEST_DATABASE_URL"


@dataclass(frozen=True)
class Server:
    """What pytest-postgresql asks of the fixture that its own depend on."""

    host: str
    port: int
    user: str
    password: str | None
    maintenance_dbname: str
    options: str = ""
    template_dbname: str | None = None


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the user's database, home or alembic.ini."""
    for name in (URL_VARIABLE, "ALEMBIC_CONFIG", "MLB_PERF_PG_BIN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLB_PERF_HOME", str(tmp_path / "unused_home"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running server; the embedded one lives in a temporary folder and ends with the tests."""
    if given := os.environ.get(TEST_URL_VARIABLE):
        yield _server(parse_url(given, TEST_URL_VARIABLE))
        return
    home = Path(tempfile.mkdtemp(prefix="mlb_perf_test_"))
    (home / "user.conf").write_text(FOR_TESTS)
    embedded = EmbeddedServer(home)
    try:
        embedded.start()
        yield _server(embedded.url())
    finally:
        embedded.stop()
        shutil.rmtree(home)


def _server(url: URL) -> Server:
    host = url.host or url.query.get("host") or "localhost"
    port = url.port or url.query.get("port") or 5432
    assert isinstance(host, str)
    assert isinstance(port, str | int)
    return Server(host, int(port), url.username or "postgres", url.password, str(url.database))


def _upgrade(host: str, port: str, user: str, dbname: str, password: str, **_: Any) -> None:
    url = _url(host, int(port), user, password, dbname)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
        command.upgrade(alembic_config(), "head")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        make_months(connection)


def _url(host: str, port: int, user: str, password: str | None, dbname: str) -> URL:
    where = {"query": {"host": host}} if host.startswith("/") else {"host": host}
    return URL.create(
        "postgresql+psycopg2",
        username=user,
        password=password or None,
        port=port,
        database=dbname,
        **where,
    )


empty_template = factories.postgresql_noproc(dbname="mlb_perf_test_empty", depends_on="server")
head_template = factories.postgresql_noproc(
    dbname="mlb_perf_test_head", depends_on="server", load=[_upgrade]
)
_empty = factories.postgresql("empty_template")
_at_head = factories.postgresql("head_template")


@pytest.fixture
def empty_url(_empty: psycopg.Connection, server: Server) -> URL:
    """An empty database."""
    return _of(_empty, server)


@pytest.fixture
def head_url(_at_head: psycopg.Connection, server: Server) -> URL:
    """A database at head, copied from the template."""
    return _of(_at_head, server)


def _of(connection: psycopg.Connection, server: Server) -> URL:
    name = connection.info.dbname
    connection.close()
    return _url(server.host, server.port, server.user, server.password, name)


@pytest.fixture
def empty(empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on an empty database, which is also the one that all commands speak to."""
    yield from _engine(empty_url, monkeypatch)


@pytest.fixture
def head(head_url: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on a database at head, which is also the one that all commands speak to."""
    yield from _engine(head_url, monkeypatch)


@pytest.fixture(scope="module")
def shared_head(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    """An engine on a database at head for all tests of a module, which leave it as it was."""
    with shared_database(head_template, server, "mlb_perf_test_shared") as url:
        engine = create_engine(url, poolclass=NullPool)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def dataset(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    """An engine on a data set of twelve games, one of them postponed; tests leave it as it is."""
    with shared_database(head_template, server, "mlb_perf_test_dataset") as url:
        generate(url, scale=0.005, seed=3, staging_days=400)
        engine = create_engine(url, poolclass=NullPool, connect_args={"options": "-c timezone=UTC"})
        yield engine
        engine.dispose()


@contextmanager
def shared_database(template: NoopExecutor, server: Server, name: str) -> Iterator[URL]:
    """A database copied from the template, for longer than a test; dropped afterwards."""
    name += os.environ.get("PYTEST_XDIST_WORKER", "")
    with DatabaseJanitor(
        user=server.user,
        host=server.host,
        port=server.port,
        password=server.password,
        dbname=name,
        template_dbname=template.template_dbname,
        maintenance_dbname=server.maintenance_dbname,
    ):
        yield _url(server.host, server.port, server.user, server.password, name)


def _engine(url: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
    engine = create_engine(url, poolclass=NullPool)
    yield engine
    engine.dispose()
