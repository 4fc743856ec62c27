"""The measurement of other partitions: rebuilt in a copy, compared, and gone again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL, Connection

from mlb_perf.bench.measure import load_files, partition_choices
from mlb_perf.bench.measure.partition_choices import (
    CANDIDATES,
    Candidate,
    compare,
    promotion,
    questions_of,
)

TABLES = (
    "SELECT oid::regclass::text, relkind::text FROM pg_class WHERE relkind IN ('r', 'p') ORDER BY 1"
)
FEATURES = next(one for one in CANDIDATES if one.table == "ml_features")


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: f"{one.table} {one.kind}")
def test_a_candidate_has_the_partitions_that_it_names(candidate: Candidate) -> None:
    shape = candidate.shape()
    assert shape.is_partitioned == bool(candidate.by)
    assert shape.is_hashed == candidate.by.startswith("HASH")
    assert questions_of(candidate)


def test_a_candidate_is_compared_and_gone(
    server_url: URL, filled: URL, connection: Connection
) -> None:
    before = connection.exec_driver_sql(TABLES).all()
    connection.close()
    size, answers = compare(server_url, filled, FEATURES, 2)
    assert list(size.values())[:3] == ["curated.ml_features", "by month", "1"]
    assert int(size["tables then"]) > 1
    assert [answer.question for answer in answers] == [q.name for q in questions_of(FEATURES)]
    with connection.engine.connect() as again:
        assert again.exec_driver_sql(TABLES).all() == before
        copies = "SELECT datname FROM pg_database WHERE datname LIKE '%%_copy'"
        assert again.exec_driver_sql(copies).all() == []


@pytest.mark.usefixtures("copied", "short_sample")
def test_promotion_is_measured_at_head_and_with_each_candidate(
    server_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partition_choices, "CANDIDATES", (FEATURES,))
    found = promotion(server_url, load_files.feed(tmp_path, 1), 1, (1,))
    assert found.columns == ["quotes a second", "workers: 1"]
    assert [name for name, _ in found.rows] == ["at head", "curated.ml_features by month"]
    assert all(float(rate.replace(",", "")) > 0 for _, rate in found.rows)
