"""Figures over time, from the history tables and the log of the pipeline."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.formatting import Unit, number
from mlb_perf.monitor.server_info import INSUFFICIENT_PRIVILEGE

_NOT_READABLE = (INSUFFICIENT_PRIVILEGE, "42P01")  # a table of a later revision is not there

Points = list[tuple[dt.datetime, float]]


@dataclass(frozen=True)
class Chart:
    """Lines of one unit, by name; the ``expected`` ones go on into the future.

    ``base`` is the lower end of its axis. ``note`` says why there is nothing to show.
    """

    title: str
    unit: Unit
    lines: dict[str, Points]
    expected: dict[str, Points]
    base: float = 0.0
    note: str = ""


@dataclass(frozen=True)
class _Source:
    """A chart's title and unit, and its query ``sql/monitor/history_NAME.sql``.

    ``has_expected``: there is ``history_NAME_expected.sql`` too. ``is_near_one``: the lines are
    shares close to 1, and an axis from 0 would hide their changes.
    """

    name: str
    title: str
    unit: Unit
    has_expected: bool = False
    is_near_one: bool = False


_SOURCES = (
    _Source("growth", "Size of all tables, and in 30 days", "bytes", has_expected=True),
    _Source("sizes", "Sizes of the largest tables, and in 30 days", "bytes", has_expected=True),
    _Source("statements", "Mean time of the statements that take most", "ms"),
    _Source("cache_hits", "Block reads that the cache served", "ratio", is_near_one=True),
    _Source("queue", "Rows and games that wait", "count"),
    _Source("freshness", "Age of the newest row of each feed", "seconds"),
    _Source("loads", "Rows loaded a day", "rows"),
    _Source("rejections", "Rejected records, of all that promotions handled", "ratio"),
)


def read(connection: Connection) -> list[Chart]:
    """Every chart; one that this role may not read, or that a later revision fills, says so."""
    return [_chart(connection, source) for source in _SOURCES]


def _chart(connection: Connection, source: _Source) -> Chart:
    try:
        found = _lines(connection, source.name)
        future = _lines(connection, f"{source.name}_expected") if source.has_expected else {}
    except DBAPIError as error:
        if diagnosis.sqlstate(error) not in _NOT_READABLE:
            raise
        return Chart(source.title, source.unit, {}, {}, note=f"not known: {diagnosis.said(error)}")
    note = "" if found else "no history yet: mlb-perf maintain"
    base = _base(found) if source.is_near_one else 0.0
    return Chart(source.title, source.unit, found, future, base, note)


def _base(lines: dict[str, Points]) -> float:
    """The tenth below the lowest figure, and 0.9 at most."""
    lowest = min((figure for line in lines.values() for _, figure in line), default=0.0)
    return min(math.floor(lowest * 10) / 10, 0.9)


def _lines(connection: Connection, name: str) -> dict[str, Points]:
    found: dict[str, Points] = defaultdict(list)
    for row in connection.execute(text(sql.read(f"monitor/history_{name}.sql"))):
        found[row.name].append((row.moment, number(row.figure) or 0.0))
    return dict(found)
