"""A small data set at head, and databases of the benchmark's own that need no upgrade."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import URL, Connection

from mlb_perf.bench import run
from mlb_perf.bench.database import SEEDED_BASELINE, engine_of, own_database
from mlb_perf.bench.measure import (
    blocked_migration,
    dataset,
    live,
    load_files,
    partition_choices,
    stall,
)
from mlb_perf.dataset import generate
from mlb_perf.engine import connect
from mlb_perf.pipeline.sample import ODDS
from mlb_perf.settings import URL_VARIABLE
from tests.support.databases import Server, copy_of, upgrade, url_of

SCALE = 0.002
RESPONSES = 4
"""Of the package's sample, where a test loads it."""


def load_baseline(host: str, port: str, user: str, dbname: str, password: str, **_: Any) -> None:
    """Fill a template with the baseline and its reference rows."""
    upgrade(url_of(host, int(port), user, password, dbname), SEEDED_BASELINE)


baseline_template = factories.postgresql_noproc(
    dbname="mlb_perf_test_baseline", depends_on="server", load=[load_baseline]
)


@pytest.fixture(scope="session")
def filled(head_template: NoopExecutor, server: Server) -> Iterator[URL]:
    """A database at head with a few games."""
    with copy_of(head_template, server, "mlb_perf_test_bench") as url:
        generate(url, SCALE, seed=1, workers=1)
        yield url


@pytest.fixture
def connection(filled: URL) -> Iterator[Connection]:
    """A connection to it that commits each statement, as the benchmark's do."""
    with connect(engine_of(filled)) as connection:
        yield connection


@pytest.fixture
def server_url(server: Server, monkeypatch: pytest.MonkeyPatch) -> URL:
    """The server that all commands speak to."""
    url = server.url(server.maintenance_dbname)
    monkeypatch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
    return url


@pytest.fixture
def name() -> str:
    """What this test's benchmark calls its database."""
    return "mlb_perf_bench_test" + os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture
def copied(
    head_template: NoopExecutor, baseline_template: NoopExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new database of a measurement at the baseline or at head is a copy of a template."""
    templates = {
        SEEDED_BASELINE: baseline_template.template_dbname,
        "head": head_template.template_dbname,
    }

    def own(
        server: URL, name: str, *, revision: str, keep: bool = False
    ) -> AbstractContextManager[URL]:
        return own_database(server, name, template=templates[revision], keep=keep)

    for measure in (blocked_migration, dataset, live, load_files, partition_choices, run, stall):
        monkeypatch.setattr(measure, "own_database", own)


@pytest.fixture
def short_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are loaded of the sample's first responses."""
    with gzip.open(ODDS) as sample:
        lines = sample.readlines()[:RESPONSES]
    path = tmp_path / "short.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(lines)))
    monkeypatch.setattr(load_files, "ODDS", path)
