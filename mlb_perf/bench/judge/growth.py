"""How a question's time grows with the data, and what it would be with more than was measured.

A time is a fixed part (the round trip, planning) and a part for each page that is read.
Pages are counted by the server and do not depend on how busy the machine was, so growth is
measured in pages: by an index whose depth grows with the logarithm of its rows they hardly
grow, by reading a share of a table they grow with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression, median

from mlb_perf.bench.document import Case, Document

FAR_SCALE = 100.0
_FLAT = 0.15
_IN_STEP = 0.75


@dataclass(frozen=True)
class Growth:
    """One question over the scales that were measured, and what is expected at ``FAR_SCALE``."""

    name: str
    category: str
    scales: list[float]
    times_ms: list[float]
    probe_ms: list[float]
    """Of the primary-key probe beside it."""
    pages: list[float]
    partitions: list[int]
    exponent: float
    """Pages grow as the scale to the power of this."""
    far_ms: float
    reason: str

    @property
    def factor(self) -> float:
        """The median over the probe's, at the largest scale over the same at the smallest."""
        return self.times_ms[-1] / self.probe_ms[-1] / (self.times_ms[0] / self.probe_ms[0])


def growth(document: Document, label: str = "after") -> list[Growth]:
    """The growth of each question that was asked at two scales or more, the fastest first."""
    runs = sorted((r for r in document.runs if r.label == label), key=lambda run: run.scale)
    by_name: dict[str, list[tuple[float, Case]]] = {}
    for run in runs:
        for case in run.latency:
            by_name.setdefault(case.name, []).append((run.scale, case))
    found = [_of(name, points) for name, points in by_name.items() if len(points) > 1]
    return sorted(found, key=lambda g: -g.far_ms)


def _of(name: str, points: Sequence[tuple[float, Case]]) -> Growth:
    scales = [scale for scale, _ in points]
    times = [median(case.samples_ms) for _, case in points]
    probes = [median(case.reference_ms) for _, case in points]
    pages = [float(case.details.get("pages") or 0) for _, case in points]
    partitions = [int(case.details.get("partitions") or 0) for _, case in points]
    exponent = max(0.0, _slope([math.log(s) for s in scales], [math.log(p + 1) for p in pages]))
    more = (pages[-1] + 1) * ((FAR_SCALE / scales[-1]) ** exponent - 1)
    far = times[-1] + more * _per_page(times, pages)
    return Growth(
        name, points[-1][1].category, scales, times, probes, pages, partitions, exponent, far,
        _reason(exponent, partitions),
    )  # fmt: skip


def _per_page(times: Sequence[float], pages: Sequence[float]) -> float:
    """Milliseconds a page: the slope of time over pages, and never more than all of the time."""
    most = times[-1] / (pages[-1] + 1)
    slope = _slope(pages, times)
    return min(slope, most) if slope > 0 else most


def _slope(x: Sequence[float], y: Sequence[float]) -> float:
    return linear_regression(x, y).slope if len(set(x)) > 1 else 0.0


def _reason(exponent: float, partitions: Sequence[int]) -> str:
    touched = ""
    if partitions[-1] > partitions[0]:
        touched = f"; it reads {partitions[-1]} partitions instead of {partitions[0]}"
    if exponent < _FLAT:
        return f"hardly more pages: an index gains a level with some 200 times the rows{touched}"
    if exponent < _IN_STEP:
        return f"pages grow more slowly than the rows{touched}"
    return f"pages grow with the rows{touched}"
