"""One database for the faults of a module: each test makes its own and names its own objects."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from mlb_perf.settings import URL_VARIABLE
from tests.support.sql import run


@pytest.fixture
def watched(shared_head: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The module's database, which is also the one that all commands speak to."""
    monkeypatch.setenv(URL_VARIABLE, shared_head.url.render_as_string(hide_password=False))
    # The jobs are as old as the template, and after ten minutes without a run they are late.
    run(shared_head, "UPDATE performance_monitoring.maintenance_jobs SET created_at = now()")
    return shared_head
