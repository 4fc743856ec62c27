"""The measurement of the data set: rows and bytes are those of the tables."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from mlb_perf.bench.measure import dataset_speed
from mlb_perf.settings import URL_VARIABLE


def test_it_counts_what_it_made(head: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, head.url.render_as_string(hide_password=False))
    monkeypatch.setattr(dataset_speed, "DATABASE", "mlb_perf_test_generating")
    first, _, *tables = dataset_speed.measure(0.003, 1)
    found = re.match(r"([\d,]+) raw rows and ([\d,]+) of the other tiers in ", first)
    assert found is not None, first
    raw, others = (int(number.replace(",", "")) for number in found.groups())
    name, rows, *_ = tables[-1].split()
    assert (name, int(rows.replace(",", ""))) == ("all", raw + others)
    assert len(tables) == dataset_speed.TOLD + 1
    assert any(line.startswith("raw_data.odds_api_odds ") for line in tables)
