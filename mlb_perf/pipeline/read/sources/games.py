"""What the sources that answer ``{"games": [...]}`` share."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed
from mlb_perf.pipeline.read.json import Cursor, Leaf, parts
from mlb_perf.pipeline.records import Empty, Item

GameReader = Callable[[dict[str, Any], dict[str, str], Context, str], Iterator[Item]]
"""Reads one game: its members as values and as texts, the context, and the origin."""


def games(cursor: Cursor, context: Context, table: str, read: GameReader) -> Iterator[Item]:
    """The rows of each game in the member ``games`` of the object here, or of an array of games."""
    if cursor.peek() == "[":
        yield from _array(cursor, context, table, read)
        return
    if cursor.peek() != "{":
        raise Refusal("neither an object nor an array of games")
    found = False
    for name in cursor.members():
        if name == "games" and cursor.peek() == "[":
            found = True
            yield from _array(cursor, context, table, read)
    if not found:
        raise Refusal("it has no array of games")


def _array(cursor: Cursor, context: Context, table: str, read: GameReader) -> Iterator[Item]:
    none = True
    for _ in cursor.elements():
        none = False
        yield from one_game(cursor.leaf(), context, table, read)
    if none:
        yield Empty(context.origin(), "the response has no games")


def one_game(leaf: Leaf, context: Context, table: str, read: GameReader) -> Iterator[Item]:
    """The rows of a game; one that cannot be read is one malformed record, whole."""
    origin = context.origin()
    value = leaf.value if isinstance(leaf.value, dict) else {}
    try:
        if leaf.problem:
            raise Refusal(leaf.problem)
        if not isinstance(leaf.value, dict):
            raise Refusal("a game is not an object")
        # To the end before any is given out: a game is loaded whole or not at all.
        rows = list(read(leaf.value, parts(leaf.text), context, origin))
    except Refusal as refusal:
        game = value.get("id", value.get("_id", value.get("gamePk")))
        rows = [malformed(table, origin, refusal, leaf.text, game)]
    yield from rows


def newest(value: Any, name: str) -> dt.datetime | None:
    """The latest of the moments called ``name``, at any depth."""
    found: list[dt.datetime] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if item.get(name) is not None:
                found.append(checks.moment(item[name], name))
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return max(found, default=None)


def array(texts: list[str]) -> str:
    """An array of values that are JSON text already."""
    return "[" + ",".join(texts) + "]"


def elements(text: str) -> list[Leaf]:
    """The elements of an array."""
    return Cursor(text).leaves()


def named(name: str, text: str) -> str:
    """An object of one member that is JSON text already."""
    return f"{{{json.dumps(name)}:{text}}}"
