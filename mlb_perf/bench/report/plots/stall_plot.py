"""The longest statement of each tenth of a second while the schema changes."""

from __future__ import annotations

from mlb_perf.bench.document import Stall, Window
from mlb_perf.bench.judge.targets import STALL_MS
from mlb_perf.bench.report.plots import svg

_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 52.0, 14.0, 12.0, 34.0, 300.0
_LEAST_MS = 1.0


def timeline(stall: Stall, width: float, kind: str) -> str:
    """Writes and reads over time on a log scale, revisions as shaded stretches."""
    points = [point for point in stall.longest if point[0] >= 0]
    if not points:
        return ""
    ticks = svg.decades(_LEAST_MS, max(STALL_MS, *(max(point[1:]) for point in points)))
    seconds = max(point[0] for point in points)
    x = svg.linear_scale(seconds, _LEFT, width - _RIGHT)
    y = svg.log_scale(ticks[0], ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    parts = [_stretch(window, x) for window in stall.windows]
    for tick in ticks:
        parts.append(svg.line(_LEFT, y(tick), width - _RIGHT, y(tick), "grid"))
        parts.append(svg.text(_LEFT - 6, y(tick) + 4, svg.milliseconds(tick), "tick", "end"))
    for tick in svg.round_ticks(seconds, 6 if width > 500 else 3):
        if tick <= seconds:
            parts.append(svg.text(x(tick), _HEIGHT - 18, f"{tick:g}", "tick", "middle"))
    parts.append(svg.text((_LEFT + width) / 2, _HEIGHT - 3, "seconds", "tick", "middle"))
    parts.append(svg.line(_LEFT, y(STALL_MS), width - _RIGHT, y(STALL_MS), "target"))
    for place, colour in ((1, "s2"), (2, "s1")):
        drawn = [(x(p[0]), y(max(p[place], _LEAST_MS))) for p in points if p[place]]
        parts.append(svg.path(_thinned(drawn), f"series thin {colour}"))
    label = "Longest write and read of each moment while the schema was upgraded and downgraded"
    return svg.figure(width, _HEIGHT, label, parts, kind)


def _stretch(window: Window, x: svg.Scale) -> str:
    """A revision as a shaded stretch that names itself."""
    words = window.name.split()[0]
    kind = words if words in ("upgrade", "downgrade") else "still"
    left, right = x(max(window.began, 0.0)), x(window.ended)
    says = f"{window.name}: {window.ended - window.began:.1f} s"
    return svg.bar(left, _TOP, max(right - left - 1, 0.5), _HEIGHT - _BOTTOM - _TOP, kind, says)


def _thinned(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The highest place of each unit of width: more than that is not seen."""
    highest: dict[int, tuple[float, float]] = {}
    for place in places:
        step = int(place[0])
        if step not in highest or place[1] < highest[step][1]:
            highest[step] = place
    return [highest[step] for step in sorted(highest)]
