"""Records out of files and responses; nothing here speaks to a database."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read import checks, csv
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed, place
from mlb_perf.pipeline.read.csv import Row
from mlb_perf.pipeline.read.files import InputFile, Line
from mlb_perf.pipeline.read.json import Cursor
from mlb_perf.pipeline.read.sources import CsvSource, JsonSource, LineHistory, find, recognise
from mlb_perf.pipeline.read.sources import listed as listed_sources
from mlb_perf.pipeline.records import Item

_LINES_TRIED = 20
_SAVED_MOMENTS = ("collected_at", "committed_at")


def read_file(
    path: str | os.PathLike[str],
    source: str | None = None,
    collected_at: dt.datetime | str | None = None,
    *,
    line_history: LineHistory | None = None,
    on_bytes: Callable[[int], None] | None = None,
) -> Iterator[Item]:
    """The records of a file, gzip or not, one after the other.

    ``source``: None is recognised from the content. ``collected_at``: for responses that carry
    no moment; None is the file's modification time; naive is UTC. ``on_bytes`` is told how many
    bytes of the file are read. A record that cannot be loaded is a
    :class:`~mlb_perf.pipeline.records.Malformed`; :class:`~mlb_perf.errors.LoadFailed` is raised
    for a file that cannot be read at all.
    """
    path = Path(path)
    moment = _given(collected_at)
    with InputFile(path, on_bytes) as data:
        found = _source(data, path, source, line_history)
        if moment is None and isinstance(found, JsonSource) and found.needs_moment:
            moment = _modified(path)
        yield from _records(data, found, path.name, moment)


def read_response(
    body: bytes | str,
    source: str,
    collected_at: dt.datetime | str | None = None,
    *,
    name: str | None = None,
) -> Iterator[Item]:
    """The records of one response of a JSON source; ``name`` is what their origins begin with."""
    found = find(source)
    if not isinstance(found, JsonSource):
        raise LoadFailed(f"{source} comes as files: read it with read_file")
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    context = Context(name or source, _given(collected_at))
    if found.needs_moment and context.collected_at is None:
        raise LoadFailed(f"a response of {source} says nothing of its moment: give collected_at")
    yield from _document(found, Line(1, data), context)


def recognised(
    path: Path, source: str | None = None, line_history: LineHistory | None = None
) -> str:
    """The name of a file's source, once its beginning is found to be what that source needs.

    Raises :class:`~mlb_perf.errors.LoadFailed`.
    """
    with InputFile(path) as data:
        found = _source(data, path, source, line_history)
        if isinstance(found, CsvSource) and found.has_header:
            _header(found, next(csv.rows(data.lines()), None), path.name)
    return found.name


def _source(
    data: InputFile, path: Path, name: str | None, options: LineHistory | None
) -> JsonSource | CsvSource:
    """The source that is named, or whose signs the file's beginning shows."""
    if name is None and options is not None:
        name = "line_history"
    if name is not None:
        return find(name, options.called(_stem(path)) if options else None)
    head = data.head()
    if not head.strip():
        raise LoadFailed(f"{path}: {data.problem}" if data.problem else f"{path} is empty")
    found = recognise(head)
    if found is None:
        raise LoadFailed(
            f"{path} is of no source that is known by its content; name it with --source NAME:\n"
            + listed_sources()
        )
    return found


def _records(
    data: InputFile, source: JsonSource | CsvSource, name: str, moment: dt.datetime | None
) -> Iterator[Item]:
    if isinstance(source, CsvSource):
        yield from _rows(source, data.lines(), name)
    elif _is_json_lines(data.first_lines()):
        for line in data.lines():
            if not line.is_blank:
                yield from _document(source, line, Context(name, moment, line.number))
    else:
        yield from _document(source, data.whole(), Context(name, moment))


def _is_json_lines(lines: list[bytes]) -> bool:
    """Whether each line is a document, or most are: a broken one must not make them all one."""
    tried = lines[:_LINES_TRIED]
    return len(lines) > 1 and 2 * sum(map(_is_document, tried)) >= len(tried)


def _is_document(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _document(source: JsonSource, line: Line, context: Context) -> Iterator[Item]:
    """The records of a JSON text, all of them or, where it is broken, none."""
    try:
        if line.problem:
            raise Refusal(line.problem)
        cursor = Cursor(_decoded(line.data))
        if cursor.peek() not in ("{", "["):
            raise Refusal("not JSON: neither an object nor an array")
        items = list(_responses(source, cursor, context))
        cursor.end()
    except Refusal as refusal:
        origin = place(context.name, line.number)
        items = [malformed(source.table, origin, refusal, line.readable)]
    yield from items


def _responses(source: JsonSource, cursor: Cursor, context: Context) -> Iterator[Item]:
    """The records of the response here, or of the one that the object here saves as ``payload``."""
    begin = cursor.at
    if cursor.peek() == "{" and '"payload"' in cursor.text:
        if source.needs_moment:
            context.said = _saved_moment(cursor)
            cursor.at = begin
        saved = False
        for name in cursor.members():
            if name == "payload":
                saved = True
                yield from source.items(cursor, context)
        if saved:
            return
        cursor.at = begin
    yield from source.items(cursor, context)


def _saved_moment(cursor: Cursor) -> Any:
    members = {name: cursor.leaf().value for name in cursor.members()}
    if "payload" not in members:
        return None
    return next((members[name] for name in _SAVED_MOMENTS if name in members), None)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refusal(f"not UTF-8 at byte {error.start + 1:,}") from None


def _rows(source: CsvSource, lines: Iterable[Line], name: str) -> Iterator[Item]:
    rows = csv.rows(lines)
    header: list[str] = []
    if source.has_header:
        first = next(rows, None)
        header = _header(source, first, name)
    for row in rows:
        origin = place(name, row.number)
        try:
            yield source.record(_values(header, row), row, origin)
        except Refusal as refusal:
            yield malformed(source.table, origin, refusal, row.text)


def _header(source: CsvSource, row: Row | None, name: str) -> list[str]:
    """The names of the columns; each must be there once, and those that are needed must be."""
    if row is None or row.problem:
        raise LoadFailed(f"{name} has no header: {row.problem if row else 'it is empty'}")
    columns = row.fields
    there = ", ".join(columns)
    if missing := [column for column in source.needed if column not in columns]:
        raise LoadFailed(f"{name} has no column {missing[0]}; it has {there}")
    if twice := [column for column in columns if columns.count(column) > 1]:
        raise LoadFailed(f"{name} has the column {twice[0]} more than once: {there}; rename one")
    return columns


def _values(header: list[str], row: Row) -> dict[str, str]:
    if row.problem:
        raise Refusal(row.problem)
    if header and len(row.fields) != len(header):
        raise Refusal(f"{len(row.fields)} fields; the header has {len(header)}")
    return dict(zip(header, row.fields, strict=False))


def _given(value: dt.datetime | str | None) -> dt.datetime | None:
    if value is None:
        return None
    try:
        if isinstance(value, str):
            return checks.moment(value, "collected_at")
        return checks.in_range(value, "collected_at")
    except Refusal as refusal:
        raise LoadFailed(f"{refusal}; write it as 2026-07-01T18:30:00Z") from None


def _modified(path: Path) -> dt.datetime:
    """When the file was last written, to the second: copies keep that, and often no more."""
    seconds = int(path.stat().st_mtime)
    try:
        return checks.in_range(dt.datetime.fromtimestamp(seconds, dt.UTC), "its modification time")
    except Refusal as refusal:
        raise LoadFailed(f"{path}: {refusal}; give --collected-at") from None


def _stem(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return name.rpartition(".")[0] or name
