"""One database for all tests of a file; what a test made is dropped after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from mlb_perf.settings import URL_VARIABLE
from tests.support.sql import run

FORGET = (
    "DROP SCHEMA IF EXISTS market_graveyard CASCADE",
    "DROP SCHEMA IF EXISTS market CASCADE",
    "DELETE FROM performance_monitoring.partition_policies WHERE schema_name = 'market'",
    "TRUNCATE performance_monitoring.optimization_log",
)


@pytest.fixture
def market(shared_head: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on a database at head, which is also the one that all commands speak to."""
    url = shared_head.url.render_as_string(hide_password=False)
    monkeypatch.setenv(URL_VARIABLE, url)
    yield shared_head
    run(shared_head, *FORGET)
