"""MLB StatsAPI's schedule, ``/api/v1/schedule``: ``{dates: [{date, games: [{gamePk, ...}]}]}``.

A row is a game as it stands. The response says nothing of its moment, so that is the
collection moment. A game that was put off or suspended is listed on both its days; of those
listings the one that knows most is the row: a result before a game that was moved or resumed,
before one in play, before one that has yet to begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context
from mlb_perf.pipeline.read.json import Cursor, joined
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
    """Of a game that is listed on several days, the listing that knows most."""
    best: dict[str, RawRecord] = {}
    for item in listed:
        if isinstance(item, RawRecord):
            known = best.setdefault(item.external_game_id, item)
            if _knowledge(item.payload) > _knowledge(known.payload):
                best[item.external_game_id] = item
    for item in listed:
        if isinstance(item, RawRecord) and best[item.external_game_id] is not item:
            yield Empty(item.origin, f"game {item.external_game_id} is listed better elsewhere")
        else:
            yield item


def merge(standing: str, incoming: str) -> str | None:
    """Of two listings of one moment the one that knows more; None if neither does."""
    old, new = _knowledge(standing), _knowledge(incoming)
    if old == new:
        return None
    return incoming if new > old else standing


def _knowledge(payload: str) -> tuple[bool, str, int, bool]:
    """What a listing can know: a result, that the game was moved or resumed, that it has begun."""
    game: Any = Cursor(payload).leaf().value
    status = game.get("status")
    status = status if isinstance(status, dict) else {}
    state = str(status.get("abstractGameState"))
    detail = str(status.get("detailedState")).lower()
    put_off = "postponed" in detail or "cancel" in detail
    moved = [str(game[name]) for name in ("rescheduledFrom", "resumedFrom") if game.get(name)]
    return (
        state == "Final" and not put_off,
        max(moved, default=""),
        2 if state == "Live" else int(put_off),
        "rescheduleDate" not in game and "resumeDate" not in game,
    )


def _game(
    game: dict[str, Any], texts: dict[str, str], context: Context, origin: str
) -> Iterator[Item]:
    game_id = checks.key(game.get("gamePk"), "gamePk")
    yield RawRecord(TABLE, game_id, context.moment(), joined(texts), origin)


def _recognises(head: Head) -> bool:
    return (
        head.has_names("dates", "gamePk")
        or head.has_names("dates", "totalGames")
        or head.has_names("messageNumber", "message")
    )


SOURCE = JsonSource(
    name="mlb_stats_api",
    table=TABLE,
    about="MLB StatsAPI: games of a schedule",
    recognises=_recognises,
    items=items,
)
