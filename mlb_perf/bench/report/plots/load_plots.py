"""Throughput and latency over the number of clients, and loading against a bare COPY."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlb_perf.bench.document import Load, Run
from mlb_perf.bench.judge.targets import BARE_SHARE, LOOKUP_P95_MS, share_of_bare
from mlb_perf.bench.report.plots import svg

SERIES = (
    ("lookups", "pgbouncer", "s1"),
    ("lookups", "direct", "s2"),
    ("primary key", "pgbouncer", "s3"),
    ("primary key", "direct", "s4"),
)
"""Workload, way, CSS class; the legend has the same order."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 14.0, 12.0, 34.0
_HEIGHT = 260.0


@dataclass(frozen=True)
class _Frame:
    """Where clients and values lie."""

    clients: list[int]
    x: Callable[[int], float]
    y: svg.Scale
    parts: list[str]
    width: float


def throughput(run: Run, width: float, kind: str) -> str:
    """Transactions a second over clients; empty if nothing was measured."""
    loads = _closed(run)
    if not loads:
        return ""
    ticks = svg.round_ticks(max(load.tps for load in loads))
    y = svg.linear_scale(ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    frame = _frame(loads, width, y, [(t, svg.short(t)) for t in ticks])
    _draw(frame, loads, lambda load: load.tps, lambda load: f"{load.tps:,.0f} a second")
    label = "Transactions a second over the number of clients"
    return svg.figure(width, _HEIGHT, label, frame.parts, kind)


def waiting(run: Run, width: float, kind: str) -> str:
    """The 95th percentile of the latency over clients, on a log scale, with its target."""
    loads = _closed(run)
    if not loads:
        return ""
    highest = max(LOOKUP_P95_MS, *(load.p95_ms for load in loads))
    ticks = svg.decades(min(load.p95_ms for load in loads), highest)
    y = svg.log_scale(ticks[0], ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    frame = _frame(loads, width, y, [(t, svg.milliseconds(t)) for t in ticks])
    target = y(LOOKUP_P95_MS)
    frame.parts.append(svg.line(_LEFT, target, width - _RIGHT, target, "target"))
    _draw(frame, loads, lambda load: load.p95_ms, lambda load: f"p95 {load.p95_ms:.3g} ms")
    label = "95th percentile of the latency over the number of clients, on a log scale"
    return svg.figure(width, _HEIGHT, label, frame.parts, kind)


def loading(run: Run, width: float, kind: str) -> str:
    """The rate of each way to load as a share of the bare COPY's."""
    if not run.ingest:
        return ""
    shares = [(case.name, share_of_bare(case)) for case in run.ingest]
    ticks = svg.round_ticks(max(1.0, *(share for _, share in shares)))
    x = svg.linear_scale(ticks[-1], 8.0, width - 40)
    height = 24 + 32 * len(shares)
    parts = []
    for tick in ticks:
        parts.append(svg.line(x(tick), 20, x(tick), height, "grid"))
        anchor = "middle" if tick else "start"
        parts.append(svg.text(x(tick), 12, f"{tick:.0%}", "tick", anchor))
    for number, (name, share) in enumerate(shares):
        top = 24.0 + 32 * number
        parts.append(svg.text(8, top + 11, name, "label"))
        parts.append(svg.bar(8, top + 15, x(share) - 8, 10, "after", f"{name}: {share:.0%}"))
        parts.append(svg.text(x(share) + 5, top + 24, f"{share:.0%}", "tick"))
    parts.append(svg.line(x(BARE_SHARE), 20, x(BARE_SHARE), height, "target"))
    return svg.figure(width, height, "Rates of loading as shares of a bare COPY", parts, kind)


def _closed(run: Run) -> list[Load]:
    """What is on the plot: clients that ask again as soon as they are answered."""
    wanted = {(workload, way) for workload, way, _ in SERIES}
    return [
        load for load in run.concurrency
        if load.rate is None and load.transactions and (load.workload, load.way) in wanted
    ]  # fmt: skip


def _frame(
    loads: Sequence[Load], width: float, y: svg.Scale, ticks: Sequence[tuple[float, str]]
) -> _Frame:
    clients = sorted({load.clients for load in loads})
    step = (width - _LEFT - _RIGHT - 20) / max(len(clients) - 1, 1)
    places = {count: _LEFT + 10 + step * n for n, count in enumerate(clients)}
    parts = []
    for value, words in ticks:
        parts.append(svg.line(_LEFT, y(value), width - _RIGHT, y(value), "grid"))
        parts.append(svg.text(_LEFT - 6, y(value) + 4, words, "tick", "end"))
    for count, place in places.items():
        parts.append(svg.text(place, _HEIGHT - _BOTTOM + 16, f"{count:,}", "tick", "middle"))
    parts.append(svg.text((_LEFT + width) / 2, _HEIGHT - 3, "clients", "tick", "middle"))
    return _Frame(clients, places.__getitem__, y, parts, width)


def _draw(
    frame: _Frame,
    loads: Sequence[Load],
    value: Callable[[Load], float],
    words: Callable[[Load], str],
) -> None:
    for workload, way, kind in SERIES:
        points = sorted(
            (load for load in loads if (load.workload, load.way) == (workload, way)),
            key=lambda load: load.clients,
        )
        places = [(frame.x(load.clients), frame.y(value(load))) for load in points]
        frame.parts.append(svg.path(places, f"series {kind}"))
        for load, (x, y) in zip(points, places, strict=True):
            says = f"{workload}, {way}, {load.clients} clients: {words(load)}"
            frame.parts.append(svg.dot(x, y, kind, says, 3.5))
