"""The server of the tests, and databases on it: templates, copies and engines."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.formatting import GB
from mlb_perf.migrate.config import alembic_config
from mlb_perf.settings import URL_VARIABLE, parse_url
from mlb_perf.system import locked_directory
from tests.support.months import make_months
from tests.support.sql import run

TEST_URL_VARIABLE = "MLB_PERF_TEST_DATABASE_URL"
"""Names a server on which the tests may create and drop databases, in place of the embedded one."""

needs_embedded_server = pytest.mark.skipif(
    TEST_URL_VARIABLE in os.environ, reason=f"{TEST_URL_VARIABLE} names another server"
)

# Nothing has to survive a crash of the machine; and to drop a database the server looks
# through all its buffers, so a few are quicker than many. Subscribers are tested. Autovacuum is on,
# as status wants it, and first looks after 24 days.
FOR_TESTS = """\
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 128MB
autovacuum_naptime = 2147483
wal_level = logical
"""
ROOM_BYTES = 4 * GB
"""The servers of four processes, each with its databases and its log."""


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


@contextmanager
def embedded_server(prefix: str, settings: str = FOR_TESTS) -> Iterator[EmbeddedServer]:
    """A server of its own in a temporary folder, gone with its data after the block."""
    folder = _in_memory() or Path(tempfile.gettempdir())
    remove_homes_of_dead_processes(folder, prefix)
    home = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}_", dir=folder))
    (home / "user.conf").write_text(settings)
    server = EmbeddedServer(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)


def _in_memory() -> Path | None:
    """Memory's own file system if it has room: a template of a thousand files is copied often."""
    shm = Path("/dev/shm")  # noqa: S108
    return shm if shm.is_dir() and shutil.disk_usage(shm).free > ROOM_BYTES else None


def remove_homes_of_dead_processes(folder: Path, prefix: str) -> None:
    """Tests that were killed could not stop their server, which would keep its memory.

    One process at a time: the processes of a run begin together, and would remove the same files.
    """
    with locked_directory(folder, "removes what killed tests left"):
        for home in folder.glob(f"{prefix}*_*"):
            pid = home.name.removeprefix(prefix).partition("_")[0]
            if pid.isdecimal() and not _is_alive(int(pid)):
                EmbeddedServer(home).stop()
                shutil.rmtree(home)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


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
def copy_of(template: NoopExecutor, server: Server, name: str) -> Iterator[URL]:
    """A database copied from a template, and dropped after the block.

    Its files are copied: that is ten times as fast as PostgreSQL's usual way, which
    writes each page to the log.
    """
    name += os.environ.get("PYTEST_XDIST_WORKER", "")
    admin = engine_on(server.url(server.maintenance_dbname))
    run(admin, f"CREATE DATABASE {name} TEMPLATE {template.template_dbname} STRATEGY FILE_COPY")
    try:
        yield server.url(name)
    finally:
        run(admin, f"DROP DATABASE {name} WITH (FORCE)")
