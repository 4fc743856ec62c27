"""Records out of files and responses; nothing here speaks to a database."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read import checks, csv
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed, place
from mlb_perf.pipeline.read.files import InputFile, Line
from mlb_perf.pipeline.read.json import Cursor
from mlb_perf.pipeline.read.layout import CSV, Layout
from mlb_perf.pipeline.read.limits import USUAL, Limits
from mlb_perf.pipeline.read.numbers import Prices
from mlb_perf.pipeline.read.sources import (
    CsvSource,
    Head,
    JsonSource,
    LineHistory,
    MappedResults,
    find,
    recognise,
)
from mlb_perf.pipeline.read.sources import listed as listed_sources
from mlb_perf.pipeline.read.table import header, table
from mlb_perf.pipeline.records import TEXT_KEPT, Item, Malformed, RawRecord

_LINES_TRIED = 20
_EXCEL = (b"PK\x03\x04", b"PK ", b"\xd0\xcf\x11\xe0")
_ERROR_MEMBERS = ("error_code", "message", "error", "detail")
_LONGEST_ERROR = 10_000
_ALWAYS_ALLOWED = 1024 * 1024
_SAVED_MOMENTS = ("collected_at", "committed_at")


def read_file(
    path: str | os.PathLike[str],
    source: str | None = None,
    collected_at: dt.datetime | str | None = None,
    *,
    line_history: LineHistory | MappedResults | None = None,
    layout: Layout | None = None,
    odds_format: Prices | None = None,
    on_bytes: Callable[[int], None] | None = None,
    limits: Limits = USUAL,
) -> Iterator[Item]:
    """The records of a file, gzip or not, one after the other.

    ``source``: None is recognised from the content. ``collected_at``: for responses that carry
    no moment; None is the file's modification time; naive is UTC. ``layout``: how a file of rows
    is written. ``odds_format``: the kind of prices, where a response does not show it.
    ``on_bytes`` gets the number of bytes read so far. ``limits``: what no file may exceed. A
    record that cannot be loaded is a :class:`~mlb_perf.pipeline.records.Malformed`;
    :class:`~mlb_perf.errors.LoadFailed` is raised for a file that cannot be read at all.
    """
    path = Path(path)
    moment = _given(collected_at)
    layout = layout or (line_history.layout if line_history else CSV)
    with InputFile(path, on_bytes, layout.encoding, limits) as data:
        found = _source(data, path, source, line_history, layout)
        if moment is None and isinstance(found, JsonSource) and found.needs_moment:
            moment = _modified(path)
        hints: dict[str, str] = {"odds_format": odds_format} if odds_format else {}
        yield from _records(data, found, path.name, moment, hints, limits)


def read_response(
    body: bytes | str,
    source: str,
    collected_at: dt.datetime | str | None = None,
    *,
    name: str | None = None,
    odds_format: Prices | None = None,
    limits: Limits = USUAL,
) -> Iterator[Item]:
    """The records of one response of a JSON source; ``name`` is what their origins begin with."""
    found = find(source)
    if not isinstance(found, JsonSource):
        raise LoadFailed(f"{source} comes as files: read it with read_file")
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    context = Context(name or source, _given(collected_at))
    if odds_format:
        context.hints["odds_format"] = odds_format
    if found.needs_moment and context.collected_at is None:
        raise LoadFailed(f"a response of {source} says nothing of its moment: give collected_at")
    yield from _document(found, Line(1, data), context, limits)


def recognised(
    path: Path,
    source: str | None = None,
    line_history: LineHistory | MappedResults | None = None,
    layout: Layout | None = None,
    limits: Limits = USUAL,
) -> str:
    """The name of a file's source, once its beginning is found to be what that source needs.

    Raises :class:`~mlb_perf.errors.LoadFailed`.
    """
    layout = layout or (line_history.layout if line_history else CSV)
    with InputFile(path, encoding=layout.encoding, limits=limits) as data:
        found = _source(data, path, source, line_history, layout)
        if isinstance(found, CsvSource) and found.has_header:
            rows = csv.rows(data.lines(), found.layout.delimiter, limits.columns)
            header(found, rows, path.name)
    return found.name


def _source(
    data: InputFile,
    path: Path,
    name: str | None,
    options: LineHistory | MappedResults | None,
    layout: Layout,
) -> JsonSource | CsvSource:
    """The source that is named, or whose signs the file's beginning shows."""
    head = data.head()
    if head.startswith(_EXCEL):
        raise LoadFailed(f"{path} is an Excel file: save it as CSV, and load that")
    if name is None and options is not None:
        name = "line_history" if isinstance(options, LineHistory) else "game_results"
    if name is not None:
        options = options.called(_stem(path)) if options else None
        found = find(name, options, is_json=Head(head).is_json)
        return replace(found, layout=layout) if isinstance(found, CsvSource) else found
    if not head.strip():
        raise LoadFailed(f"{path}: {data.problem}" if data.problem else f"{path} is empty")
    found_source = recognise(head, layout.delimiter)
    if found_source is None:
        raise LoadFailed(
            f"{path} is of no source that is known by its content; name it with --source NAME:\n"
            + listed_sources()
        )
    if isinstance(found_source, CsvSource):
        return replace(found_source, layout=layout)
    return found_source


