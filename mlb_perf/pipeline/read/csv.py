"""Rows of a CSV, one line at a time, so that a stray quote spoils its own row and no other."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mlb_perf.pipeline.read.files import Line
from mlb_perf.pipeline.read.limits import USUAL

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


def rows(
    lines: Iterable[Line], delimiter: str = ",", columns: int = USUAL.columns
) -> Iterator[Row]:
    """The rows but for blank ones, in their order; one of more ``columns`` is a problem.

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
        if len(row.fields) > columns:
            told = f"it has {len(row.fields):,} columns; if it is sound, say --limit columns="
            row = row._replace(fields=[], problem=told)
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
    taken: list[str] = []

    def texts() -> Iterator[str]:
        for number in range(_MOST_LINES + 1):
            if number > len(waiting):
                if (further := next(source, None)) is None:
                    return
                waiting.append(further)
            data = waiting[number - 1].data if number else line.data
            taken.append(data.decode() + "\n")
            yield taken[-1]

    try:
        fields = next(csv.reader(texts(), strict=True, delimiter=delimiter))
    except (csv.Error, UnicodeDecodeError):
        return None
    # Of another width, the quote was a stray one, and met the next by chance.
    if width not in (None, len(fields)):
        return None
    del waiting[: len(taken) - 1]
    return Row(line.number, "".join(taken).removesuffix("\n"), fields)
