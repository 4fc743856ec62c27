"""The measurement of the data set: rows and bytes are those of the tables."""

from __future__ import annotations

import pytest
from sqlalchemy import URL

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.measure import dataset
from mlb_perf.dataset import DatasetReport, generate
from mlb_perf.engine import connect
from tests.bench import made


@pytest.fixture(autouse=True)
def _database(copied: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:  # noqa: ARG001
    monkeypatch.setattr(dataset, "DATABASE", name)


def test_it_counts_what_it_made(server_url: URL) -> None:
    found = dataset.measure(server_url, scale=0.002, workers=1)
    baseline, newest = found.tables
    assert [line.split(":")[0] for line in found.lines] == [
        "at the baseline", "at the newest revision",
    ]  # fmt: skip
    for table in (baseline, newest):
        assert len(table.rows) == dataset.LARGEST + 1
        name, *_, indexes = table.rows[-1]
        assert (name, indexes.isdigit()) == ("all", True)
        assert "raw_data.odds_api_odds" in [row[0] for row in table.rows]
    assert baseline.rows[-1][1] == newest.rows[-1][1]  # as many rows at both
    assert made.judged("dataset", found) == {dataset.UNEXPLAINED: ("0", True)}


def test_a_row_that_was_not_generated_is_reported(
    server_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is lost behind the generator's back, and another that comes from elsewhere."""

    def meddled(url: URL, scale: float, seed: int, workers: int) -> DatasetReport:
        report = generate(url, scale, seed, workers=workers)
        with connect(engine_of(url)) as connection:
            gone = connection.exec_driver_sql(
                "DELETE FROM raw_data.odds_api_odds WHERE ctid IN"
                " (SELECT ctid FROM raw_data.odds_api_odds LIMIT 1)"
            )
            assert gone.rowcount >= 1
        return report

    monkeypatch.setattr(dataset, "generate", meddled)
    monkeypatch.setattr(dataset, "_SIDES", {"the newest revision": "head"})
    found = dataset.measure(server_url, scale=0.002, workers=1)
    assert found.figures[dataset.UNEXPLAINED] >= 1
    assert made.judged("dataset", found)[dataset.UNEXPLAINED][1] is False
