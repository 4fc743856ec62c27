"""Figures for people: 93.4 s is ``1 min 33 s``, 1 MB is 1,048,576 bytes.

The units of bytes are those of PostgreSQL's settings and of pg_size_pretty.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from typing import Any, Literal

Unit = Literal["seconds", "ms", "bytes", "ratio", "days", "rows", "count", "times"]


_LONG = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
KB = 1024
MB = KB**2
GB = KB**3
_LONGEST_STATEMENT = 300
LONGEST_VALUE = 200
"""Characters of a value from outside that one line of output shows."""


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
    """A statement as :func:`printable`, one space for each run of blanks, cut if it is long."""
    return _cut(" ".join(printable(statement or "").split()), longest)


def printable(text: str, longest: int | None = None) -> str:
    """Text from outside, for one line of a terminal: a name, a reason, a header, a file's name.

    Control characters (C0, C1, DEL) and those that turn the direction of writing are written as
    Python writes them, ``\\x1b``; line breaks and other blanks are spaces. ``longest``: cut it.
    """
    if text.isprintable():
        return text if longest is None else _cut(text, longest)
    shown = "".join(" " if c.isspace() else _escaped(c) for c in text)
    return shown if longest is None else _cut(shown, longest)


def printable_lines(text: str) -> str:
    """Several lines of output, each as :func:`printable`; tabs stay."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))


class Printable(logging.Formatter):
    """Log lines in which text from outside moves no cursor and sets no title."""

    def format(self, record: logging.LogRecord) -> str:
        return printable_lines(super().format(record))


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 3] + "..."


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
