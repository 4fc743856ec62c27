"""Homes for the embedded server: a shared one, and new ones."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlb_perf.embedded import EmbeddedServer, Started
from tests.integration.embedded.support import (
    processes_of,
)


@pytest.fixture(scope="package")
def base() -> Iterator[Path]:
    """A directory for homes; not pytest's, which the next run closes to the server's account."""
    directory = Path(tempfile.mkdtemp(prefix="mlb-"))
    yield directory
    left = processes_of(directory)
    shutil.rmtree(directory)
    assert left == []


@pytest.fixture(scope="package")
def first(base: Path) -> Started:
    """What the first start in the shared home says."""
    server = EmbeddedServer(base / "made")
    assert not server.status().created
    return server.start()


@pytest.fixture(scope="package")
def made(base: Path, first: Started) -> Path:
    """A home with a cluster, shared by the tests that leave it as they found it."""
    assert first.created
    return base / "made"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which nothing names a server."""
    for name in list(os.environ):
        if name.startswith(("PG", "MLB_PERF_")):
            monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture
def new_home(
    base: Path, request: pytest.FixtureRequest, environment: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The path of a home that does not exist yet; its server is stopped afterwards."""
    home = base / request.node.name.removeprefix("test_")[:24]
    environment.setenv("MLB_PERF_HOME", str(home))
    yield home
    if home.is_dir():
        EmbeddedServer(home).stop()
        shutil.rmtree(home)


@pytest.fixture
def server(made: Path, environment: pytest.MonkeyPatch) -> Iterator[EmbeddedServer]:
    """The server of the shared cluster, not running, as if it had never run."""
    environment.setenv("MLB_PERF_HOME", str(made))
    server = EmbeddedServer()
    server.stop()
    (made / "user.conf").unlink(missing_ok=True)
    yield server
    server.stop()
