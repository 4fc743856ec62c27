"""Months in UTC: the bounds and the names of partitions.

One rule for the partitions of a rebuilt table and for those that are created later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlb_perf.names import shortened

BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)
END = dt.datetime.max.replace(tzinfo=dt.UTC)

MONTHS_AHEAD = 3
"""Months after the present one for which a table has partitions, unless its policy differs."""

MOST_MONTHS = 360
"""A table whose rows span more than thirty years holds a wrong date."""


@dataclass(frozen=True, order=True)
class Span:
    """From ``low`` up to but excluding ``high``; moments in UTC, a date is its midnight."""

    low: dt.datetime
    high: dt.datetime

    @classmethod
    def of_months(cls, first: dt.date, last: dt.date) -> Span:
        """From the month of ``first`` to the month of ``last``, both included."""
        return cls(midnight(month_of(first)), midnight(month_after(month_of(last))))

    @property
    def suffix(self) -> str:
        """The end of a partition's name: ``2026_07``; ``2026_07_from_15`` for part of a month."""
        month = f"{self.low:%Y_%m}"
        if self == Span.of_months(self.low, self.low):
            return month
        return f"{month}_from_{self.low:%d}" + (
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
        if self == Span.of_months(self.low, self.low):
            return f"{self.low:%Y-%m}"
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


def by_month(span: Span) -> Iterator[Span]:
    """The span, cut at the start of each month."""
    low = span.low
    while low < span.high:
        high = min(midnight(month_after(month_of(low))), span.high)
        yield Span(low, high)
        low = high


def missing(wanted: Span, present: Iterable[Span]) -> list[Span]:
    """The parts of ``wanted`` that ``present`` does not cover, cut by months."""
    found: list[Span] = []
    low = wanted.low
    for span in sorted(span for span in present if span.overlaps(wanted)):
        if low < span.low:
            found += by_month(Span(low, span.low))
        low = max(low, span.high)
    if low < wanted.high:
        found += by_month(Span(low, wanted.high))
    return found


def leaf_name(table: str, suffix: str) -> str:
    """``table_suffix``; a long table name is shortened, the suffix is kept."""
    return shortened(table, f"_{suffix}")


def _edge(moment: dt.datetime) -> str:
    if moment in (BEGINNING, END):
        return "the beginning" if moment == BEGINNING else "the end"
    return f"{moment:%Y-%m-%d}" if _is_midnight(moment) else f"{moment:%Y-%m-%d %H:%M}"


def _is_midnight(moment: dt.datetime) -> bool:
    return moment == midnight(moment.date())
