"""One database for the faults of a module: each test makes its own and names its own objects."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from mlb_perf.settings import URL_VARIABLE


@pytest.fixture
def watched(shared_head: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The module's database, which is also the one that all commands speak to."""
    monkeypatch.setenv(URL_VARIABLE, shared_head.url.render_as_string(hide_password=False))
    return shared_head
