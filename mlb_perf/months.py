"""Months, weeks and days in UTC: the bounds and the names of partitions.

One rule for the partitions of a rebuilt table and for those that are created later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from mlb_perf.names import shortened

Period = Literal["month", "week", "day"]
"""The length of a partition; a week begins on Monday, as ISO 8601 says."""

BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)
END = dt.datetime.max.replace(tzinfo=dt.UTC)

MONTHS_AHEAD = 3
"""Months after the present one for which a table has partitions, unless its policy differs."""

MOST_MONTHS = 360
"""A table whose rows span more than thirty years holds a wrong date."""


PERIODS: tuple[Period, ...] = ("month", "week", "day")
_SUFFIXES = {"month": "%Y_%m", "week": "%G_w%V", "day": "%Y_%m_%d"}
_NAMES = {"month": "%Y-%m", "week": "%G-W%V", "day": "%Y-%m-%d"}


@dataclass(frozen=True, order=True)
class Span:
    """From ``low`` up to but excluding ``high``; moments in UTC, a date is its midnight."""

    low: dt.datetime
    high: dt.datetime

    @classmethod
    def of_months(cls, first: dt.date, last: dt.date) -> Span:
        """From the month of ``first`` to the month of ``last``, both included."""
        return cls(midnight(month_of(first)), midnight(month_after(month_of(last))))

    def widened(self, period: Period) -> Span:
        """The same, from the start of its first period to the end of its last one."""
        last = start_of(self.high - dt.timedelta(microseconds=1), period)
        return Span(midnight(start_of(self.low, period)), midnight(later(last, period)))

    @property
    def period(self) -> Period | None:
        """The period that it is; None for a part of one, and for several."""
        one = (period for period in PERIODS if self.low < self.high and self == _one(self, period))
        return next(one, None)

    @property
    def suffix(self) -> str:
        """The end of a partition's name: ``2026_07``, ``2026_w31``, ``2026_07_28``.

        ``2026_07_from_15`` for another part of a month.
        """
        if (period := self.period) is not None:
            return f"{self.low:{_SUFFIXES[period]}}"
        return f"{self.low:%Y_%m}_from_{self.low:%d}" + (
            "" if _is_midnight(self.low) else f"_{self.low:%H%M}"
        )

    def overlaps(self, other: Span) -> bool:
        return self.low < other.high and other.low < self.high

    def values(self, *, is_date: bool) -> str:
        """``FOR VALUES FROM ... TO ...``; a moment carries its zone, else the session's applies."""
        low, high = (
            f"{edge:%Y-%m-%d}" if is_date else edge.isoformat(sep=" ").removesuffix(":00")
            for edge in (self.low, self.high)
        )
        return f"FOR VALUES FROM ('{low}') TO ('{high}')"

    def __str__(self) -> str:
        if (period := self.period) is not None:
            return f"{self.low:{_NAMES[period]}}"
        return f"{_edge(self.low)} to {_edge(self.high)}"


def midnight(day: dt.date) -> dt.datetime:
    """The start of a day in UTC."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def month_of(day: dt.date) -> dt.date:
    """The first of the month of a date, or of a moment in UTC."""
    if isinstance(day, dt.datetime):
        day = day.astimezone(dt.UTC)
    return dt.date(day.year, day.month, 1)


def month_after(month: dt.date, count: int = 1) -> dt.date:
    """The first of the month ``count`` months later; earlier if that is negative."""
    index = month.year * 12 + month.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def start_of(day: dt.date, period: Period) -> dt.date:
    """The first day of the period of a date, or of a moment in UTC."""
    if period == "month":
        return month_of(day)
    day = day.astimezone(dt.UTC).date() if isinstance(day, dt.datetime) else day
    return day - dt.timedelta(days=day.weekday()) if period == "week" else day


def later(first: dt.date, period: Period, count: int = 1) -> dt.date:
    """The first day of the period ``count`` periods later; earlier if that is negative."""
    if period == "month":
        return month_after(first, count)
    return first + dt.timedelta(days=count * (7 if period == "week" else 1))


def by_month(span: Span, period: Period = "month") -> Iterator[Span]:
    """The span, cut at the start of each month, or of each week or day."""
    low = span.low
    while low < span.high:
        high = min(midnight(later(start_of(low, period), period)), span.high)
        yield Span(low, high)
        low = high


def missing(wanted: Span, present: Iterable[Span], period: Period = "month") -> list[Span]:
    """The parts of ``wanted`` that ``present`` does not cover, cut by months, weeks or days."""
    found: list[Span] = []
    low = wanted.low
    for span in sorted(span for span in present if span.overlaps(wanted)):
        if low < span.low:
            found += by_month(Span(low, span.low), period)
        low = max(low, span.high)
    if low < wanted.high:
        found += by_month(Span(low, wanted.high), period)
    return found


def leaf_name(table: str, suffix: str) -> str:
    """``table_suffix``; a long table name is shortened, the suffix is kept."""
    return shortened(table, f"_{suffix}")


def _one(span: Span, period: Period) -> Span:
    first = start_of(span.low, period)
    return Span(midnight(first), midnight(later(first, period)))


def _edge(moment: dt.datetime) -> str:
    if moment in (BEGINNING, END):
        return "the beginning" if moment == BEGINNING else "the end"
    return f"{moment:%Y-%m-%d}" if _is_midnight(moment) else f"{moment:%Y-%m-%d %H:%M}"


def _is_midnight(moment: dt.datetime) -> bool:
    return moment == midnight(moment.date())
