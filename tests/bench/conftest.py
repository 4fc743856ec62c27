"""A small data set at head, shared by the tests of a module."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import URL, Connection

from mlb_perf.bench.database import SEEDED_BASELINE, engine_of, upgrade
from mlb_perf.dataset import generate
from mlb_perf.engine import connect
from mlb_perf.settings import URL_VARIABLE
from tests.support.databases import Server, copy_of

SCALE = 0.002


@pytest.fixture(scope="session")
def filled(empty_template: NoopExecutor, server: Server) -> Iterator[URL]:
    """A database with a few games, filled at the baseline and upgraded to head."""
    with copy_of(empty_template, server, "mlb_perf_test_bench") as url:
        upgrade(url, SEEDED_BASELINE)
        generate(url, SCALE, seed=1, workers=1)
        upgrade(url, "head")
        yield url


@pytest.fixture
def connection(filled: URL) -> Iterator[Connection]:
    """A connection to it that commits each statement, as the benchmark's do."""
    with connect(engine_of(filled)) as connection:
        yield connection


@pytest.fixture
def server_url(server: Server, monkeypatch: pytest.MonkeyPatch) -> URL:
    """The server that all commands speak to."""
    where = (
        {"query": {"host": server.host}} if server.host.startswith("/") else {"host": server.host}
    )
    url = URL.create(
        "postgresql+psycopg2", server.user, server.password, port=server.port,
        database=server.maintenance_dbname, **where,
    )  # fmt: skip
    monkeypatch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
    return url


@pytest.fixture
def name() -> str:
    """What this test's benchmark calls its database."""
    return "mlb_perf_bench_test" + os.environ.get("PYTEST_XDIST_WORKER", "")
