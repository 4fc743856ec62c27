"""Typed selects of an application: the path of a line, the line as of a moment, the close.

Each takes a game's id *and* date, because keys and indexes of the facts hold
both. What is asked as of a moment is answered from rows first seen by
then; flags that are known only later (closing, last seen) are not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Select,
    and_,
    case,
    func,
    null,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, aliased

from mlb_perf.models import BettingLineUnified as Line
from mlb_perf.models import EnhancedGame as Game
from mlb_perf.models import Sportsbook

LineAsOf = tuple[str, str, str, str, Decimal | None, int, Decimal, dt.datetime]
LineOfDay = tuple[int, str, str, str, str, Decimal | None, int, Decimal, dt.datetime]
OpeningLine = tuple[int, str, str, str, str, Decimal | None, int, Decimal, dt.datetime]
BestPrice = tuple[str, str, Decimal | None, int, Decimal, str]
NoVig = tuple[str, str, str, Decimal | None, Decimal]
ClosingLine = tuple[
    int,
    str | None,
    str | None,
    str | None,
    Decimal | None,
    int | None,
    dt.datetime | None,
    str | None,
]


def line_path(
    game_id: int,
    game_date: dt.date,
    *,
    sportsbook: str | None = None,
    market_type: str | None = None,
    side: str | None = None,
) -> Select[Line]:
    """The lines of a game in the order in which they were first seen; changes only.

    ``sportsbook`` is a canonical key such as ``draftkings``.
    """
    query = select(Line).where(*_of_game(game_id, game_date))
    if sportsbook is not None:
        query = query.join(Line.sportsbook).where(Sportsbook.key == sportsbook)
    if market_type is not None:
        query = query.where(Line.market_type == market_type)
    if side is not None:
        query = query.where(Line.side == side)
    return query.order_by(
        Line.sportsbook_id, Line.market_type, Line.side, Line.source, Line.first_seen_at
    )


def line_as_of(game_id: int, game_date: dt.date, moment: dt.datetime) -> Select[*LineAsOf]:
    """The line of each book, source, market and side that stood at ``moment``, with its time.

    Columns: sportsbook, source, market_type, side, line_value (runs), price
    (American), decimal_price, first_seen_at (UTC).
    """
    standing = _standing(game_id, game_date, moment).subquery()
    return select(
        Sportsbook.key.label("sportsbook"),
        standing.c.source,
        standing.c.market_type,
        standing.c.side,
        standing.c.line_value,
        standing.c.price,
        standing.c.decimal_price,
        standing.c.first_seen_at,
    ).join(Sportsbook, Sportsbook.sportsbook_id == standing.c.sportsbook_id)


def lines_of_day(game_date: dt.date, moment: dt.datetime) -> Select[*LineOfDay]:
    """The same for all games of an official date, in one statement: the board of the day.

    Columns: game_id, then those of :func:`line_as_of`.
    """
    of_game = _standing(Game.game_id, game_date, moment).correlate(Game).lateral("standing")
    return (
        select(
            Game.game_id,
            Sportsbook.key.label("sportsbook"),
            of_game.c.source,
            of_game.c.market_type,
            of_game.c.side,
            of_game.c.line_value,
            of_game.c.price,
            of_game.c.decimal_price,
            of_game.c.first_seen_at,
        )
        .select_from(Game)
        .join(of_game, true())
        .join(Sportsbook, Sportsbook.sportsbook_id == of_game.c.sportsbook_id)
        .where(Game.game_date == game_date)
        .order_by(
            Game.game_id, Sportsbook.key, of_game.c.source, of_game.c.market_type, of_game.c.side
        )
    )


def opening_lines(game_ids: Sequence[int]) -> Select[*OpeningLine]:
    """The first line of each book, source, market and side before the start, of any games.

    Columns: game_id, sportsbook, source, market_type, side, line_value, price, decimal_price,
    first_seen_at.
    """
    return (
        select(
            Line.game_id,
            Sportsbook.key.label("sportsbook"),
            Line.source,
            Line.market_type,
            Line.side,
            Line.line_value,
            Line.price,
            Line.decimal_price,
            Line.first_seen_at,
        )
        .join(Game, and_(Game.game_id == Line.game_id, Game.game_date == Line.game_date))
        .join(Sportsbook, Sportsbook.sportsbook_id == Line.sportsbook_id)
        .where(Game.game_id.in_(game_ids), Line.is_opening)
        .order_by(Line.game_id, Sportsbook.key, Line.source, Line.market_type, Line.side)
    )


def best_prices(game_id: int, game_date: dt.date, moment: dt.datetime) -> Select[*BestPrice]:
    """The highest price of each market, side and line that stood at ``moment``, and whose it is.

    Columns: market_type, side, line_value, price, decimal_price, sportsbook.
    """
    standing = _standing(game_id, game_date, moment).subquery()
    return (
        select(
            standing.c.market_type,
            standing.c.side,
            standing.c.line_value,
            standing.c.price,
            standing.c.decimal_price,
            Sportsbook.key.label("sportsbook"),
        )
        .join(Sportsbook, Sportsbook.sportsbook_id == standing.c.sportsbook_id)
        .ext(distinct_on(standing.c.market_type, standing.c.side, standing.c.line_value))
        .order_by(
            standing.c.market_type,
            standing.c.side,
            standing.c.line_value,
            standing.c.decimal_price.desc(),
            Sportsbook.key,
        )
    )


def no_vig_probability(game_id: int, game_date: dt.date, moment: dt.datetime) -> Select[*NoVig]:
    """Each book's probability of home or over without its vig, as of ``moment``, 0 to 1.

    The two implied probabilities of a market are scaled to add up to 1. A book
    that offers one side alone, or the sides at different lines, is left out.
    Columns: sportsbook, source, market_type, line_value, probability.
    """
    standing = _standing(game_id, game_date, moment).cte("standing")
    one, other = aliased(standing, name="one"), aliased(standing, name="other")
    # 1/p / (1/p + 1/q) without the inner fractions; and a sum of that type would be cut to it.
    both = type_coerce(one.c.decimal_price + other.c.decimal_price, Numeric)
    return (
        select(
            Sportsbook.key.label("sportsbook"),
            one.c.source,
            one.c.market_type,
            one.c.line_value,
            (other.c.decimal_price / both).label("probability"),
        )
        .join(
            other,
            and_(
                other.c.sportsbook_id == one.c.sportsbook_id,
                other.c.source == one.c.source,
                other.c.market_type == one.c.market_type,
                other.c.side == case({"home": "away", "over": "under"}, value=one.c.side),
                _same_line(one.c.market_type, one.c.line_value, other.c.line_value),
            ),
        )
        .join(Sportsbook, Sportsbook.sportsbook_id == one.c.sportsbook_id)
        .where(one.c.side.in_(("home", "over")))
    )


def closing_lines(game_ids: Sequence[int]) -> Select[*ClosingLine]:
    """The last lines seen before the actual start; one row with the reason where there is none.

    Columns: game_id, sportsbook, market_type, side, line_value, price,
    last_seen_at, reason (NULL where there is a line).
    """
    start = func.coalesce(Game.actual_start_at, Game.scheduled_start_at)
    # Selected before the outer join: of a distributed table, Citus would fetch all closing lines.
    closing = select(Line).where(Line.game_id.in_(game_ids), Line.is_closing).subquery("closing")
    reason = case(
        (closing.c.line_id.is_not(None), null()),
        (start.is_(None), "no source says when the game starts"),
        (start > func.now(), "the game has not started"),
        else_="no line was seen before the start",
    )
    return (
        select(
            Game.game_id,
            Sportsbook.key.label("sportsbook"),
            closing.c.market_type,
            closing.c.side,
            closing.c.line_value,
            closing.c.price,
            closing.c.last_seen_at,
            reason.label("reason"),
        )
        .outerjoin(
            closing,
            and_(
                closing.c.game_id == Game.game_id,
                closing.c.game_date == Game.game_date,
            ),
        )
        .outerjoin(Sportsbook, Sportsbook.sportsbook_id == closing.c.sportsbook_id)
        .where(Game.game_id.in_(game_ids))
        .order_by(Game.game_id, Sportsbook.key, closing.c.market_type, closing.c.side)
    )


def _of_game(
    game_id: int | InstrumentedAttribute[int], game_date: dt.date
) -> tuple[ColumnElement[bool], ...]:
    return Line.game_id == game_id, Line.game_date == game_date


def _standing(
    game_id: int | InstrumentedAttribute[int], game_date: dt.date, moment: dt.datetime
) -> Select[int, str, str, str, Decimal | None, int, Decimal, dt.datetime]:
    """The last line first seen by ``moment`` of each book, source, market and side."""
    if moment.tzinfo is None:
        raise ValueError("moment has no time zone; give it one, as in datetime.now(tz=UTC)")
    key = (Line.sportsbook_id, Line.source, Line.market_type, Line.side)
    # With the game's id, Citus answers it on the node that has the game.
    path = (Line.game_id, *key)
    return (
        select(*key, Line.line_value, Line.price, Line.decimal_price, Line.first_seen_at)
        .where(*_of_game(game_id, game_date), Line.first_seen_at <= moment)
        .ext(distinct_on(*path))
        .order_by(*path, Line.first_seen_at.desc())
    )


def _same_line(
    market_type: ColumnElement[str],
    one: ColumnElement[Decimal | None],
    other: ColumnElement[Decimal | None],
) -> ColumnElement[bool]:
    return case(
        (market_type == "moneyline", True),
        (market_type == "spread", other == -one),
        else_=other == one,
    )
