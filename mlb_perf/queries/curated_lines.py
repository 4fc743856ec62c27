"""Questions about ``curated``: lines, their movements, and arbitrage."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import Connection

from mlb_perf.queries.query import query
from mlb_perf.queries.sampling import (
    HOUR,
    before,
    event,
    event_with,
    hot,
    of_day,
    of_days,
    of_game,
    window,
)

_LINES = """
    SELECT DISTINCT sportsbook_id, market_type, side, source FROM curated.betting_lines_unified
    WHERE game_id = :game AND game_date = :date ORDER BY 1, 2, 3, 4
"""


def _of_line(connection: Connection, random: Random) -> dict[str, Any]:
    given = _line_as_of(connection, random)
    return {name: value for name, value in given.items() if name not in ("moment", "source")}


def _line_as_of(connection: Connection, random: Random) -> dict[str, Any]:
    game, found = event_with(connection, random, _LINES, hot)
    return {
        "game_id": game.game_id,
        "game_date": game.game_date,
        **found._mapping,
        "moment": before(random, game.start_at),
    }


def board_as_of(connection: Connection, random: Random) -> dict[str, Any]:
    """``game_id``, ``game_date`` and a ``moment`` before its start."""
    game = event(connection, random)
    return {
        "game_id": game.game_id,
        "game_date": game.game_date,
        "moment": before(random, game.start_at),
    }


def _since(connection: Connection, random: Random) -> dict[str, Any]:
    return {"since": before(random, event(connection, random).start_at)}


_query = partial(query, "curated_analytics")
_PATH: Final = "curated.pk_betting_lines_unified"

QUERIES: Final = (
    _query(
        "line_as_of",
        "What did this book offer for this side at that moment, according to this source?",
        _line_as_of,
        _PATH,
        lookup=True,
    ),
    _query(
        "line_path",
        "How did this book's line move since its opening?",
        _of_line,
        _PATH,
        lookup=True,
    ),
    _query(
        "current_board",
        "What do all books that opened this game before its start offer now?",
        of_game,
        "curated.ix_betting_lines_unified_opening",
        "curated.pk_betting_lines_unified",
    ),
    _query(
        "board_as_of",
        "What did all books offer for this game at that moment?",
        board_as_of,
        "curated.pk_betting_lines_unified",
    ),
    _query(
        "best_price_by_market",
        "Which book had the best price of each side of this game at that moment?",
        board_as_of,
        "curated.pk_betting_lines_unified",
    ),
    _query(
        "opening_lines",
        "What were the opening lines of this game?",
        of_game,
        "curated.ix_betting_lines_unified_opening",
        lookup=True,
    ),
    _query(
        "closing_lines",
        "What were the closing lines of this game?",
        of_game,
        "curated.ix_betting_lines_unified_closing",
        lookup=True,
    ),
    _query(
        "closing_consensus",
        "What was the consensus of the closing moneylines for each game of this month?",
        of_days(30),
        "curated.ix_betting_lines_unified_closing",
    ),
    _query(
        "lines_written",
        "Which lines were written in this hour, for an export?",
        window(HOUR),
        "curated.ix_betting_lines_unified_written",
    ),
    _query(
        "movements_since",
        "Which lines moved after this moment, in order?",
        _since,
        "curated.ix_line_movements_moved_at",
    ),
    _query(
        "steam_moves",
        "Which steam moves happened in the last hour?",
        window(HOUR),
        "curated.ix_line_movements_steam",
    ),
    _query(
        "reverse_movements",
        "Which lines of this day moved against the bets?",
        of_day,
        "curated.ix_line_movements_reverse",
    ),
    _query(
        "movements_of_game",
        "How often and how far did this game's lines move?",
        of_game,
        "curated.pk_line_movements",
    ),
    _query(
        "best_arbitrage",
        "Which pairs of prices of this day left the largest profit?",
        of_day,
        "curated.ix_arbitrage_opportunities_game_date",
        lookup=True,
    ),
)
