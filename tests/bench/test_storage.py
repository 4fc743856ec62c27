"""Bytes before and after, as the page shows them."""

from __future__ import annotations

import pytest

from mlb_perf.bench.document import TableSize
from mlb_perf.bench.measure.storage import bytes_a_row

MB = 2**20


def test_tables_and_tiers() -> None:
    """A table of a few pages has no row, and counts in its tier."""
    lines = TableSize("curated.betting_lines_unified", 10_000, 5 * MB, MB, 4 * MB, 0)
    teams = TableSize("curated.teams", 32, MB // 2, 0, MB // 2, 0)
    small = TableSize("curated.betting_lines_unified", 10_000, 3 * MB, 0, 2 * MB, 0)
    raw = TableSize("raw_data.odds_api_odds", 5_000, 20 * MB, 0, 0, 0)
    found = bytes_a_row([lines, teams, raw], [lines, teams, raw], [small, teams, raw])
    tables, tiers = found.tables
    assert tables.rows == [
        ["curated.betting_lines_unified", "10,000", "629", "315", "419", "210", "50%"],
        ["raw_data.odds_api_odds", "5,000", "4194", "4194", "0", "0", "0%"],
    ]
    assert tiers.rows[1:] == [
        ["staging and curated", "11.0 MB", "11.0 MB", "6.0 MB", "45%", "45%"],
        ["the whole pipeline", "31.0 MB", "31.0 MB", "26.0 MB", "16%", "16%"],
    ]
    assert found.figures["the whole pipeline, saved"] == pytest.approx(5 / 31)
