"""What a promotion did not know: spellings of teams and keys of books, with near matches."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from mlb_perf.formatting import LONGEST_VALUE, plural, printable
from mlb_perf.names import shell_word
from mlb_perf.pipeline.promote.session import ask


def unknown_names(connection: Connection) -> Iterator[str]:
    """A line for each, the most frequent first, and what to type; nothing if all were known.

    The connection is one of :func:`mlb_perf.pipeline.promote.session.promoting`.
    """
    found = [*_lines(connection, "team", "game"), *_lines(connection, "book", "record")]
    if found:
        yield "not known (add it with mlb-perf alias, then run mlb-perf promote --retry):"
        yield from found


def _lines(connection: Connection, kind: str, counted: str) -> Iterator[str]:
    for row in ask(connection, f"unknown_{kind}s.sql"):
        times = plural(row.times, counted)
        meant = f"; near: {row.near}" if row.near else ""
        name = printable(shell_word(row.name), LONGEST_VALUE)
        yield f"  {kind} {name} of {row.source}, {times}{meant}"
