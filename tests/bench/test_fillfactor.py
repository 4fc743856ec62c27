"""The measurement of fillfactors: what is counted is what the sample writes."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from mlb_perf.bench.measure import fillfactor
from mlb_perf.bench.measure.fillfactor import TABLE, filled
from mlb_perf.engine import migration_engine
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.pipeline.promote.session import APPLICATION


def test_lines_are_counted_and_the_fillfactor_is_set(head: Engine) -> None:
    found = filled(head, 80, responses=4)
    with head.connect() as connection:
        lines = connection.scalars(text(f"SELECT count(*) FROM {TABLE}")).one()
        settings = connection.scalars(
            text("SELECT reloptions::text FROM pg_class WHERE oid = to_regclass(:table)"),
            {"table": TABLE},
        ).all()
    assert settings == ["{fillfactor=80}"]
    assert found.inserted >= lines > 0
    assert 0 <= found.hot < found.updated
    assert found.row()[:2] == ["80", f"{found.inserted:,}"]
    assert found.heap > 0
    assert found.indexes > 0


def test_counts_that_are_not_handed_in_are_waited_for(
    head: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fillfactor, "_END_SECONDS", 0.1)
    promoting = migration_engine(head.url, {"application_name": APPLICATION})
    with promoting.connect(), pytest.raises(BenchmarkFailed, match=r"has not ended in 0\.1 s"):
        filled(head, 80, responses=1)
