"""Figures as a person reads them, and as numbers: 93.4 s is ``1 min 33 s``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.dialects import postgresql

from mlb_perf.monitor.findings import Unit

_LONG = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_KIB = 1024
_PREPARER = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]
_LONGEST_STATEMENT = 300


def number(value: Any) -> float | None:
    """A column's value as a float: an interval in seconds, a moment in seconds since 1970."""
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


def plural(count: int, noun: str, several: str = "") -> str:
    """``1 session``, ``3 sessions``, ``2 indexes``."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def one_line(statement: str | None, longest: int = _LONGEST_STATEMENT) -> str:
    """A statement without line breaks and other control characters, cut where it is very long.

    What others typed is shown on a terminal: an escape sequence in it must not act there.
    """
    text = " ".join(printable(statement or "").split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def printable(text: str) -> str:
    """The text with a space for each control character, which a name may hold too."""
    return "".join(c if c.isprintable() else " " for c in text)


def identifier(*names: str) -> str:
    """The names as SQL takes them, quoted where they must be: ``curated."My Table"``."""
    return ".".join(_PREPARER.quote(name) for name in names)


def literal(text: str) -> str:
    """The text as SQL takes a string."""
    return "'" + text.replace("'", "''") + "'"


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
        if abs(figure) < _KIB:
            return f"{figure:.0f} {name}" if name == "bytes" else f"{figure:.3g} {name}"
        figure /= _KIB
    return f"{figure:,.3g} TB"
