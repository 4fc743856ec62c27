"""The measurement of a migration that is held up: it goes on by itself, and nobody fails."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from mlb_perf.bench.measure import blocked_migration
from mlb_perf.settings import URL_VARIABLE


@pytest.fixture
def server(head: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv(URL_VARIABLE, head.url.render_as_string(hide_password=False))
    monkeypatch.setattr(blocked_migration, "DATABASE", "mlb_perf_test_held")
    return head


@pytest.mark.parametrize("name", list(blocked_migration.HOLDS))
def test_the_revision_ends_after_the_transaction(server: Engine, name: str) -> None:
    found = blocked_migration.measure(blocked_migration.HOLDS[name], rows=3_000, seconds=2.0)
    assert found.given_up > 0
    assert found.errors == 0
    assert found.after_release > 0
    assert len(found.writes) > 10
    assert found.line(name).startswith(name)
    with server.connect() as connection:
        left = connection.scalars(
            text("SELECT datname FROM pg_database WHERE datname = 'mlb_perf_test_held'")
        )
        assert left.all() == []
