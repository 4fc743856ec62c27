"""Small pieces of SVG: scales, axes, marks. Colours are CSS classes of ``style.css``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

Scale = Callable[[float], float]


def figure(width: float, height: float, label: str, parts: Sequence[str], kind: str = "") -> str:
    """An SVG of that many units; ``label`` is what a screen reader says of it."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(label)}">' + "".join(parts) + "</svg>"
    )


def log_scale(low: float, high: float, start: float, end: float) -> Scale:
    """Places of positive values between two ends; what is beyond them is put at the end."""
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


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def path(points: Sequence[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    words = " ".join(f"{'M' if n == 0 else 'L'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
    return f'<path class="{kind}" d="{words}"/>'


def dot(x: float, y: float, kind: str, says: str, radius: float = 4) -> str:
    """A circle that says something where a pointer rests on it."""
    title = f"<title>{escape(says)}</title>"
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}">{title}</circle>'


def bar(x: float, y: float, width: float, height: float, kind: str, says: str) -> str:
    """A rectangle that says something where a pointer rests on it."""
    title = f"<title>{escape(says)}</title>"
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
        f'height="{height:g}">{title}</rect>'
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Words at a place, on their base line."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'


def short(value: float) -> str:
    """A number for an axis: 1,000 becomes 1k."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"


def milliseconds(value: float) -> str:
    """A time for an axis: 1000 ms becomes 1 s."""
    return f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms"
