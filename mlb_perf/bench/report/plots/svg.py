"""A plot as values: marks, scales and axes, which ``templates/svg.html.mako`` writes as SVG.

Lengths are in units of the picture. Colours are CSS classes of ``templates/style.css``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Scale = Callable[[float], float]

CHARACTER = 6.5
"""The width of a character of a tick's label, rounded up."""
_TEXT_HEIGHT = 4.0
_GAP = 10.0


@dataclass(frozen=True)
class Mark:
    """One element of a picture: its tag, CSS class and attributes.

    ``says`` is shown where a pointer rests on it, ``words`` are the text of a text element.
    """

    tag: str
    kind: str
    attributes: dict[str, str]
    says: str = ""
    words: str = ""


@dataclass(frozen=True)
class Plot:
    """A picture; ``label`` is how a screen reader describes it."""

    width: float
    height: float
    label: str
    marks: Sequence[Mark]


def log_scale(low: float, high: float, start: float, end: float) -> Scale:
    """Places of positive values between two ends; a value beyond them is put at the end."""
    span = math.log(high / low) or 1.0

    def place(value: float) -> float:
        share = math.log(max(min(value, high), low) / low) / span
        return start + share * (end - start)

    return place


def linear_scale(high: float, start: float, end: float) -> Scale:
    """Places of values from 0 to ``high``."""
    return lambda value: start + (value / high if high else 0.0) * (end - start)


def decades(low: float, high: float) -> list[float]:
    """Powers of ten that enclose the values."""
    first = math.floor(math.log10(low) + 1e-9)
    last = max(first + 1, math.ceil(math.log10(high) - 1e-9))
    return [10.0**power for power in range(first, last + 1)]


def round_ticks(high: float, count: int = 4) -> list[float]:
    """About ``count`` round values from 0 to at least ``high``."""
    if high <= 0:
        return [0.0, 1.0]
    raw = high / count
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * n for n in (1, 2, 2.5, 5, 10) if unit * n >= raw * 0.999)
    return [step * n for n in range(math.ceil(high / step - 1e-9) + 1)]


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Mark:
    """A straight line."""
    return Mark("line", kind, _units(x1=x1, y1=y1, x2=x2, y2=y2))


def path(points: Sequence[tuple[float, float]], kind: str) -> Mark:
    """A line through points."""
    steps = (f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
    return Mark("path", kind, {"d": " ".join(steps)})


def dot(x: float, y: float, kind: str, says: str, radius: float = 4) -> Mark:
    """A circle."""
    return Mark("circle", kind, _units(cx=x, cy=y, r=radius), says)


def bar(x: float, y: float, width: float, height: float, kind: str, says: str) -> Mark:
    """A rectangle."""
    return Mark("rect", kind, _units(x=x, y=y, width=max(width, 0), height=height), says)


def text(x: float, y: float, words: str, kind: str = "tick", anchor: str = "start") -> Mark:
    """Words at a place, on their base line."""
    return Mark("text", kind, _units(x=x, y=y) | {"text-anchor": anchor}, words=words)


def axis_across(labels: Iterable[tuple[float, str]], y: float, width: float) -> list[Mark]:
    """Labels under or above their places; one that would touch the label before it is left out."""
    marks, end = [], -math.inf
    for x, words in labels:
        half = len(words) * CHARACTER / 2
        middle = min(max(x, half), width - half)
        if middle - half >= end:
            marks.append(text(middle, y, words, "tick", "middle"))
            end = middle + half + _GAP
    return marks


def grid_across(
    ticks: Sequence[tuple[float, str]], top: float, bottom: float, width: float
) -> list[Mark]:
    """Upright lines at the ticks' places, with their labels above."""
    lines = [line(x, top, x, bottom, "grid") for x, _ in ticks]
    return lines + axis_across(ticks, top - 8, width)


def grid_upwards(ticks: Iterable[tuple[float, str]], left: float, right: float) -> list[Mark]:
    """Level lines at the ticks' places, with their labels at the left."""
    marks = []
    for y, words in ticks:
        marks.append(line(left, y, right, y, "grid"))
        marks.append(text(left - 6, y + _TEXT_HEIGHT, words, "tick", "end"))
    return marks


def short(value: float) -> str:
    """A number for an axis: 1,000 becomes 1k."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"


def milliseconds(value: float) -> str:
    """A time for an axis: 1000 ms becomes 1 s."""
    return f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms"


def _units(**lengths: float) -> dict[str, str]:
    return {name: f"{length:.1f}" for name, length in lengths.items()}
