"""Bytes before and after, as the page shows them."""

from __future__ import annotations

from mlb_perf.bench.measure.storage import Size, Storage, page

MB = 2**20


def test_tables_and_tiers_are_told() -> None:
    """A table of a few pages has no line, and counts in its tier."""
    lines = Size("curated", "betting_lines_unified", 10_000, 6 * MB, 4 * MB)
    teams = Size("curated", "teams", 32, MB // 2, MB // 2)
    small = Size("curated", "betting_lines_unified", 10_000, 3 * MB, 2 * MB)

    def by_name(*found: Size) -> dict[str, Size]:
        return {f"{size.schema}.{size.table}": size for size in found}

    raw = Size("raw_data", "odds_api_odds", 5_000, 20 * MB, 0)
    told = page(
        Storage("18.6", by_name(lines, teams, raw), by_name(lines, teams, raw),
                by_name(small, teams, raw)),
        "measured so:",
    )  # fmt: skip
    assert "| curated.betting_lines_unified | 10,000 | 629 | 315 | 419 | 210 | 50% |" in told
    assert "curated.teams" not in told
    assert "| staging and curated | 11.0 MB | 11.0 MB | 6.0 MB | 45% | 45% |" in told
    assert "| the whole pipeline | 31.0 MB | 31.0 MB | 26.0 MB | 16% | 16% |" in told
    assert told.splitlines()[0] == "measured so:"
