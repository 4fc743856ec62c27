"""A database on every node of the cluster of ``MLB_PERF_TEST_CITUS_URL``; without it, skipped.

The variable names a database of the coordinator that has the extension and its workers. The tests
create and drop databases of their own on the same nodes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from mlb_perf.engine import own_driver
from mlb_perf.settings import parse_url
from tests.support.databases import engine_on, speak_to, upgrade
from tests.support.sql import rows, run

CITUS_VARIABLE = "MLB_PERF_TEST_CITUS_URL"
NODES = "SELECT nodename, nodeport FROM pg_dist_node WHERE noderole = 'primary' ORDER BY groupid"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of this folder need a cluster."""
    needs = pytest.mark.skipif(
        CITUS_VARIABLE not in os.environ, reason=f"{CITUS_VARIABLE} names no cluster"
    )
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(needs)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Engine]:
    """An engine on a database of the coordinator at head, without a distributed table yet."""
    given = own_driver(parse_url(os.environ[CITUS_VARIABLE], CITUS_VARIABLE))
    with database_on_each_node(given, f"mlb_perf_test_citus_{os.getpid()}") as url:
        upgrade(url, "head")
        yield engine_on(url)


@pytest.fixture(autouse=True)
def spoken_to(cluster: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the database of all commands."""
    speak_to(cluster.url, monkeypatch)


@contextmanager
def database_on_each_node(given: URL, name: str) -> Iterator[URL]:
    """A database of this name on the nodes that ``given`` knows, joined to a cluster."""
    nodes = [given.set(host=host, port=port) for host, port in rows(engine_on(given), NODES)]
    for node in nodes:
        run(engine_on(node), f"CREATE DATABASE {name}")
        run(engine_on(node.set(database=name)), "CREATE EXTENSION citus")
    coordinator = engine_on(given.set(database=name))
    first, *workers = nodes
    run(
        coordinator,
        f"SELECT citus_set_coordinator_host('{first.host}', {first.port})",
        *(f"SELECT citus_add_node('{worker.host}', {worker.port})" for worker in workers),
    )
    try:
        yield coordinator.url
    finally:
        for node in nodes:
            run(engine_on(node), f"DROP DATABASE {name} WITH (FORCE)")
