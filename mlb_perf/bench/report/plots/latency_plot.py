"""Before and after by question, on a log scale: two dots and the way between them."""

from __future__ import annotations

from dataclasses import dataclass

from mlb_perf.bench.document import Document
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.report.plots import svg
from mlb_perf.formatting import ms

_TOP, _BOTTOM = 22.0, 8.0


@dataclass(frozen=True)
class Row:
    """One question: its medians and its target in ms."""

    name: str
    before: float | None
    after: float
    target: float | None


def plots(document: Document, width: float, kind: str) -> dict[str, str]:
    """An SVG for each category, all on one scale; ``kind`` is its CSS class."""
    rows = _rows(document)
    values = [
        value
        for listed in rows.values()
        for row in listed
        for value in (row.before, row.after, row.target)
        if value
    ]
    if not values:
        return {}
    ticks = svg.decades(min(values), max(values))
    return {name: _plot(name, listed, ticks, width, kind) for name, listed in rows.items()}


def _rows(document: Document) -> dict[str, list[Row]]:
    after = document.run("after")
    if after is None:
        return {}
    before = document.run("before", after.scale)
    old = {c.name: summarise(c.samples_ms).p50 for c in before.latency} if before else {}
    found: dict[str, list[Row]] = {}
    for case in after.latency:
        row = Row(case.name, old.get(case.name), summarise(case.samples_ms).p50, case.target_ms)
        found.setdefault(case.category, []).append(row)
    return {
        name: sorted(rows, key=lambda r: -(r.before or r.after)) for name, rows in found.items()
    }


def _plot(name: str, rows: list[Row], ticks: list[float], width: float, kind: str) -> str:
    is_narrow = width < 500
    left, step = (8.0, 34.0) if is_narrow else (210.0, 19.0)
    place = svg.log_scale(ticks[0], ticks[-1], left, width - 24)
    height = _TOP + len(rows) * step + _BOTTOM
    parts = []
    for tick in ticks:
        x = place(tick)
        parts.append(svg.line(x, _TOP, x, height - _BOTTOM, "grid"))
        # The first would begin outside of a narrow picture.
        anchor = "start" if tick == ticks[0] and is_narrow else "middle"
        parts.append(svg.text(x, _TOP - 8, svg.milliseconds(tick), "tick", anchor))
    for number, row in enumerate(rows):
        top = _TOP + number * step
        y = top + (24 if is_narrow else step / 2)
        parts += _row(row, place, y)
        if is_narrow:
            parts.append(svg.text(left, top + 13, row.name, "label"))
        else:
            parts.append(svg.text(left - 12, y + 4, row.name, "label", "end"))
    label = f"{name}: median of each question before and after, on a log scale"
    return svg.figure(width, height, label, parts, kind)


def _row(row: Row, place: svg.Scale, y: float) -> list[str]:
    parts = []
    if row.target is not None:
        x = place(row.target)
        parts.append(svg.line(x, y - 6, x, y + 6, "target"))
    if row.before is not None:
        parts.append(svg.line(place(row.before), y, place(row.after), y, "way"))
        parts.append(
            svg.dot(place(row.before), y, "before", f"{row.name} before: {ms(row.before)}")
        )
    parts.append(svg.dot(place(row.after), y, "after", f"{row.name} after: {ms(row.after)}"))
    return parts
