"""Splits of bets and money, and arbitrage between books."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    MARKET_TYPES,
    SIDES,
    Base,
    CreatedAt,
    Int,
    Line,
    Moment,
    Name16,
    Name32,
    Percent,
    Score,
    UpdatedAt,
    american_price,
    between,
    half_runs,
    index_each,
    one_of,
    strategic,
)
from mlb_perf.models.curated.games import EnhancedGame, OfGame
from mlb_perf.models.curated.reference import Sportsbook
from mlb_perf.models.packing import Packed, serial
from mlb_perf.models.placement import BY_GAME


class UnifiedBettingSplit(OfGame, Packed, Base):
    """Bets and money on both sides of one market, as of one moment."""

    __tablename__ = "unified_betting_splits"
    __key__ = ("game_id", "game_date", "market_type", "collected_at", "sportsbook_id", "source")
    __full_key__ = True
    __table_args__ = (
        one_of("market_type", MARKET_TYPES),
        half_runs(),
        between("home_or_over_bets_percent", 0, 100),
        between("home_or_over_money_percent", 0, 100),
        between("away_or_under_bets_percent", 0, 100),
        between("away_or_under_money_percent", 0, 100),
        CheckConstraint("home_or_over_bets >= 0 AND away_or_under_bets >= 0", name="bets"),
        one_of("sharp_side", SIDES),
        between("data_quality_score", 0, 1),
        strategic(
            "ix_unified_betting_splits_sharp", "game_date", where="sharp_side IS NOT NULL"
        ),
        {
            "schema": "curated",
            "info": BY_GAME,
            "comment": "Bets and money on both sides of one market at one book at one moment",
        },
    )  # fmt: skip

    split_id: Mapped[int] = serial("Surrogate id; no index has it", sort_order=-8)
    sportsbook_id: Mapped[Int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The sportsbook or consensus"
    )
    source: Mapped[Name32] = mapped_column(comment="The feed that reported it")
    market_type: Mapped[Name16] = mapped_column(comment="moneyline, spread or total")
    line_value: Mapped[Line | None] = mapped_column(
        comment="Runs: the home side's handicap, or the total; NULL for a moneyline or if not given"
    )
    collected_at: Mapped[Moment] = mapped_column(
        comment="The moment at which the source said it, UTC"
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
    sharp_side: Mapped[Name16 | None] = mapped_column(
        comment="The side whose share of handle exceeds its share of bets by the threshold, if any"
    )
    data_quality_score: Mapped[Score] = mapped_column(
        server_default="0", comment="0 (useless) to 1 (complete and consistent)"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    game: Mapped[EnhancedGame] = relationship(back_populates="splits")
    sportsbook: Mapped[Sportsbook] = relationship()


class ArbitrageOpportunity(OfGame, Base):
    """Two sides at two books whose prices together leave a profit."""

    __tablename__ = "arbitrage_opportunities"
    __table_args__ = (
        PrimaryKeyConstraint("game_id", "game_date", "opportunity_id"),
        UniqueConstraint(
            "game_id", "game_date", "market_type", "first_sportsbook_id", "second_sportsbook_id",
            "first_side", "detected_at",
            name="natural_key",
        ),
        one_of("market_type", MARKET_TYPES),
        one_of("first_side", ("home", "over")),
        CheckConstraint("(market_type = 'total') = (first_side = 'over')", name="side_of_market"),
        CheckConstraint(
            "second_side = CASE first_side WHEN 'home' THEN 'away' ELSE 'under' END",
            name="second_side",
        ),
        american_price("first_price"),
        american_price("second_price"),
        half_runs(),
        CheckConstraint("first_sportsbook_id <> second_sportsbook_id", name="two_books"),
        CheckConstraint("profit_percent > 0", name="profit_percent"),
        CheckConstraint("ended_at >= detected_at", name="ended_at"),
        *index_each("game_date"),
        {
            "schema": "curated",
            "info": BY_GAME,
            "comment": "Two sides at two books whose prices leave a profit",
        },
    )  # fmt: skip

    opportunity_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, sort_order=-8, comment="Surrogate id"
    )
    market_type: Mapped[Name16] = mapped_column(comment="moneyline, spread or total")
    line_value: Mapped[Line | None] = mapped_column(
        comment="Runs: the first side's handicap, or the total; NULL for a moneyline"
    )
    first_sportsbook_id: Mapped[int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The book of home or over"
    )
    first_side: Mapped[Name16] = mapped_column(comment="home or over")
    first_price: Mapped[Int] = mapped_column(comment="American odds of the first side")
    second_sportsbook_id: Mapped[int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The book of away or under"
    )
    second_side: Mapped[Name16] = mapped_column(comment="away or under")
    second_price: Mapped[Int] = mapped_column(comment="American odds of the second side")
    profit_percent: Mapped[Percent] = mapped_column(
        comment="Sure profit on the total stake, percent"
    )
    detected_at: Mapped[Moment] = mapped_column(comment="When both prices were first on offer, UTC")
    ended_at: Mapped[Moment | None] = mapped_column(
        comment="When one of the prices was gone, UTC; NULL while it stands"
    )
    created_at: Mapped[CreatedAt]

    game: Mapped[EnhancedGame] = relationship()
    first_sportsbook: Mapped[Sportsbook] = relationship(foreign_keys=first_sportsbook_id)
    second_sportsbook: Mapped[Sportsbook] = relationship(foreign_keys=second_sportsbook_id)