def _records(
    data: InputFile,
    source: JsonSource | CsvSource,
    name: str,
    moment: dt.datetime | None,
    hints: dict[str, str],
    limits: Limits,
) -> Iterator[Item]:
    if isinstance(source, CsvSource):
        yield from table(source, data.lines(), name, limits)
    elif _is_json_lines(data.first_lines()):
        for line in data.lines():
            if not line.is_blank:
                context = Context(name, moment, line.number, hints=hints)
                yield from _document(source, line, context, limits)
    else:
        yield from _document(source, data.whole(), Context(name, moment, hints=hints), limits)


def _is_json_lines(lines: list[bytes]) -> bool:
    """Whether each line is a document, or most are: a broken one must not make them all one."""
    tried = lines[:_LINES_TRIED]
    return len(lines) > 1 and 2 * sum(map(_is_document, tried)) >= len(tried)


def _is_document(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError, MemoryError):
        return False


def _document(source: JsonSource, line: Line, context: Context, limits: Limits) -> Iterator[Item]:
    """The records of a JSON text, all of them or, where it is broken, none."""
    try:
        if line.problem:
            raise Refusal(line.problem)
        most = limits.growth * len(line.data) + _ALWAYS_ALLOWED
        items = _read(source, _decoded(line.data), context, most)
    except (Refusal, MemoryError) as caught:
        origin = place(context.name, line.number)
        reason = _said_by_the_api(line.data) or str(caught)
        if isinstance(caught, MemoryError):
            reason = "it needs more memory than there is"
            line = line._replace(data=line.data[:TEXT_KEPT])
        items = [malformed(source.table, origin, reason, line.readable)]
    yield from items


def _read(source: JsonSource, text: str, context: Context, most: int) -> list[Item]:
    """The records of a text, the quick way where the source has one and it reads the text."""
    if source.sound is not None:
        # The other way finds the fault, if there is one, and names it.
        with suppress(Refusal):
            return list(_bounded(source.sound(text, replace(context)), most))
    cursor = Cursor(text)
    if cursor.peek() not in ("{", "["):
        raise Refusal("not JSON: neither an object nor an array")
    items = list(_bounded(_responses(source, cursor, context), most))
    cursor.end()
    return items


def _bounded(items: Iterator[Item], most: int) -> Iterator[Item]:
    """The items; refused if their texts together have more characters than ``most``.

    The record of each bookmaker repeats its event, so a long event with many of them is short in
    the file, and not in memory.
    """
    held = 0
    for item in items:
        if isinstance(item, RawRecord):
            held += len(item.payload)
        elif isinstance(item, Malformed):
            held += len(item.text)
        if held > most:
            raise Refusal("its records would be far longer than itself; see --limit growth=")
        yield item


def _said_by_the_api(data: bytes) -> str | None:
    """The message of an error that was saved in place of an answer."""
    if len(data) > _LONGEST_ERROR:
        return None
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    body = body.get("payload", body) if isinstance(body, dict) else None
    if not isinstance(body, dict):
        return None
    told = [str(body[name]) for name in _ERROR_MEMBERS if isinstance(body.get(name), str)]
    return f"the API answered with an error: {'; '.join(told)[:500]}" if told else None


def _responses(source: JsonSource, cursor: Cursor, context: Context) -> Iterator[Item]:
    """The records of the response here, or of the one that the object here saves as ``payload``."""
    begin = cursor.at
    if cursor.peek() == "{" and '"payload"' in cursor.text:
        if source.needs_moment or '"last_update"' not in cursor.text:
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
