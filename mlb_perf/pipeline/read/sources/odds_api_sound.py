"""Sound responses of The Odds API, cut by msgspec: the rows that :mod:`.odds_api` reads in them.

:func:`items` raises :class:`Refusal` for a response that is not laid out as the API and the
archives of its responses do it; :mod:`.odds_api` reads any. A bookmaker out of the ordinary does
not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Raw

from mlb_perf.pipeline.read import checks, sound
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed
from mlb_perf.pipeline.read.json import Cursor
from mlb_perf.pipeline.read.sources.odds_api_books import (
    BOOKMAKERS,
    ENVELOPE,
    KEYED,
    OWN_LENGTH,
    TABLE,
    note_prices,
    payload,
    record,
)
from mlb_perf.pipeline.records import Empty, Item, RawRecord

T = TypeVar("T")


class _Event(msgspec.Struct):
    id: str | int
    bookmakers: list[Raw]


class _Historical(msgspec.Struct):
    timestamp: str
    data: list[_Event]


class _Saved(msgspec.Struct, Generic[T]):
    payload: T


class _Book(msgspec.Struct):
    key: str | int
    last_update: str | None = None


_Shapes: TypeAlias = tuple[sound.Shape[Any], sound.Shape[Any]]
_Position: TypeAlias = Generator[Item, None, int]
"""Yields records, and returns where in the text it is after them."""

# Of each shape: a response as it came, and one saved as ``payload``.
_EVENTS: _Shapes = (sound.Shape(list[_Event]), sound.Shape(_Saved[list[_Event]]))
_BY_KEY: _Shapes = (
    sound.Shape(dict[str, list[_Event]]),
    sound.Shape(_Saved[dict[str, list[_Event]]]),
)
_HISTORICAL: _Shapes = (sound.Shape(_Historical), sound.Shape(_Saved[_Historical]))
_BOOK: sound.Shape[_Book] = sound.Shape(_Book)


def items(text: str, context: Context) -> Iterator[Item]:
    """The rows of a response, saved as ``payload`` or not."""
    sound.require_plain(text)
    at = sound.blank(text, 0)
    if text[at : at + 1] != "{" or '"payload"' not in text:
        yield from _response(text, at, context, is_saved=False)
        return
    if '"last_update"' not in text:
        raise Refusal("its moment may be the one that it was saved with")
    at = _value(text, at, "payload")
    end = yield from _response(text, at, context, is_saved=True)
    _require_no_second(text, end, "payload")


def _response(text: str, at: int, context: Context, *, is_saved: bool) -> _Position:
    read: Callable[[str, int, Any, Context], _Position]
    if text[at : at + 1] == "[":
        shapes, read = _EVENTS, _array
    elif KEYED.match(text, at):
        shapes, read = _BY_KEY, _by_key
    elif ENVELOPE.search(text, at):
        shapes, read = _HISTORICAL, _historical
    else:
        raise Refusal("not a list of events")
    alone, saved = shapes
    found = saved.of(text).payload if is_saved else alone.of(text)
    note_prices(text, at, context)
    return read(text, at, found, context)


def _by_key(text: str, at: int, lists: dict[str, list[_Event]], context: Context) -> _Position:
    """``{key: [event, ...]}``; a key that is there twice is not where it should be."""
    at = sound.after(text, at, "{")
    for key, events in lists.items():
        at = sound.after(text, sound.after(text, at, f'"{key}"'), ":")
        at = yield from _array(text, at, events, context)
        at = sound.after_comma(text, at)
    return sound.after(text, at, "}")


def _historical(text: str, at: int, found: _Historical, context: Context) -> _Position:
    """``{timestamp, data: [event, ...]}``, each of the two once, in any order."""
    begin = _value(text, at, "data")
    context.said = found.timestamp
    end = yield from _array(text, begin, found.data, context)
    _require_no_second(text, end, "data")
    if text.count('"timestamp"', at, begin) + text.count('"timestamp"', end) != 1:
        raise Refusal("more than one timestamp")
    return end


def _array(text: str, at: int, events: list[_Event], context: Context) -> _Position:
    if not events:
        yield Empty(context.origin(), "the response has no events")
    at = sound.after(text, at, "[")
    for event in events:
        at = yield from _event(text, at, event, context)
        at = sound.after_comma(text, at)
    return sound.after(text, at, "]")


def _event(text: str, at: int, event: _Event, context: Context) -> _Position:
    """The rows of an event whose bookmakers are its last member, as the API lays it out."""
    books = [sound.cut(book) for book in event.bookmakers]
    most = at + OWN_LENGTH
    near = text.find('"bookmakers"', at, most)
    found = BOOKMAKERS.search(text, near, most) if near >= 0 else None
    # An equal list within another member is not followed by the end of an event.
    if found is None or text[at] != "{":
        raise Refusal("no bookmakers")
    end = sound.after(text, sound.after_all(text, sound.blank(text, found.end()), books), "}")
    if sound.may_hold_long_number(text[at:end]):
        raise Refusal("a number may be too long")
    origin, before = context.origin(), text[at : found.end()]
    game_id = checks.key(event.id, "id")
    if not books:
        yield Empty(origin, f"no bookmaker quotes event {game_id}")
    for book in books:
        yield _row(game_id, book, payload(before, book, context), context, origin)
    return end


def _row(game_id: str, book: str, payload: str, context: Context, origin: str) -> Item:
    try:
        its = _usual(book)
        if its is None:
            return record(game_id, Cursor(book).leaf(), payload, context, origin)
        moment = checks.moment(its.last_update, "last_update")
        key = checks.key(its.key, "bookmaker key")
    except Refusal as refusal:
        return malformed(TABLE, origin, refusal, payload, game_id)
    return RawRecord(TABLE, game_id, moment, payload, origin, key)


def _usual(book: str) -> _Book | None:
    """A bookmaker with a key and a moment of the usual kinds; None if it needs a closer look."""
    try:
        its = _BOOK.of(book)
    except Refusal:
        return None
    return None if its.last_update is None else its


def _value(text: str, at: int, name: str) -> int:
    """Where the value of the first member of that name begins, if it is a member's name."""
    begin = text.find(f'"{name}"', at)
    return sound.after(text, sound.after(text, begin, f'"{name}"'), ":")


def _require_no_second(text: str, at: int, name: str) -> None:
    if text.find(f'"{name}"', at) >= 0:
        raise Refusal(f"more than one {name}")
