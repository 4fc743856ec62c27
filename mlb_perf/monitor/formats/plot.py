"""A chart as places in a square of 100 by 100, which ``templates/status.html.mako`` draws.

The square is stretched to the width of the screen; its labels are text beside it, so that they
keep their size on a telephone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlb_perf.formatting import in_words, printable
from mlb_perf.monitor.history import Chart, Points

COLOURS = 8
"""The classes ``s1`` to ``s8`` of ``templates/style.css``; further lines begin again."""

Place = Callable[[tuple[dt.datetime, float]], str]


@dataclass(frozen=True)
class Line:
    """A line: its CSS classes, and ``x,y`` of each point, and its last figure."""

    kind: str
    name: str
    points: str
    latest: str


@dataclass(frozen=True)
class Plot:
    """What the template shows: labels of the axes, lines, and one line of each in the legend."""

    title: str
    note: str
    levels: Sequence[str] = ()
    moments: Sequence[str] = ()
    lines: Sequence[Line] = ()
    legend: Sequence[Line] = ()


def plot(chart: Chart) -> Plot:
    """The plot of a chart, or the note that says why there is none."""
    if chart.note:
        return Plot(chart.title, printable(chart.note))
    points = [point for line in (*chart.lines.values(), *chart.expected.values()) for point in line]
    first, last = min(p[0] for p in points), max(p[0] for p in points)
    top = max(max(p[1] for p in points), chart.base) or 1.0
    place = _placing(first, last, chart.base, top)
    kinds = {name: f"s{number % COLOURS + 1}" for number, name in enumerate(chart.lines)}
    past = [_line(kinds[name], name, line, chart, place) for name, line in chart.lines.items()]
    future = [
        _line(f"{kinds[name]} expected", f"{name}, expected", line, chart, place)
        for name, line in chart.expected.items()
        if name in kinds
    ]
    levels = [in_words(level, chart.unit) for level in (top, (top + chart.base) / 2, chart.base)]
    return Plot(chart.title, "", levels, _moments(first, last), [*past, *future], past)


def _placing(first: dt.datetime, last: dt.datetime, base: float, top: float) -> Place:
    seconds = (last - first).total_seconds() or 1.0
    height = (top - base) or 1.0

    def place(point: tuple[dt.datetime, float]) -> str:
        x = (point[0] - first).total_seconds() / seconds
        return f"{100 * x:.1f},{100 * (1 - (point[1] - base) / height):.1f}"

    return place


def _line(kind: str, name: str, points: Points, chart: Chart, place: Place) -> Line:
    is_point = len(points) == 1  # a line from it to itself, which round ends make a dot
    drawn = " ".join(map(place, points * 2 if is_point else points))
    latest = in_words(points[-1][1], chart.unit)
    return Line(f"{kind} point" if is_point else kind, printable(name), drawn, latest)


def _moments(first: dt.datetime, last: dt.datetime) -> list[str]:
    if first == last:
        return [f"{first:%Y-%m-%d %H:%M}"]
    form = "%m-%d %H:%M" if last - first < dt.timedelta(days=3) else "%Y-%m-%d"
    return [f"{moment:{form}}" for moment in (first, first + (last - first) / 2, last)]
