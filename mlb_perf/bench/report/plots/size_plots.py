"""Bytes by table on both sides, and times over the scale of the data."""

from __future__ import annotations

from collections.abc import Sequence

from mlb_perf.bench.document import Document, TableSize
from mlb_perf.bench.judge.growth import FAR_SCALE, Growth, growth
from mlb_perf.bench.report.plots import svg
from mlb_perf.formatting import MB, mb, ms

_TABLES = 12
_PARTS = (("heap", "heap"), ("toast", "toast"), ("indexes", "indexes"))


def storage(document: Document, width: float, kind: str) -> str:
    """The largest tables: heap, TOAST and indexes, one bar a side; empty if not measured."""
    after = document.run("after")
    if after is None or not after.storage:
        return ""
    before = document.run("before", after.scale)
    old = {size.table: size for size in before.storage} if before else {}
    shown = after.storage[:_TABLES]
    most = max(s.total for s in (*shown, *(old[s.table] for s in shown if s.table in old)))
    ticks = svg.round_ticks(most / MB)
    x = svg.linear_scale(ticks[-1] * MB, 8.0, width - 72)
    bars = 2 if old else 1
    step = 22.0 + 13 * bars
    height = 24 + step * len(shown)
    parts = []
    for tick in ticks:
        parts.append(svg.line(x(tick * MB), 20, x(tick * MB), height, "grid"))
        anchor = "middle" if tick else "start"
        parts.append(svg.text(x(tick * MB), 12, f"{svg.short(tick)} MB", "tick", anchor))
    for number, size in enumerate(shown):
        top = 24 + step * number
        parts.append(svg.text(8, top + 11, size.table, "label"))
        sides = [("before", old[size.table])] if size.table in old else []
        for place, (label, one) in enumerate([*sides, ("after", size)]):
            parts += _bar(one, label, x, top + 15 + 13 * place)
    return svg.figure(width, height, "Bytes of the largest tables", parts, kind)


def _bar(size: TableSize, label: str, x: svg.Scale, y: float) -> list[str]:
    parts = []
    start = 0.0
    for name, words in _PARTS:
        share = getattr(size, name)
        says = f"{size.table} {label}: {words} {mb(share)} of {mb(size.total)}"
        kind = f"{name} side-{label}"
        parts.append(svg.bar(x(start), y, x(start + share) - x(start), 11, kind, says))
        start += share
    return [*parts, svg.text(x(start) + 5, y + 9.5, mb(size.total), "tick")]


def scales(document: Document, width: float, kind: str) -> dict[str, str]:
    """Medians over scale by category, log on both sides, with what is expected far beyond."""
    found = growth(document)
    if not found:
        return {}
    times = [value for one in found for value in (*one.times_ms, one.far_ms)]
    ticks = svg.decades(min(times), max(times))
    categories = dict.fromkeys(one.category for one in found)
    return {
        name: _panel(name, [g for g in found if g.category == name], ticks, width, kind)
        for name in categories
    }


def _panel(name: str, found: Sequence[Growth], ticks: list[float], width: float, kind: str) -> str:
    height, left = 230.0, 52.0
    measured = sorted({scale for one in found for scale in one.scales})
    x = svg.log_scale(measured[0], FAR_SCALE, left + 8, width - 20)
    y = svg.log_scale(ticks[0], ticks[-1], height - 34, 12)
    parts = []
    for tick in ticks:
        parts.append(svg.line(left, y(tick), width - 12, y(tick), "grid"))
        parts.append(svg.text(left - 6, y(tick) + 4, svg.milliseconds(tick), "tick", "end"))
    for scale in (*measured, FAR_SCALE):
        parts.append(svg.text(x(scale), height - 18, f"{scale:g}", "tick", "middle"))
    parts.append(svg.text((left + width) / 2, height - 3, "scale (seasons)", "tick", "middle"))
    for one in found:
        points = [(x(s), y(t)) for s, t in zip(one.scales, one.times_ms, strict=True)]
        far = (x(FAR_SCALE), y(one.far_ms))
        parts.append(svg.path(points, "series s1 thin"))
        parts.append(svg.path([points[-1], far], "series s1 thin expected"))
        for (px, py), value in zip(points, one.times_ms, strict=True):
            parts.append(svg.dot(px, py, "s1", f"{one.name}: {ms(value)}", 2.5))
        parts.append(svg.dot(*far, "hollow", f"{one.name}: {ms(one.far_ms)} expected", 2.5))
    return svg.figure(width, height, f"{name}: medians over the scale", parts, kind)
