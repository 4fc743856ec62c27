"""The Odds API v4, ``/v4/sports/baseball_mlb/odds``: an array of events.

``{id, commence_time, home_team, away_team, bookmakers: [{key, last_update, markets: [...]}]}``

One event by itself is read too, and arrays under keys of somebody's own.
A row is one event at one bookmaker; its payload is the event with that bookmaker alone. The
moment is the bookmaker's ``last_update``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed
from mlb_perf.pipeline.read.json import Cursor, Leaf, joined
from mlb_perf.pipeline.read.sources.source import Head, JsonSource
from mlb_perf.pipeline.records import Empty, Item, RawRecord

TABLE = "odds_api_odds"


_BOOKMAKERS = re.compile(r'"bookmakers"\s*:\s*\[')
_OWN_LENGTH = 4096
_KEYED = re.compile(r'\{\s*"(?!bookmakers")[^"]*"\s*:\s*\[')


def items(cursor: Cursor, context: Context) -> Iterator[Item]:
    """The rows of an array of events, of one event, or of ``{key: [event, ...]}``."""
    if cursor.peek() == "[":
        yield from _array(cursor, context)
    elif cursor.peek() != "{":
        raise Refusal("neither an array of events nor an event")
    elif _KEYED.match(cursor.text, cursor.at):
        for _ in cursor.members():
            yield from _array(cursor, context)
    else:
        yield from _event(cursor, context)


def _array(cursor: Cursor, context: Context) -> Iterator[Item]:
    none = True
    for _ in cursor.elements():
        none = False
        yield from _event(cursor, context)
    if none:
        yield Empty(context.origin(), "the response has no events")


def _event(cursor: Cursor, context: Context) -> Iterator[Item]:
    origin, begin = context.origin(), cursor.at
    event = _read_quickly(cursor) or _read(cursor)
    try:
        game_id = event.game_id()
    except Refusal as refusal:
        yield malformed(TABLE, origin, refusal, cursor.text[begin : cursor.at], event.id.value)
        return
    if not event.books:
        yield Empty(origin, f"no bookmaker quotes event {game_id}")
        return
    for book in event.books:
        payload = f"{event.before}{book.text}]}}"
        try:
            yield _record(game_id, book, payload, origin)
        except Refusal as refusal:
            yield malformed(TABLE, origin, refusal, payload, game_id)


class _Event(NamedTuple):
    """``before`` is its text up to the first bookmaker; the bookmakers end it."""

    id: Leaf
    books: list[Leaf]
    before: str
    problem: str | None = None

    def game_id(self) -> str:
        if self.problem:
            raise Refusal(self.problem)
        return checks.key(self.id.value, "id")


_NOTHING = Leaf(None, "", None)


def _read_quickly(cursor: Cursor) -> _Event | None:
    """The event here if it is laid out as the API does it, with the bookmakers at its end.

    The members before them are decoded in one go. None, with the cursor where it was, if not.
    """
    found = _BOOKMAKERS.search(cursor.text, cursor.at, cursor.at + _OWN_LENGTH)
    if found is None or cursor.peek() != "{":
        return None
    begin, before = cursor.at, cursor.text[cursor.at : found.end()]
    try:
        own = Cursor(before + "]}").leaf()
    except Refusal:
        return None
    # Elsewhere than at the top it would be another's list.
    if own.problem or len(own.text) != len(before) + 2 or own.value.get("bookmakers") != []:
        return None
    cursor.at = found.end() - 1
    books = cursor.leaves()
    if cursor.peek() != "}":
        cursor.at = begin
        return None
    cursor.expect("}")
    return _Event(Leaf(own.value.get("id"), "", None), books, before)


def _read(cursor: Cursor) -> _Event:
    """The event here, however its members are arranged; what is wrong with it is its problem."""
    if cursor.peek() != "{":
        leaf = cursor.leaf()
        return _Event(_NOTHING, [], "", leaf.problem or "an event is not an object")
    books: list[Leaf] = []
    own: dict[str, Leaf] = {}
    for name in cursor.members():
        if name == "bookmakers" and cursor.peek() == "[":
            books = cursor.leaves()
        else:
            own[name] = cursor.leaf()
    problem = _problem(own)
    own.pop("bookmakers", None)
    before = joined({name: leaf.text for name, leaf in own.items()}).removesuffix("}")
    return _Event(own.get("id", _NOTHING), books, before + ',"bookmakers":[', problem)


def _problem(own: dict[str, Leaf]) -> str | None:
    if "bookmakers" in own and own["bookmakers"].value is not None:
        return "bookmakers is not an array"
    for name, leaf in own.items():
        try:
            checks.storable(name)
        except Refusal as refusal:
            return str(refusal)
        if leaf.problem:
            return f"{name[:40]!r}: {leaf.problem}"
    return None


def _record(game_id: str, book: Leaf, payload: str, origin: str) -> RawRecord:
    if book.problem:
        raise Refusal(book.problem)
    value: Any = book.value
    if not isinstance(value, dict):
        raise Refusal("a bookmaker is not an object")
    return RawRecord(
        TABLE,
        game_id,
        checks.moment(value.get("last_update"), "last_update"),
        payload,
        origin,
        checks.key(value.get("key"), "bookmaker key"),
    )


def _recognises(head: Head) -> bool:
    return head.has_names("commence_time", "home_team", "bookmakers") or head.has_names(
        "commence_time", "sport_key"
    )


SOURCE = JsonSource(
    name="odds_api",
    table=TABLE,
    about="The Odds API v4: odds responses, or JSON lines that hold them",
    recognises=_recognises,
    items=items,
    needs_moment=False,
)
