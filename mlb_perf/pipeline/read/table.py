"""Records out of the rows of a CSV: its header, rows of other widths, rows that belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read import csv
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import malformed, place
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.files import Line
from mlb_perf.pipeline.read.limits import USUAL, Limits
from mlb_perf.pipeline.read.sources.source import CsvSource, Values
from mlb_perf.pipeline.records import Empty, Item

_TITLE_ROWS = 10
"""Rows that may stand before the header."""

_SAMPLE = 200
"""Rows that show what kind of prices a file has."""

_SEPARATORS = {";": ";", "\t": "tab", "|": "|"}


def table(
    source: CsvSource, lines: Iterable[Line], name: str, limits: Limits = USUAL
) -> Iterator[Item]:
    """The records of a file of rows, in their order."""
    rows = csv.rows(lines, source.layout.delimiter, limits.columns)
    columns = header(source, rows, name) if source.has_header else []
    record = source.record
    if source.prepare is not None:
        sample = list(islice(rows, _SAMPLE))
        readable = [row for row in sample if not row.problem and len(row.fields) >= len(columns)]
        record = source.prepare([_zipped(columns, row) for row in readable])
        rows = chain(sample, rows)
    waiting: list[Row] = []
    while row := waiting.pop() if waiting else next(rows, None):
        origin = place(name, row.number)
        if columns and [field.strip() for field in row.fields] == columns:
            yield Empty(origin, "the header again")
            continue
        try:
            values = _values(columns, row)
            if source.join is not None:
                # A row that does not belong to this one begins the next game.
                waiting = list(islice(rows, 1))
                values = source.join(values, _second(columns, waiting))
                waiting = []
            yield record(values, row, origin)
        except Refusal as refusal:
            yield malformed(source.table, origin, refusal, row.text)


def header(source: CsvSource, rows: Iterator[Row], name: str) -> list[str]:
    """The names of the columns, of the first row that has those that are needed.

    Each of these must be there once. Raises :class:`~mlb_perf.errors.LoadFailed`.
    """
    first: Row | None = None
    for row in islice(rows, _TITLE_ROWS):
        columns = [field.strip() for field in row.fields]
        first = first or row
        if not row.problem and set(columns).issuperset(source.needed):
            if twice := [column for column in source.needed if columns.count(column) > 1]:
                raise LoadFailed(
                    f"{name} has the column {twice[0]} more than once: {', '.join(columns)}; "
                    "rename one"
                )
            return columns
    if first is None or first.problem:
        raise LoadFailed(f"{name} has no header: {first.problem if first else 'it is empty'}")
    raise LoadFailed(_lacking(source, first, name))


def _lacking(source: CsvSource, row: Row, name: str) -> str:
    for separator, told in _SEPARATORS.items():
        if separator != source.layout.delimiter and separator in row.text:
            return f"{name} is separated by {told}: say --delimiter '{told}'"
    there = [field.strip() for field in row.fields]
    missing = next(column for column in source.needed if column not in there)
    return f"{name} has no column {missing}; it has {', '.join(there)}"


def _second(columns: list[str], following: list[Row]) -> Values:
    """The game's second row."""
    if not following:
        raise Refusal("the game's second row is missing")
    return _values(columns, following[0])


def _values(columns: list[str], row: Row) -> Values:
    """The row by its columns; blank fields after the last column are left out."""
    if row.problem:
        raise Refusal(row.problem)
    further = row.fields[len(columns) :] if columns else []
    if len(row.fields) < len(columns) or any(field.strip() for field in further):
        raise Refusal(f"{len(row.fields)} fields; the header has {len(columns)}")
    return _zipped(columns, row)


def _zipped(columns: list[str], row: Row) -> Values:
    """Columns without a name are nobody's."""
    pairs = zip(columns, row.fields, strict=False)
    return {column: field for column, field in pairs if column}
