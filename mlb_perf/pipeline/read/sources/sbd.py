"""SportsBettingDime's splits: ``{games: [{_id, date, home, away, sportsbooks, bettingSplits}]}``.

A row for each of the game's ``sportsbooks`` (the game with that one, without ``bettingSplits``),
and one for ``sbd_consensus`` (the game without ``sportsbooks``). The moment of all of them is
the newest ``updated`` in ``bettingSplits``; without one it is the collection moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed
from mlb_perf.pipeline.read.json import joined
from mlb_perf.pipeline.read.sources.games import array, elements, games, newest
from mlb_perf.pipeline.read.sources.source import Head, JsonSource
from mlb_perf.pipeline.records import Item, RawRecord

TABLE = "sbd_splits"
CONSENSUS = "sbd_consensus"


def _game(
    game: dict[str, Any], texts: dict[str, str], context: Context, origin: str
) -> Iterator[Item]:
    game_id = checks.key(game.get("_id"), "_id")
    moment = newest(game.get("bettingSplits"), "updated") or context.moment()
    books = game.get("sportsbooks")
    if not isinstance(books, list | None):
        raise Refusal("sportsbooks is not an array")
    whole = {name: text for name, text in texts.items() if name != "sportsbooks"}
    yield RawRecord(TABLE, game_id, moment, joined(whole), origin, CONSENSUS)
    own = {name: text for name, text in whole.items() if name != "bettingSplits"}
    for leaf in elements(texts["sportsbooks"]) if books else []:
        payload = joined(own | {"sportsbooks": array([leaf.text])})
        try:
            book = _book(leaf.value)
        except Refusal as refusal:
            yield malformed(TABLE, origin, refusal, payload, game_id)
        else:
            yield RawRecord(TABLE, game_id, moment, payload, origin, book)


def _book(value: Any) -> str:
    if not isinstance(value, dict):
        raise Refusal("a sportsbook is not an object")
    return checks.key(value.get("_id") or value.get("name"), "_id of a sportsbook")


def _recognises(head: Head) -> bool:
    return head.has_names("games", "bettingSplits") or head.has_names("games", "sportsbooks")


SOURCE = JsonSource(
    name="sbd",
    table=TABLE,
    about="SportsBettingDime: lines and splits of games",
    recognises=_recognises,
    items=partial(games, table=TABLE, read=_game),
)
