"""Lines over the number of clients, over seconds and over the scale of the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlb_perf.bench.document import Document, Load, Run, Stall, Window
from mlb_perf.bench.found import Curves
from mlb_perf.bench.judge.growth import FAR_SCALE, Growth, growth
from mlb_perf.bench.judge.targets import LOOKUP_P95_MS, STALL_MS
from mlb_perf.bench.report.plots import svg
from mlb_perf.bench.report.plots.svg import Mark, Plot, Scale
from mlb_perf.formatting import ms

KINDS = ("s1", "s2", "s3", "s4")
"""CSS classes of lines, in the order of the legend."""

SERIES = (
    ("lookups", "pgbouncer", "s1"),
    ("lookups", "direct", "s2"),
    ("lookups", "direct, prepared", "s5"),
    ("primary key", "pgbouncer", "s3"),
    ("primary key", "direct", "s4"),
)
"""Workload, way, CSS class; the legend has the same order."""

_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 52.0, 14.0, 12.0, 34.0, 260.0
_FLOOR = _HEIGHT - _BOTTOM
_LEAST_MS = 1.0


def drawn_loads(run: Run) -> list[Load]:
    """The loads of the plots: clients that ask again as soon as they have an answer."""
    wanted = {(workload, way) for workload, way, _ in SERIES}
    return [
        load for load in run.concurrency
        if load.rate is None and load.transactions and (load.workload, load.way) in wanted
    ]  # fmt: skip


def throughput(loads: Sequence[Load], width: float) -> Plot:
    """Transactions a second over clients."""
    ticks = svg.round_ticks(max(load.tps for load in loads))
    y = svg.linear_scale(ticks[-1], _FLOOR, _TOP)
    marks = svg.grid_upwards([(y(t), svg.short(t)) for t in ticks], _LEFT, width - _RIGHT)
    marks += _over_clients(loads, width, lambda load: (y(load.tps), f"{load.tps:,.0f} a second"))
    return Plot(width, _HEIGHT, "Transactions a second over the number of clients", marks)


def waiting(loads: Sequence[Load], width: float) -> Plot:
    """The 95th percentile of the latency over clients, on a log scale, with its target."""
    marks, y = _times([LOOKUP_P95_MS, *(load.p95_ms for load in loads)], LOOKUP_P95_MS, width)
    marks += _over_clients(loads, width, lambda load: (y(load.p95_ms), f"p95 {ms(load.p95_ms)}"))
    label = "95th percentile of the latency over the number of clients, on a log scale"
    return Plot(width, _HEIGHT, label, marks)


def _times(values: Sequence[float], target: float | None, width: float) -> tuple[list[Mark], Scale]:
    """A log axis of times that encloses the values, with a line at the target."""
    ticks = svg.decades(min(values), max(values))
    y = svg.log_scale(ticks[0], ticks[-1], _FLOOR, _TOP)
    right = width - _RIGHT
    marks = svg.grid_upwards([(y(t), svg.milliseconds(t)) for t in ticks], _LEFT, right)
    if target is not None:
        marks.append(svg.line(_LEFT, y(target), right, y(target), "target"))
    return marks, y


def _bottom(labels: Sequence[tuple[float, str]], title: str, width: float) -> list[Mark]:
    middle = (_LEFT + width) / 2
    return [
        *svg.axis_across(labels, _HEIGHT - 18, width),
        svg.text(middle, _HEIGHT - 3, title, "tick", "middle"),
    ]


def _over_clients(
    loads: Sequence[Load], width: float, place: Callable[[Load], tuple[float, str]]
) -> list[Mark]:
    """A line for each series; ``place`` gives a load's height and what it says there."""
    clients = sorted({load.clients for load in loads})
    step = (width - _LEFT - _RIGHT - 20) / max(len(clients) - 1, 1)
    x = {count: _LEFT + 10 + step * n for n, count in enumerate(clients)}
    marks = _bottom([(x[count], f"{count:,}") for count in clients], "clients", width)
    for workload, way, kind in SERIES:
        series = [load for load in loads if (load.workload, load.way) == (workload, way)]
        series.sort(key=lambda load: load.clients)
        marks.append(
            svg.path([(x[load.clients], place(load)[0]) for load in series], f"series {kind}")
        )
        for load in series:
            y, words = place(load)
            says = f"{workload}, {way}, {load.clients} clients: {words}"
            marks.append(svg.dot(x[load.clients], y, kind, says, 3.5))
    return marks


