"""Months, gaps and names: arithmetic without a database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlb_perf.months import (
    Span,
    by_month,
    leaf_name,
    midnight,
    missing,
    month_after,
    month_of,
)


def span(low: str, high: str) -> Span:
    return Span(*(dt.datetime.fromisoformat(edge).replace(tzinfo=dt.UTC) for edge in (low, high)))


def month(first: str, last: str | None = None) -> Span:
    return Span.of_months(
        dt.date.fromisoformat(f"{first}-01"), dt.date.fromisoformat(f"{last or first}-01")
    )


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (dt.date(2024, 2, 29), 0, dt.date(2024, 2, 1)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 1)),
        (dt.date(2026, 11, 30), 2, dt.date(2027, 1, 1)),
        (dt.date(2026, 1, 31), -1, dt.date(2025, 12, 1)),
        (dt.date(2026, 12, 31), -12, dt.date(2025, 12, 1)),
    ],
)
def test_months_later_and_earlier(day: dt.date, count: int, expected: dt.date) -> None:
    assert month_after(month_of(day), count) == expected


def test_a_moment_belongs_to_its_month_in_utc() -> None:
    kathmandu = dt.timezone(dt.timedelta(hours=5, minutes=45))
    assert month_of(dt.datetime(2026, 7, 1, 3, tzinfo=kathmandu)) == dt.date(2026, 6, 1)


def test_bounds_are_written_with_their_zone() -> None:
    assert month("2026-12").values(is_date=False) == (
        "FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00')"
    )
    assert month("2024-02").values(is_date=True) == (
        "FOR VALUES FROM ('2024-02-01') TO ('2024-03-01')"
    )


def test_what_is_missing_is_cut_by_months() -> None:
    present = [month("2026-02"), span("2026-03-10T00:00", "2026-03-20T18:15")]
    found = missing(month("2026-01", "2026-04"), present)
    assert [(s.suffix, str(s)) for s in found] == [
        ("2026_01", "2026-01"),
        ("2026_03_from_01", "2026-03-01 to 2026-03-10"),
        ("2026_03_from_20_1815", "2026-03-20 18:15 to 2026-04-01"),
        ("2026_04", "2026-04"),
    ]


def test_nothing_is_missing_below_what_covers_all() -> None:
    everything = Span(
        dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)
    )
    assert missing(month("2026-01", "2026-12"), [everything]) == []


moments = st.integers(0, 60 * 24 * 365 * 5).map(
    lambda minutes: dt.datetime(2023, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)
spans = st.tuples(moments, moments).filter(lambda p: p[0] != p[1]).map(lambda p: Span(*sorted(p)))


@given(wanted=spans, present=st.lists(spans, max_size=6), moment=moments)
def test_every_moment_is_covered_once(
    wanted: Span, present: list[Span], moment: dt.datetime
) -> None:
    """What is missing fills the holes and touches neither what is there nor another month."""

    def within(these: list[Span]) -> int:
        return sum(s.low <= moment < s.high for s in these)

    found = missing(wanted, present)
    is_wanted = wanted.low <= moment < wanted.high
    assert within(found) == (1 if is_wanted and not within(present) else 0)
    assert all(month_of(s.low) == month_of(s.high - dt.timedelta(microseconds=1)) for s in found)


def test_a_year_has_twelve_months_of_the_calendars_length() -> None:
    lengths = [(s.high - s.low).days for s in by_month(month("2024-01", "2024-12"))]
    assert lengths == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert midnight(dt.date(2024, 12, 31)) == dt.datetime(2024, 12, 31, tzinfo=dt.UTC)


def test_long_names_keep_the_month_and_stay_apart() -> None:
    names = {leaf_name(table, "2026_07_from_15_1815") for table in ("é" * 31, "é" * 30 + "e")}
    assert len(names) == 2
    assert all(n.endswith("_2026_07_from_15_1815") and len(n.encode()) <= 63 for n in names)
    assert leaf_name("odds", "2026_07") == "odds_2026_07"


@pytest.mark.parametrize(("low", "high", "suffix", "shown"), [
    ("2026-07-01", "2026-08-01", "2026_07", "2026-07"),
    ("2026-07-27", "2026-08-03", "2026_w31", "2026-W31"),
    ("2024-12-30", "2025-01-06", "2025_w01", "2025-W01"),
    ("2026-07-15", "2026-07-16", "2026_07_15", "2026-07-15"),
    ("2026-07-15", "2026-08-01", "2026_07_from_15", "2026-07-15 to 2026-08-01"),
    ("2026-07-01", "2026-09-01", "2026_07_from_01", "2026-07-01 to 2026-09-01"),
])  # fmt: skip
def test_names_of_months_weeks_and_days(low: str, high: str, suffix: str, shown: str) -> None:
    span = Span(*(midnight(dt.date.fromisoformat(day)) for day in (low, high)))
    assert (span.suffix, str(span)) == (suffix, shown)


def test_weeks_that_are_missing() -> None:
    """A month widened to whole weeks, without the one that is there."""
    july = Span.of_months(dt.date(2026, 7, 1), dt.date(2026, 7, 1)).widened("week")
    there = Span(midnight(dt.date(2026, 7, 6)), midnight(dt.date(2026, 7, 13)))
    assert [str(span) for span in missing(july, [there], "week")] == [
        "2026-W27", "2026-W29", "2026-W30", "2026-W31",
    ]  # fmt: skip
