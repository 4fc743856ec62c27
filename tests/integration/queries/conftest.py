"""One database for all tests of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor

from tests.integration.queries.season import Season, measured
from tests.support.databases import Server, copy_of


@pytest.fixture(scope="package")
def season(empty_template: NoopExecutor, server: Server) -> Iterator[Season]:
    """Its pages are measured before a test writes."""
    with copy_of(empty_template, server, "mlb_perf_test_season") as url:
        yield measured(url)