def curves(found: Curves, width: float) -> Plot:
    """A line for each of them, in milliseconds from 0, over a logarithmic axis."""
    points = [point for line in found.lines for point in line.points]
    ticks = svg.round_ticks(max([found.target or 0.0, *(y for _, y in points)]))
    y = svg.linear_scale(ticks[-1], _FLOOR, _TOP)
    right = width - _RIGHT
    marks = svg.grid_upwards([(y(t), svg.milliseconds(t)) for t in ticks], _LEFT, right)
    if found.target is not None:
        marks.append(svg.line(_LEFT, y(found.target), right, y(found.target), "target"))
    places = sorted({x for x, _ in points})
    x = svg.log_scale(places[0], max(places[-1], places[0] * 10), _LEFT + 8, right - 8)
    marks += _bottom([(x(place), f"{place:,g}") for place in places], found.across, width)
    for line, kind in zip(found.lines, KINDS, strict=False):
        marks.append(svg.path([(x(at), y(value)) for at, value in line.points], f"series {kind}"))
        for at, value in line.points:
            says = f"{line.name}, {at:,g} {found.across}: {ms(value)}"
            marks.append(svg.dot(x(at), y(value), kind, says, 3.5))
    return Plot(width, _HEIGHT, f"{found.title} over {found.across}", marks)


def timeline(stall: Stall, width: float) -> Plot:
    """The longest write and read of each moment on a log scale, revisions as shaded stretches."""
    points = [point for point in stall.longest if point[0] >= 0]
    longest = max((value for point in points for value in point[1:]), default=0.0)
    marks, y = _times([_LEAST_MS, STALL_MS, max(longest, _LEAST_MS)], STALL_MS, width)
    seconds = max(0.1, *(p[0] for p in points), *(window.ended for window in stall.windows))
    x = svg.linear_scale(seconds, _LEFT, width - _RIGHT)
    ticks = [t for t in svg.round_ticks(seconds, 6) if t <= seconds]
    marks = [*(_stretch(window, x) for window in stall.windows), *marks]
    marks += _bottom([(x(tick), f"{tick:g}") for tick in ticks], "seconds", width)
    for place, kind in ((1, "s2"), (2, "s1")):
        drawn = [(x(p[0]), y(max(p[place], _LEAST_MS))) for p in points if p[place]]
        marks.append(svg.path(_highest(drawn), f"series thin {kind}"))
    label = "Longest write and read of each moment while the schema was upgraded and downgraded"
    return Plot(width, _HEIGHT, label, marks)


def _stretch(window: Window, x: Scale) -> Mark:
    """A revision as a shaded stretch that names itself."""
    word = window.name.partition(" ")[0]
    kind = word if word in ("upgrade", "downgrade") else "still"
    left, right = x(max(window.began, 0.0)), x(window.ended)
    says = f"{window.name}: {window.ended - window.began:.1f} s"
    return svg.bar(left, _TOP, max(right - left - 1, 0.5), _FLOOR - _TOP, kind, says)


def _highest(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The highest place of each unit of width: a reader cannot see more than that."""
    highest: dict[int, tuple[float, float]] = {}
    for x, y in places:
        if int(x) not in highest or y < highest[int(x)][1]:
            highest[int(x)] = (x, y)
    return [highest[step] for step in sorted(highest)]


def growing(document: Document, width: float) -> dict[str, Plot]:
    """Medians over the scale by category, log on both axes, and those expected far beyond."""
    found = growth(document)
    times = [value for one in found for value in (*one.times_ms, one.far_ms)]
    categories = dict.fromkeys(one.category for one in found)
    return {
        name: _over_scale(name, [one for one in found if one.category == name], times, width)
        for name in categories
    }


def _over_scale(name: str, found: Sequence[Growth], times: Sequence[float], width: float) -> Plot:
    scales = sorted({scale for one in found for scale in one.scales})
    marks, y = _times(times, None, width)
    x = svg.log_scale(scales[0], FAR_SCALE, _LEFT + 8, width - _RIGHT - 8)
    labels = [(x(scale), f"{scale:g}") for scale in (*scales, FAR_SCALE)]
    marks += _bottom(labels, "scale (seasons)", width)
    for one in found:
        points = [(x(s), y(t)) for s, t in zip(one.scales, one.times_ms, strict=True)]
        far = (x(FAR_SCALE), y(one.far_ms))
        marks.append(svg.path(points, "series s1 thin"))
        marks.append(svg.path([points[-1], far], "series s1 thin expected"))
        for place, value in zip(points, one.times_ms, strict=True):
            marks.append(svg.dot(*place, "s1", f"{one.name}: {ms(value)}", 2.5))
        marks.append(svg.dot(*far, "hollow", f"{one.name}: {ms(one.far_ms)} expected", 2.5))
    return Plot(width, _HEIGHT, f"{name}: medians over the scale", marks)
