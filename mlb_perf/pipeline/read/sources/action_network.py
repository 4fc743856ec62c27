"""Action Network's scoreboard: ``{games: [{id, start_time, status, teams, ...}]}``.

Odds stand in ``odds`` (v1: a list of entries, each with its ``book_id``) or in ``markets`` (v2:
``{book id: {event: {moneyline, spread, total: [...]}}}``). A row of ``action_network_games`` is
the game without them, a row of ``action_network_odds`` is the game with those of one book. A
book's moment is the newest ``inserted`` in its odds; without one, and for games, it is the
collection moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context, malformed
from mlb_perf.pipeline.read.json import Cursor, joined, parts
from mlb_perf.pipeline.read.sources.games import array, elements, games, named, newest
from mlb_perf.pipeline.read.sources.source import Head, JsonSource
from mlb_perf.pipeline.records import Empty, Item, RawRecord

GAMES = "action_network_games"
ODDS = "action_network_odds"
HISTORY = "action_network_history"

_ODDS_MEMBERS = ("odds", "markets")


def _game(
    game: dict[str, Any], texts: dict[str, str], context: Context, origin: str
) -> Iterator[Item]:
    game_id = checks.key(game.get("id"), "id")
    yield RawRecord(GAMES, game_id, context.moment(), joined(_own(texts)), origin)


def _odds(
    table: str, game: dict[str, Any], texts: dict[str, str], context: Context, origin: str
) -> Iterator[Item]:
    game_id = checks.key(game.get("id"), "id")
    own = _own(texts)
    books, refused = _entries(game, texts)
    for text, reason in refused:
        yield malformed(table, origin, reason, joined(own | {"odds": array([text])}), game_id)
    for book, entries in books.items():
        yield _row(table, game_id, book, own | {"odds": array(entries)}, context, origin)
    markets = _object(game, texts, "markets")
    for book, text in markets.items():
        members = own | {"markets": named(book, text)}
        yield _row(table, game_id, book, members, context, origin)
    if not (books or markets or refused):
        yield Empty(origin, f"no book quotes game {game_id}")


def _both(
    game: dict[str, Any], texts: dict[str, str], context: Context, origin: str
) -> Iterator[Item]:
    yield from _game(game, texts, context, origin)
    odds = _odds(ODDS, game, texts, context, origin)
    yield from (item for item in odds if not isinstance(item, Empty))


def _row(
    table: str, game_id: str, book: str, members: dict[str, str], context: Context, origin: str
) -> Item:
    payload = joined(members)
    try:
        told = Cursor(members.get("odds") or members["markets"]).leaf().value
        moment = newest(told, "inserted") or context.moment()
        key = checks.key(book, "book id")
    except Refusal as refusal:
        return malformed(table, origin, refusal, payload, game_id)
    return RawRecord(table, game_id, moment, payload, origin, key)


def _own(texts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name not in _ODDS_MEMBERS}


def _entries(
    game: dict[str, Any], texts: dict[str, str]
) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """v1: the entries of each book, and those that name none with the reason."""
    books: dict[str, list[str]] = {}
    refused: list[tuple[str, str]] = []
    if game.get("odds") is None:
        return books, refused
    if not isinstance(game["odds"], list):
        raise Refusal("odds is not an array")
    for leaf in elements(texts["odds"]):
        try:
            entry = leaf.value if isinstance(leaf.value, dict) else {}
            books.setdefault(checks.key(entry.get("book_id"), "book_id"), []).append(leaf.text)
        except Refusal as refusal:
            refused.append((leaf.text, str(refusal)))
    return books, refused


def _object(game: dict[str, Any], texts: dict[str, str], name: str) -> dict[str, str]:
    if game.get(name) is None:
        return {}
    if not isinstance(game[name], dict):
        raise Refusal(f"{name} is not an object")
    return parts(texts[name])


def _recognises(head: Head) -> bool:
    return head.has_names("games", "home_team_id", "away_team_id") and (
        "book_id" in head.names or "markets" in head.names or "start_time" in head.names
    )


def _never(_: Head) -> bool:
    """The general one is recognised; who wants a part of it says so."""
    return False


SOURCES = (
    JsonSource(
        name="action_network",
        table=GAMES,
        about="Action Network: games, and the odds of each book",
        recognises=_recognises,
        items=partial(games, table=GAMES, read=_both),
    ),
    JsonSource(
        name="action_network_games",
        table=GAMES,
        about="Action Network: the games alone",
        recognises=_never,
        items=partial(games, table=GAMES, read=_game),
    ),
    JsonSource(
        name="action_network_odds",
        table=ODDS,
        about="Action Network: the odds alone",
        recognises=_never,
        items=partial(games, table=ODDS, read=partial(_odds, ODDS)),
    ),
    JsonSource(
        name="action_network_history",
        table=HISTORY,
        about="Action Network: the odds of each book through time",
        recognises=_never,
        items=partial(games, table=HISTORY, read=partial(_odds, HISTORY)),
    ),
)
