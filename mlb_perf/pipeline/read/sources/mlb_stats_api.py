"""MLB StatsAPI's schedule, ``/api/v1/schedule``: ``{dates: [{date, games: [{gamePk, ...}]}]}``.

A row is a game as it stands. The response says nothing of its moment, so that is the
collection moment. A game that was put off is listed on both its days; the listing that names
another day (``rescheduleDate``) is passed over where that day is in the response, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context
from mlb_perf.pipeline.read.json import Cursor, joined, parts
from mlb_perf.pipeline.read.sources.games import games
from mlb_perf.pipeline.read.sources.source import Head, JsonSource
from mlb_perf.pipeline.records import Empty, Item, RawRecord

TABLE = "mlb_stats_api_games"


def items(cursor: Cursor, context: Context) -> Iterator[Item]:
    """The games of each date of a schedule."""
    if cursor.peek() != "{":
        raise Refusal("not a schedule: no object with dates")
    found, none = False, True
    for name in cursor.members():
        if name == "dates" and cursor.peek() == "[":
            found = True
            listed: list[Item] = []
            for _ in cursor.elements():
                none = False
                listed += games(cursor, context, TABLE, _game)
            yield from _current(listed)
    if not found:
        raise Refusal("not a schedule: it has no array of dates")
    if none:
        yield Empty(context.origin(), "the schedule has no dates")


def _current(listed: list[Item]) -> Iterator[Item]:
    """Of a game that is listed on several days, not the days that it was moved from."""
    days = Counter(item.external_game_id for item in listed if isinstance(item, RawRecord))
    for item in listed:
        if (
            isinstance(item, RawRecord)
            and days[item.external_game_id] > 1
            and "rescheduleDate" in parts(item.payload)
        ):
            days[item.external_game_id] -= 1
            yield Empty(item.origin, f"game {item.external_game_id} is listed on its new day, too")
        else:
            yield item


def _game(
    game: dict[str, Any], texts: dict[str, str], context: Context, origin: str
) -> Iterator[Item]:
    game_id = checks.key(game.get("gamePk"), "gamePk")
    yield RawRecord(TABLE, game_id, context.moment(), joined(texts), origin)


def _recognises(head: Head) -> bool:
    return head.has_names("dates", "gamePk") or head.has_names("dates", "totalGames")


SOURCE = JsonSource(
    name="mlb_stats_api",
    table=TABLE,
    about="MLB StatsAPI: games of a schedule",
    recognises=_recognises,
    items=items,
)
