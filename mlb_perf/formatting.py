"""Figures for people: 93.4 s is ``1 min 33 s``, 1 MB is 1,048,576 bytes.

The units of bytes are those of PostgreSQL's settings and of pg_size_pretty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Literal

Unit = Literal["seconds", "ms", "bytes", "ratio", "days", "rows", "count", "times"]


_LONG = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
KB = 1024
MB = KB**2
GB = KB**3
_LONGEST_STATEMENT = 300


def number(value: Any) -> float | None:
    """A column's value as a float: an interval in seconds, a time in seconds since 1970."""
    if value is None:
        return None
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, dt.datetime):
        return value.timestamp()
    return float(value)


def in_words(figure: float, unit: Unit | None) -> str:
    """The figure with its unit."""
    if unit == "seconds":
        return _seconds(figure)
    if unit == "bytes":
        return _bytes(figure)
    if unit == "ratio":
        return f"{figure * 100:.3g}%" if figure < 1 else f"{figure * 100:.0f}%"
    if unit == "ms" and figure >= 10_000:
        return _seconds(figure / 1000)
    if unit == "ms":
        return f"{figure:,.3g} ms" if figure < 1000 else f"{figure:,.0f} ms"
    if unit == "days":
        return f"{figure:,.0f} days"
    if unit == "times":
        return f"{figure:,.3g} times" if figure < 1000 else f"{figure:,.0f} times"
    return f"{figure:,.0f}" + (" rows" if unit == "rows" else "")


def ms(value: float) -> str:
    """Milliseconds to three figures, with the unit."""
    return f"{value:.3g} ms" if value < 1000 else f"{value:,.0f} ms"


def mb(count: float) -> str:
    """Bytes as MB with one decimal, for columns of comparable figures."""
    return f"{count / MB:,.1f} MB"


def markdown_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], words: int | None = None
) -> str:
    """A Markdown table; the first ``words`` columns hold words, those after them figures.

    Words stand at the left, figures at the right. Without ``words`` all columns are words.
    """
    left = len(columns) if words is None else words
    rule = ["---" if number < left else "---:" for number in range(len(columns))]
    return "\n".join(_row(cells) for cells in (columns, rule, *rows)) + "\n"


def plural(count: int, noun: str, several: str = "") -> str:
    """``1 session``, ``3 sessions``, ``2 indexes``."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def one_line(statement: str | None, longest: int = _LONGEST_STATEMENT) -> str:
    """A statement without line breaks and other control characters, cut if it is very long.

    An escape sequence in another user's statement must not reach this terminal.
    """
    text = " ".join(printable(statement or "").split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def printable(text: str) -> str:
    """The text with a space for each control character; names may contain them too."""
    return "".join(c if c.isprintable() else " " for c in text)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _seconds(figure: float) -> str:
    if 0 < figure < 1:
        return f"{figure * 1000:.0f} ms"
    if figure < 10:
        return f"{figure:.3g} s"
    rest, parts = int(figure), []
    for size, name in _LONG:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])


def _bytes(figure: float) -> str:
    for name in ("bytes", "kB", "MB", "GB"):
        if abs(figure) < KB:
            return f"{figure:.0f} {name}" if name == "bytes" else f"{figure:.3g} {name}"
        figure /= KB
    return f"{figure:,.3g} TB"
