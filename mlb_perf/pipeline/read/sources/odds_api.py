"""The Odds API v4, ``/v4/sports/baseball_mlb/odds``: an array of events.

``{id, commence_time, home_team, away_team, bookmakers: [{key, last_update, markets: [...]}]}``

A single event is read too, arrays under keys of the user's own, the historical envelope, and
scores. A row is one event at one bookmaker; its payload is the event with that bookmaker alone.
The moment is the bookmaker's ``last_update``, or the newest of its markets. Scores are rows of
``game_results``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed
from mlb_perf.pipeline.read.json import Cursor, Leaf, joined, parts
from mlb_perf.pipeline.read.sources import odds_api_sound
from mlb_perf.pipeline.read.sources.games import array, elements
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
from mlb_perf.pipeline.read.sources.source import Head, JsonSource
from mlb_perf.pipeline.records import Empty, Item, RawRecord

RESULTS = "game_results"
NAME = "odds_api"


def items(cursor: Cursor, context: Context) -> Iterator[Item]:
    """The rows of an array of events, of one event, of ``{key: [event, ...]}``, of an envelope."""
    note_prices(cursor.text, cursor.at, context)
    if cursor.peek() == "[":
        yield from _array(cursor, context)
    elif cursor.peek() != "{":
        raise Refusal("neither an array of events nor an event")
    elif KEYED.match(cursor.text, cursor.at):
        for _ in cursor.members():
            yield from _array(cursor, context)
    # Text is found far faster than a pattern, and a response is long.
    elif '"data"' in cursor.text and ENVELOPE.search(cursor.text, cursor.at):
        yield from _envelope(cursor, context)
    elif '"message"' in cursor.text and '"bookmakers"' not in cursor.text:
        raise Refusal("not odds: neither an array of events nor an event")
    else:
        yield from _event(cursor, context)


def _envelope(cursor: Cursor, context: Context) -> Iterator[Item]:
    """Historical odds: ``{timestamp, data: [event, ...] or event}``, members in any order."""
    begin, has_data = cursor.at, False
    members: dict[str, Any] = {}
    # The moment stands before the data as a rule; else the object is read twice.
    for name in cursor.members():
        if name == "timestamp":
            members[name] = cursor.leaf().value
        elif name == "data" and cursor.peek() in ("[", "{"):
            has_data = True
            if "timestamp" in members or '"timestamp"' not in cursor.text:
                context.said = members.get("timestamp", context.said)
                yield from (_array if cursor.peek() == "[" else _event)(cursor, context)
                members["data"] = True
    if not has_data:
        raise Refusal("it has no data")
    if "data" not in members:
        context.said, end, cursor.at = members.get("timestamp"), cursor.at, begin
        for name in cursor.members():
            if name == "data":
                yield from (_array if cursor.peek() == "[" else _event)(cursor, context)
        cursor.at = end


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
    if event.scores is not None:
        yield _result(game_id, event.scores, context, origin)
    elif not event.books:
        yield Empty(origin, f"no bookmaker quotes event {game_id}")
    for book in event.books:
        text = payload(event.before, book.text, context)
        try:
            yield record(game_id, book, text, context, origin)
        except Refusal as refusal:
            yield malformed(TABLE, origin, refusal, text, game_id)


def _result(game_id: str, scores: dict[str, Leaf], context: Context, origin: str) -> Item:
    """A game of a response of scores: a row of results, or nothing before it has begun."""
    updated = scores.get("last_update", _NOTHING).value
    if scores["scores"].value is None:
        return Empty(origin, f"event {game_id} has no scores yet")
    text = joined({name: leaf.text for name, leaf in scores.items()})
    try:
        moment = context.moment() if updated is None else checks.moment(updated, "last_update")
    except Refusal as refusal:
        return malformed(RESULTS, origin, refusal, text, game_id)
    return RawRecord(RESULTS, game_id, moment, text, origin, source=NAME)


class _Event(NamedTuple):
    """``before`` is its text up to the first bookmaker; the bookmakers end it.

    ``scores`` are its members where it is one of a response of scores.
    """

    id: Leaf
    books: list[Leaf]
    before: str
    problem: str | None = None
    scores: dict[str, Leaf] | None = None

    def game_id(self) -> str:
        if self.problem:
            raise Refusal(self.problem)
        return checks.key(self.id.value, "id")


_NOTHING = Leaf(None, "", None)


def _read_quickly(cursor: Cursor) -> _Event | None:
    """The event here if it is laid out as the API does it, with the bookmakers at its end.

    The members before them are decoded in one go. None, with the cursor where it was, if not.
    """
    if cursor.peek() != "{":
        return None
    # Text is found faster than a pattern, and an array may hold many small objects.
    near = cursor.text.find('"bookmakers"', cursor.at, cursor.at + OWN_LENGTH)
    found = BOOKMAKERS.search(cursor.text, near, cursor.at + OWN_LENGTH) if near >= 0 else None
    if found is None:
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
    scores = own if "scores" in own and not books else None
    return _Event(own.get("id", _NOTHING), books, before + ',"bookmakers":[', problem, scores)


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


def merge(standing: str, incoming: str) -> str | None:
    """The row with the markets of both, where one request a market was made.

    The standing text where the incoming one adds nothing. None if they contradict each other:
    an outcome has another price.
    """
    old, new = _markets(standing), _markets(incoming)
    if old is None or new is None:
        return None
    for name, leaf in new.items():
        if name in old and _prices(old[name].value) != _prices(leaf.value):
            return None
    added = [leaf.text for name, leaf in new.items() if name not in old]
    if not added:
        return standing
    markets = array([*(leaf.text for leaf in old.values()), *added])
    members = parts(standing)
    book = parts(elements(members["bookmakers"])[0].text) | {"markets": markets}
    return joined(members | {"bookmakers": array([joined(book)])})


def _markets(payload: str) -> dict[str, Leaf] | None:
    """The markets of a row's bookmaker by their keys; None if it is not laid out so."""
    found: dict[str, Leaf] = {}
    try:
        (book,) = elements(parts(payload)["bookmakers"])
        for leaf in elements(parts(book.text).get("markets", "[]")):
            found[leaf.value["key"]] = leaf
    except (Refusal, KeyError, TypeError, ValueError):
        return None
    return found


def _prices(market: Any) -> dict[tuple[Any, ...], Any]:
    """The outcomes of a market, each with its price."""
    return {
        (outcome.get("name"), outcome.get("description"), outcome.get("point")): (
            outcome.get("price")
        )
        for outcome in market.get("outcomes") or ()
        if isinstance(outcome, dict)
    }


def _recognises(head: Head) -> bool:
    return (
        head.has_names("commence_time", "home_team", "bookmakers")
        or head.has_names("commence_time", "sport_key")
        or head.has_names("previous_timestamp", "data")
        or head.has_names("message", "error_code")
    )


SOURCE = JsonSource(
    name=NAME,
    table=TABLE,
    about="The Odds API v4: odds, historical odds or scores, or JSON lines that hold them",
    recognises=_recognises,
    items=items,
    sound=odds_api_sound.items,
    needs_moment=False,
)
