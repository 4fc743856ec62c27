"""Databases for the tests: an embedded PostgreSQL of their own, or the one that is named.

Each test gets a database of its own, copied from a template, unless it shares one that
it leaves as it was. The fixtures are here; what they do is in ``tests/support/databases.py``.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import URL, Engine

from mlb_perf.dataset import generate
from mlb_perf.settings import URL_VARIABLE
from tests.support import effort  # noqa: F401  sets the number of Hypothesis's examples
from tests.support.citus import needs_citus
from tests.support.command_line import forget_closed_logs
from tests.support.databases import (
    Server,
    copy_of,
    engine_on,
    load_head,
    running_server,
    speak_to,
)

OWN_DATABASE = {"empty_url", "head_url", "wide"}


def pytest_configure(config: pytest.Config) -> None:
    """The processes that the tests start compile the package once, not each of them."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        folder = config.rootpath / ".pytest_cache" / "bytecode"
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(folder))


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Choose what one process runs: a test with a database of its own goes to whichever is free.

    The tests of a file or a folder that share one stay together, as do those that need none, and
    those of a cluster, of which one kills a worker.
    """
    for item in items:
        file = item.nodeid.partition("::")[0]
        if needs_citus.mark in item.iter_markers("skipif"):
            item.add_marker(pytest.mark.xdist_group("citus"))
        elif "package" in (scopes := _scopes(item)):
            item.add_marker(pytest.mark.xdist_group(file.rpartition("/")[0]))
        elif "module" in scopes or not OWN_DATABASE.intersection(_fixtures(item)):
            item.add_marker(pytest.mark.xdist_group(file))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let no test pay for what stays; and refuse to run without the groups.

    Without them the tests of a file would make what they share once a process.
    """
    gc.freeze()  # modules and tests: each full collection, and each fork, would look through them
    grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
    is_worker = hasattr(session.config, "workerinput")
    if is_worker and grouped and not any("@" in item.nodeid for item in grouped):
        raise pytest.UsageError(
            "this pytest-xdist cannot group tests with this pytest; install the versions of "
            "requirements/dev.txt (make test does)"
        )


def _fixtures(item: pytest.Item) -> list[str]:
    names: list[str] = getattr(item, "fixturenames", [])
    return names


def _scopes(item: pytest.Item) -> set[str]:
    """Of the fixtures that the test uses: one that its file has once, one that its folder has."""
    manager = item.session._fixturemanager
    found = (manager.getfixturedefs(name, item) for name in _fixtures(item))
    return {definition.scope for definitions in found for definition in definitions or ()}


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the user's database, home or alembic.ini, or logs to what another one closed."""
    forget_closed_logs()
    for name in (URL_VARIABLE, "ALEMBIC_CONFIG", "MLB_PERF_PG_BIN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLB_PERF_HOME", str(tmp_path / "unused_home"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running server; the embedded one ends with the tests."""
    with running_server() as server:
        yield server


empty_template = factories.postgresql_noproc(dbname="mlb_perf_test_empty", depends_on="server")
head_template = factories.postgresql_noproc(
    dbname="mlb_perf_test_head", depends_on="server", load=[load_head]
)


@pytest.fixture
def empty_url(empty_template: NoopExecutor, server: Server) -> Iterator[URL]:
    """An empty database."""
    with copy_of(empty_template, server, "mlb_perf_test_of_empty") as url:
        yield url


@pytest.fixture
def head_url(head_template: NoopExecutor, server: Server) -> Iterator[URL]:
    """A database at head, copied from the template."""
    with copy_of(head_template, server, "mlb_perf_test_of_head") as url:
        yield url


@pytest.fixture
def empty(empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine on an empty database, which is also the one that all commands speak to."""
    speak_to(empty_url, monkeypatch)
    return engine_on(empty_url)


@pytest.fixture
def head(head_url: URL, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine on a database at head, which is also the one that all commands speak to."""
    speak_to(head_url, monkeypatch)
    return engine_on(head_url)


@pytest.fixture(scope="module")
def shared_head(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    """An engine on a database at head for all tests of a module, which leave it as it was."""
    with copy_of(head_template, server, "mlb_perf_test_shared") as url:
        yield engine_on(url)


@pytest.fixture(scope="module")
def shared_empty(empty_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    """An engine on an empty database for all tests of a module."""
    with copy_of(empty_template, server, "mlb_perf_test_shared_empty") as url:
        yield engine_on(url)


@pytest.fixture(scope="session")
def dataset(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    """An engine on a data set of twelve games, one of them postponed; tests leave it as it is."""
    with copy_of(head_template, server, "mlb_perf_test_dataset") as url:
        generate(url, scale=0.005, seed=3, staging_days=400)
        yield engine_on(url, connect_args={"options": "-c timezone=UTC"})
