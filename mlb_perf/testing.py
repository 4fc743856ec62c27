"""A pytest plugin: every test of an application gets a database at head of its own.

Write ``pytest_plugins = ["mlb_perf.testing"]`` in the application's ``conftest.py``. The server is
an embedded one in a temporary folder, or the one that ``MLB_PERF_TEST_DATABASE_URL`` names.
docs/testing.md has examples.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.engine import connect, drop_database, execute, migration_engine
from mlb_perf.formatting import GB
from mlb_perf.migrate.config import alembic_config
from mlb_perf.names import quote
from mlb_perf.settings import parse_url
from mlb_perf.system import locked_directory

SERVER_VARIABLE = "MLB_PERF_TEST_DATABASE_URL"
"""Names a server on which the tests may create and drop databases, in place of the embedded one."""

# Nothing has to survive a crash of the machine; and to drop a database the server looks through all
# its buffers, so a few are quicker than many. Autovacuum first looks after 24 days.
SETTINGS = """\
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 128MB
autovacuum_naptime = 2147483
"""
ROOM_BYTES = 4 * GB
"""The servers of four processes, each with its databases and its log."""

_PREFIX = "mlb_perf_app_"
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(scope="session")
def mlb_perf_server() -> Iterator[URL]:
    """A database of the server of the tests, whose role can create others."""
    if given := os.environ.get(SERVER_VARIABLE):
        yield parse_url(given, SERVER_VARIABLE)
        return
    with temporary_server(_PREFIX) as server:
        yield server.url()


@pytest.fixture(scope="session")
def mlb_perf_fill() -> Callable[[URL], None]:
    """What fills the template once it is at head: nothing. Override it for rows of your own."""
    return lambda _url: None


@pytest.fixture(scope="session")
def mlb_perf_template(mlb_perf_server: URL, mlb_perf_fill: Callable[[URL], None]) -> Iterator[str]:
    """The name of a database at head, which each test gets a copy of."""
    name = f"mlb_perf_template{_WORKER}"
    with _database(mlb_perf_server, name) as url:
        config = alembic_config()
        config.attributes["connection"] = migration_engine(url, {})
        command.upgrade(config, "head")
        mlb_perf_fill(url)
        yield name


@pytest.fixture
def mlb_perf_url(mlb_perf_server: URL, mlb_perf_template: str) -> Iterator[URL]:
    """A database of the test's own at head, dropped after it."""
    with _database(mlb_perf_server, f"mlb_perf_test{_WORKER}", mlb_perf_template) as url:
        yield url


@pytest.fixture
def mlb_perf_engine(mlb_perf_url: URL) -> Engine:
    """An engine on that database; it keeps no connection open."""
    return create_engine(mlb_perf_url, poolclass=NullPool)


@contextmanager
def _database(server: URL, name: str, template: str = "template0") -> Iterator[URL]:
    """A new database, dropped after the block; one that a killed test left is replaced.

    Its files are copied: that is ten times as fast as PostgreSQL's usual way, which
    writes each page to the log.
    """
    engine = migration_engine(server, {}).execution_options(isolation_level="AUTOCOMMIT")

    create = f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)} STRATEGY file_copy"
    with connect(engine) as connection:
        drop_database(connection, name)
        execute(connection, create)
    try:
        yield server.set(database=name)
    finally:
        with connect(engine) as connection:
            drop_database(connection, name)


@contextmanager
def temporary_server(prefix: str, settings: str = SETTINGS) -> Iterator[EmbeddedServer]:
    """An embedded server in a temporary folder, gone with its data after the block."""
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
    with suppress(TimeoutError), locked_directory(folder, "removes what killed tests left"):
        for home in folder.glob(f"{prefix}*_*"):
            pid = home.name.removeprefix(prefix).partition("_")[0]
            if pid.isdecimal() and _is_own(home) and not _is_alive(int(pid)):
                EmbeddedServer(home).stop()
                shutil.rmtree(home)


def _is_own(home: Path) -> bool:
    """In a folder that all may write, another user's could lead to a server of ours to stop."""
    found = home.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True
