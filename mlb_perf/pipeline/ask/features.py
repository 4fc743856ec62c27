"""The features of games as of any moments, with nothing in them that was seen later.

``curated.ml_features`` has them as of each game's start; this asks the same of the lines,
movements and splits at other moments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Select, bindparam, column, select, text

from mlb_perf import sql
from mlb_perf.models import MlFeatures

FEATURES = (
    "home_win_probability",
    "moneyline_dispersion",
    "run_line",
    "total_line",
    "probability_change",
    "home_bets_percent",
    "home_money_percent",
    "steam_moves",
    "book_count",
)
"""Columns of ``curated.ml_features`` that can be told as of any moment."""

_COLUMNS = ("game_id", "game_date", "as_of", *FEATURES)


class AsOf(NamedTuple):
    """A game, its official date, and a moment with a time zone."""

    game_id: int
    game_date: dt.date
    moment: dt.datetime


class Features(NamedTuple):
    """One row of :func:`features_as_of`; NULL where nothing was known by then."""

    game_id: int
    game_date: dt.date
    as_of: dt.datetime
    home_win_probability: Decimal | None
    moneyline_dispersion: Decimal | None
    run_line: Decimal | None
    total_line: Decimal | None
    probability_change: Decimal | None
    home_bets_percent: Decimal | None
    home_money_percent: Decimal | None
    steam_moves: int
    book_count: int


FeaturesRow = tuple[
    int,
    dt.date,
    dt.datetime,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    int,
    int,
]
"""The columns of :class:`Features`, for :func:`features_as_of`."""


def features_as_of(
    asked: Iterable[AsOf | tuple[int, dt.date, dt.datetime]],
) -> Select[*FeaturesRow]:
    """The features of each game as of each moment: a row for each of ``asked``, in any number.

    Columns and units are those of :class:`Features` (``Features(*row)`` is one) and of
    ``curated.ml_features``. Lines in play are left out, so as of a moment after the start they are
    those at the start. Raises ``ValueError`` for a moment without a time zone.
    """
    pairs = [AsOf(*each) for each in asked]
    if naive := next((each for each in pairs if each.moment.tzinfo is None), None):
        raise ValueError(
            f"the moment of game {naive.game_id} has no time zone; give it one, as in "
            "datetime.now(tz=UTC)"
        )
    found = (
        text(sql.read("pipeline/features_as_of.sql"))
        .bindparams(
            bindparam("game_ids", [each.game_id for each in pairs], ARRAY(BigInteger)),
            bindparam("game_dates", [each.game_date for each in pairs], ARRAY(Date)),
            bindparam("moments", [each.moment for each in pairs], ARRAY(DateTime(timezone=True))),
        )
        .columns(*(column(name, MlFeatures.__table__.c[name].type) for name in _COLUMNS))
        .subquery("features")
    )
    columns: list[Any] = [found.c[name] for name in _COLUMNS]
    return select(*columns).order_by(found.c.game_id, found.c.as_of)
