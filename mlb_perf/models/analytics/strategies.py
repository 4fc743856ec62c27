"""Signals of strategies, their results, and recommended bets."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.analytics.predictions import ForGame, MlPrediction
from mlb_perf.models.base import (
    Base,
    CreatedAt,
    Int,
    Json,
    Moment,
    Name16,
    Name64,
    Percent,
    Score,
    Units,
    UpdatedAt,
    american_price,
    between,
    half_runs,
    market_and_side,
    one_of,
    strategic,
)
from mlb_perf.models.curated import EnhancedGame, Sportsbook
from mlb_perf.models.placement import BY_GAME

OUTCOMES = ("win", "loss", "push", "void")


class StrategySignal(ForGame, Base):
    """A strategy's signal: this side, at this price, now."""

    __tablename__ = "strategy_signals"
    __table_args__ = (
        PrimaryKeyConstraint("game_id", "signal_id"),
        *market_and_side("line_value"),
        american_price(),
        half_runs(),
        between("strength", 0, 1),
        strategic("ix_strategy_signals_record", "strategy", "game_date"),
        {
            "schema": "analytics",
            "info": BY_GAME,
            "comment": "What strategies signalled: a side, a price, a moment",
        },
    )

    signal_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, sort_order=-9, comment="Surrogate id"
    )
    strategy: Mapped[Name64] = mapped_column(comment="Name and version of the strategy")
    price: Mapped[Int] = mapped_column(
        comment="American odds: US dollars won on 100, or staked to win 100 if negative"
    )
    strength: Mapped[Score] = mapped_column(comment="The strategy's own measure, 0 to 1")
    signalled_at: Mapped[Moment] = mapped_column(comment="When it signalled, UTC")
    details: Mapped[Json] = mapped_column(server_default="{}", comment="What it saw, by name")
    created_at: Mapped[CreatedAt]

    game: Mapped[EnhancedGame] = relationship()
    result: Mapped[StrategyResult | None] = relationship(back_populates="signal")


class StrategyResult(Base):
    """The result of a signal."""

    __tablename__ = "strategy_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["game_id", "signal_id"],
            ["analytics.strategy_signals.game_id", "analytics.strategy_signals.signal_id"],
        ),
        one_of("outcome", OUTCOMES),
        american_price("closing_price"),
        {
            "schema": "analytics",
            "info": BY_GAME,
            "comment": "How the signals of strategies turned out",
        },
    )

    game_id: Mapped[int] = mapped_column(primary_key=True, comment="The game of the signal")
    signal_id: Mapped[int] = mapped_column(primary_key=True, comment="The signal")
    outcome: Mapped[Name16] = mapped_column(comment="win, loss, push or void")
    profit: Mapped[Units] = mapped_column(comment="Profit for a stake of one unit, units")
    closing_price: Mapped[Int | None] = mapped_column(
        comment="American odds of the side at the close; NULL if there was no closing line"
    )
    closing_line_value: Mapped[Percent | None] = mapped_column(
        comment="Gain of the price over the closing price, percent of implied probability"
    )
    graded_at: Mapped[Moment] = mapped_column(comment="When it was graded, UTC")
    created_at: Mapped[CreatedAt]

    signal: Mapped[StrategySignal] = relationship(back_populates="result")


class BettingRecommendation(ForGame, Base):
    """A recommended bet: book, price and stake."""

    __tablename__ = "betting_recommendations"
    __table_args__ = (
        PrimaryKeyConstraint("game_id", "recommendation_id"),
        ForeignKeyConstraint(
            ["game_id", "prediction_id"],
            ["analytics.ml_predictions.game_id", "analytics.ml_predictions.prediction_id"],
        ),
        *market_and_side("line_value"),
        american_price(),
        half_runs(),
        one_of("status", ("open", "taken", "expired", "withdrawn")),
        between("kelly_fraction", 0, 1),
        CheckConstraint("stake >= 0", name="stake"),
        strategic("ix_betting_recommendations_open", "expected_value", where="status = 'open'"),
        {
            "schema": "analytics",
            "info": BY_GAME,
            "comment": "Bets that are advised: where, at what price, how much",
        },
    )

    recommendation_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, sort_order=-9, comment="Surrogate id"
    )
    sportsbook_id: Mapped[int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The book to bet at"
    )
    prediction_id: Mapped[int | None] = mapped_column(
        comment="The prediction that it follows from; NULL: of no model"
    )
    strategy: Mapped[Name64] = mapped_column(comment="Name and version of the strategy")
    price: Mapped[Int] = mapped_column(
        comment="American odds: US dollars won on 100, or staked to win 100 if negative"
    )
    stake: Mapped[Units] = mapped_column(comment="Advised stake, units")
    expected_value: Mapped[Percent] = mapped_column(comment="Expected profit, percent of the stake")
    kelly_fraction: Mapped[Score | None] = mapped_column(
        comment="Share of the bankroll by the Kelly criterion, 0 to 1"
    )
    status: Mapped[Name16] = mapped_column(
        server_default="open", comment="open, taken, expired or withdrawn"
    )
    recommended_at: Mapped[Moment] = mapped_column(comment="When it was advised, UTC")
    expires_at: Mapped[Moment | None] = mapped_column(
        comment="When it lapses, UTC; NULL: at the start"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    game: Mapped[EnhancedGame] = relationship()
    prediction: Mapped[MlPrediction | None] = relationship(overlaps="game")
    sportsbook: Mapped[Sportsbook] = relationship()
