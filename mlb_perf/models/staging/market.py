"""Odds and splits, normalised."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mlb_perf.models.base import (
    MARKET_TYPES,
    Base,
    DecimalPrice,
    Int,
    Line,
    Name16,
    Name64,
    Percent,
    american_price,
    between,
    half_runs,
    index_each,
    market_and_side,
    one_of,
    strategic,
)
from mlb_perf.models.packing import Packed, serial
from mlb_perf.models.placement import BY_EXTERNAL_GAME
from mlb_perf.models.staging.lineage import Lineage, quality


class BettingOddsUnified(Lineage, Packed, Base):
    """One side of one market of one game at one book at one moment."""

    __tablename__ = "betting_odds_unified"
    __key__ = (
        "external_game_id",
        "source",
        "sportsbook_key",
        "market_type",
        "side",
        "collected_at",
    )
    __full_key__ = True
    __table_args__ = (
        *market_and_side("line_value"),
        american_price(),
        CheckConstraint("decimal_price > 1 AND decimal_price < 1000000", name="decimal_price"),
        half_runs(),
        CheckConstraint("quote_count > 0", name="quote_count"),
        *quality(),
        *index_each("game_id"),
        strategic(
            "ix_betting_odds_unified_valid", "collected_at", where="validation_status = 'valid'",
            options={"fillfactor": "100"},
        ),
        strategic(
            "ix_betting_odds_unified_suspect", "collected_at",
            where="validation_status = 'suspect'",
        ),
        {
            "schema": "staging",
            "info": BY_EXTERNAL_GAME,
            "comment": "One side of one market of one game at one book at one moment, normalised",
        },
    )  # fmt: skip

    odds_id: Mapped[int] = serial("Surrogate id; no index has it", sort_order=-9)
    sportsbook_key: Mapped[Name64] = mapped_column(
        sort_order=-7, comment="The source's own key of the sportsbook"
    )
    sportsbook_id: Mapped[Int | None] = mapped_column(
        sort_order=-6, comment="curated.sportsbooks.sportsbook_id once resolved; NULL until then"
    )
    market_type: Mapped[Name16] = mapped_column(sort_order=-5, comment="moneyline, spread or total")
    side: Mapped[Name16] = mapped_column(
        sort_order=-4, comment="home or away; over or under for a total"
    )
    line_value: Mapped[Line | None] = mapped_column(
        sort_order=-3,
        comment="Runs: the handicap of the side, or the total; NULL for a moneyline",
    )
    price: Mapped[Int] = mapped_column(
        sort_order=-2,
        comment="American odds: US dollars won on 100, or staked to win 100 if negative",
    )
    decimal_price: Mapped[DecimalPrice | None] = mapped_column(
        sort_order=-1, comment="Decimal odds as the source gave them; NULL if it gave American odds"
    )
    is_in_play: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether the game had begun at collected_at"
    )
    quote_count: Mapped[Int] = mapped_column(
        server_default="1",
        comment="Quotes that the row stands for, count: above 1 it is the first of a run whose"
        " middle was compacted",
    )


class BettingSplit(Lineage, Packed, Base):
    """Bets and money on both sides of one market of one game at one moment."""

    __tablename__ = "betting_splits"
    __key__ = ("external_game_id", "source", "sportsbook_key", "market_type", "collected_at")
    __full_key__ = True
    __table_args__ = (
        one_of("market_type", MARKET_TYPES),
        half_runs(),
        between("home_or_over_bets_percent", 0, 100),
        between("home_or_over_money_percent", 0, 100),
        between("away_or_under_bets_percent", 0, 100),
        between("away_or_under_money_percent", 0, 100),
        CheckConstraint("home_or_over_bets >= 0 AND away_or_under_bets >= 0", name="bets"),
        *quality(),
        *index_each("game_id"),
        {
            "schema": "staging",
            "info": BY_EXTERNAL_GAME,
            "comment": "Bets and money on both sides of one market of one game, normalised",
        },
    )  # fmt: skip

    split_id: Mapped[int] = serial("Surrogate id; no index has it", sort_order=-9)
    sportsbook_key: Mapped[Name64] = mapped_column(
        sort_order=-7, comment="The source's own key of the sportsbook, or of its consensus"
    )
    sportsbook_id: Mapped[Int | None] = mapped_column(
        sort_order=-6, comment="curated.sportsbooks.sportsbook_id once resolved; NULL until then"
    )
    market_type: Mapped[Name16] = mapped_column(sort_order=-5, comment="moneyline, spread or total")
    line_value: Mapped[Line | None] = mapped_column(
        comment="Runs: the home side's handicap, or the total; NULL for a moneyline or if not given"
    )
    home_or_over_bets: Mapped[Int | None] = mapped_column(comment="Bets on home or over, count")
    away_or_under_bets: Mapped[Int | None] = mapped_column(comment="Bets on away or under, count")
    home_or_over_bets_percent: Mapped[Percent | None] = mapped_column(
        comment="Share of the bets on home or over, percent 0 to 100"
    )
    away_or_under_bets_percent: Mapped[Percent | None] = mapped_column(
        comment="Share of the bets on away or under, percent 0 to 100"
    )
    home_or_over_money_percent: Mapped[Percent | None] = mapped_column(
        comment="Share of the handle on home or over, percent 0 to 100"
    )
    away_or_under_money_percent: Mapped[Percent | None] = mapped_column(
        comment="Share of the handle on away or under, percent 0 to 100"
    )
