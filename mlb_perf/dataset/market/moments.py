"""Moments as seconds since 1970, and their texts for COPY and for the feeds."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

MINUTE = 60
HOUR = 3600
DAY = 86400

_CLOCK = tuple(f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY))


@cache
def _day(number: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=number)).isoformat()


@lru_cache(1 << 16)  # the moment of a snapshot stands in many rows
def stamp(moment: int) -> str:
    """``2026-09-01 23:05:00+00``, as COPY reads it."""
    return f"{_day(moment // DAY)} {_CLOCK[moment % DAY]}+00"


@lru_cache(1 << 16)
def iso(moment: int) -> str:
    """``2026-09-01T23:05:00Z``, as feeds write it."""
    return f"{_day(moment // DAY)}T{_CLOCK[moment % DAY]}Z"


def day_text(moment: int) -> str:
    """The day in UTC, ``2026-09-01``."""
    return _day(moment // DAY)


def start_of(day: dt.date) -> int:
    """Midnight in UTC."""
    return (day - dt.date(1970, 1, 1)).days * DAY


def local(day: dt.date, minutes: int, zone: str) -> int:
    """So many minutes after midnight of a day in a time zone."""
    moment = dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), ZoneInfo(zone))
    return int(moment.timestamp())


def wall_clock(moment: int, zone: str) -> str:
    """``2026-09-01T19:05:00``, what a clock in that time zone shows."""
    shown = dt.datetime.fromtimestamp(moment, ZoneInfo(zone))
    return shown.strftime("%Y-%m-%dT%H:%M:%S")
