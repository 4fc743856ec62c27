"""A database as it was before the rebuilds, with rows in every table of the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine

from mlb_perf.dataset import generate
from tests.support.databases import Server, copy_of, engine_on, speak_to, upgrade, url_of


def _fill(host: str, port: str, user: str, dbname: str, password: str, **_: Any) -> None:
    url = url_of(host, int(port), user, password, dbname)
    upgrade(url, "0007")
    generate(url, scale=0.002, seed=1, staging_days=400)


wide_template = factories.postgresql_noproc(
    dbname="mlb_perf_test_wide", depends_on="server", load=[_fill]
)


@pytest.fixture
def wide(
    wide_template: NoopExecutor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """An engine on a filled database at the baseline, to which all commands speak."""
    with copy_of(wide_template, server, "mlb_perf_test_of_wide") as url:
        speak_to(url, monkeypatch)
        yield engine_on(url)
