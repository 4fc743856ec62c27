"""Rows of a CSV, one line at a time, so that a stray quote spoils its own row and no other."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mlb_perf.pipeline.read.files import Line

_MOST_LINES = 50
"""Lines that one quoted field may run over."""

_LONGEST_FIELD = 2**30

_UNCLOSED = "not CSV: a quote is not closed"


class Row(NamedTuple):
    """A row with the number of its first line; ``problem`` says why there are no fields."""

    number: int
    text: str
    fields: list[str]
    problem: str | None = None


def rows(lines: Iterable[Line], delimiter: str = ",") -> Iterator[Row]:
    """The rows but for blank ones, in their order.

    A quoted field may go on over lines; one that is never closed ends with its line.
    """
    # The limit is the module's own and guards against what is handled here.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_FIELD))
    source = iter(lines)
    waiting: list[Line] = []
    width: int | None = None
    while line := waiting.pop(0) if waiting else next(source, None):
        if line.is_blank:
            continue
        row, problem = _parse(line, delimiter)
        if row is None and problem == _UNCLOSED:
            row = _over_lines(line, waiting, source, width, delimiter)
        if row is None:
            row = Row(line.number, line.readable, [], problem)
        width = width or len(row.fields)
        yield row


def _parse(line: Line, delimiter: str) -> tuple[Row | None, str | None]:
    if line.problem:
        return None, line.problem
    try:
        text = line.data.decode()
    except UnicodeDecodeError as error:
        return None, (
            f"not UTF-8 at byte {error.start + 1:,} of the line; say --encoding, such as cp1252"
        )
    try:
        fields = next(csv.reader([text], strict=True, delimiter=delimiter))
    except csv.Error as error:
        unclosed = "unexpected end of data" in str(error)
        return None, _UNCLOSED if unclosed else f"not CSV: {error}"
    return Row(line.number, text, fields), None


def _over_lines(
    line: Line, waiting: list[Line], source: Iterator[Line], width: int | None, delimiter: str
) -> Row | None:
    """The row of a field that goes on; ``waiting`` keeps the lines that are not part of it."""
    data = line.data
    for taken in range(_MOST_LINES):
        if taken == len(waiting):
            if (further := next(source, None)) is None:
                return None
            waiting.append(further)
        data += b"\n" + waiting[taken].data
        row, problem = _parse(line._replace(data=data), delimiter)
        # Of another width, the quote was a stray one, and met the next by chance.
        if row is not None and width in (None, len(row.fields)):
            del waiting[: taken + 1]
            return row
        if problem != _UNCLOSED:
            return None
    return None
