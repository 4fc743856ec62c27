"""MLB StatsAPI's schedule, ``/api/v1/schedule``: ``{dates: [{date, games: [{gamePk, ...}]}]}``.

A row is a game as it stands. The response says nothing of its moment, so that is the
collection moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.pipeline import checks
from mlb_perf.pipeline.checks import Refusal
from mlb_perf.pipeline.context import Context
from mlb_perf.pipeline.jsontext import Cursor, joined
from mlb_perf.pipeline.records import Empty, Item, RawRecord
from mlb_perf.pipeline.sources.games import games
from mlb_perf.pipeline.sources.source import Head, JsonSource

TABLE = "mlb_stats_api_games"


def items(cursor: Cursor, context: Context) -> Iterator[Item]:
    """The games of each date of a schedule."""
    if cursor.peek() != "{":
        raise Refusal("not a schedule: no object with dates")
    found, none = False, True
    for name in cursor.members():
        if name == "dates" and cursor.peek() == "[":
            found = True
            for _ in cursor.elements():
                none = False
                yield from games(cursor, context, TABLE, _game)
    if not found:
        raise Refusal("not a schedule: it has no array of dates")
    if none:
        yield Empty(context.origin(), "the schedule has no dates")


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
