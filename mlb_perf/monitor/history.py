"""Figures over time, from the history tables and the log of the pipeline."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.formatting import Unit, number
from mlb_perf.monitor.server_info import INSUFFICIENT_PRIVILEGE

Points = list[tuple[dt.datetime, float]]


@dataclass(frozen=True)
class Chart:
    """Lines of one unit, by name; ``dashed`` ones go on into the future.

    ``note`` says why there is nothing to show.
    """

    title: str
    unit: Unit
    lines: dict[str, Points]
    dashed: dict[str, Points]
    note: str = ""


_CHARTS: tuple[tuple[str, Unit, str, str | None], ...] = (
    ("Sizes of the largest tables, and in 30 days", "bytes", "sizes", "forecast"),
    ("Mean time of the statements that take most", "ms", "statements", None),
    ("Rows loaded a day", "rows", "loads", None),
    ("Rejected records, of all that promotions handled", "ratio", "rejections", None),
)


def read(connection: Connection) -> list[Chart]:
    """Every chart; one that this role may not read says so."""
    return [
        _chart(connection, title, unit, lines, dashed) for title, unit, lines, dashed in _CHARTS
    ]


def _chart(connection: Connection, title: str, unit: Unit, lines: str, dashed: str | None) -> Chart:
    try:
        found = _lines(connection, lines)
        future = _lines(connection, dashed) if dashed else {}
    except DBAPIError as error:
        if diagnosis.sqlstate(error) != INSUFFICIENT_PRIVILEGE:
            raise
        return Chart(title, unit, {}, {}, f"not known: {diagnosis.said(error)}")
    return Chart(title, unit, found, future, "" if found else "no history yet: mlb-perf maintain")


def _lines(connection: Connection, name: str) -> dict[str, Points]:
    found: dict[str, Points] = defaultdict(list)
    for row in connection.execute(text(sql.read(f"monitor/history_{name}.sql"))):
        found[row.name].append((row.moment, number(row.figure) or 0.0))
    return dict(found)
