"""The measurement of a migration that waits for its lock: it goes on, and no statement fails."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from mlb_perf.bench.measure import blocked_migration


@pytest.fixture
def held_database(copied: None, head: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:  # noqa: ARG001
    monkeypatch.setattr(blocked_migration, "DATABASE", "mlb_perf_test_blocked")
    return head


@pytest.mark.parametrize("name", list(blocked_migration.HOLDS))
def test_the_revision_ends_after_the_transaction(held_database: Engine, name: str) -> None:
    found = blocked_migration.blocked(
        held_database.url, blocked_migration.HOLDS[name], rows=1_000, seconds=3.0
    )
    assert found.given_up > 0
    assert found.errors == 0
    assert found.after_release > 0
    assert len(found.writes) > 10
    assert found.row(name)["writes"] == f"{len(found.writes):,}"
    with held_database.connect() as connection:
        left = connection.scalars(
            text("SELECT datname FROM pg_database WHERE datname = 'mlb_perf_test_blocked'")
        )
        assert left.all() == []
