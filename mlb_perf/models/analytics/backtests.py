"""Strategies replayed over past games."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.analytics.predictions import ForGame
from mlb_perf.models.analytics.strategies import OUTCOMES
from mlb_perf.models.base import (
    RUN_STATUSES,
    Base,
    CreatedAt,
    Date,
    Int,
    Json,
    Moment,
    Name16,
    Name64,
    Name255,
    Units,
    american_price,
    half_runs,
    index_each,
    market_and_side,
    one_of,
    strategic,
)
from mlb_perf.models.curated import EnhancedGame, Sportsbook
from mlb_perf.models.placement import BY_GAME, REFERENCE


class BacktestRun(Base):
    """One replay of a strategy over past games."""

    __tablename__ = "backtest_runs"
    __table_args__ = (
        one_of("status", RUN_STATUSES),
        CheckConstraint("to_date >= from_date", name="dates"),
        CheckConstraint("bet_count >= 0 AND starting_bankroll > 0", name="amounts"),
        {
            "schema": "analytics",
            "info": REFERENCE,
            "comment": "Strategies replayed over past games",
        },
    )

    backtest_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    strategy: Mapped[Name64] = mapped_column(comment="Name and version of the strategy")
    parameters: Mapped[Json] = mapped_column(server_default="{}", comment="Parameters by name")
    from_date: Mapped[Date] = mapped_column(comment="First game date")
    to_date: Mapped[Date] = mapped_column(comment="Last game date")
    status: Mapped[Name16] = mapped_column(
        server_default="running", comment="running, succeeded, failed or cancelled"
    )
    starting_bankroll: Mapped[Units] = mapped_column(comment="Bankroll at the start, units")
    bet_count: Mapped[Int] = mapped_column(server_default="0", comment="Bets placed, count")
    profit: Mapped[Units] = mapped_column(server_default="0", comment="Profit over all bets, units")
    maximum_drawdown: Mapped[Units | None] = mapped_column(
        comment="Largest fall of the bankroll from a peak, units"
    )
    note: Mapped[Name255 | None] = mapped_column(comment="What the run was for")
    started_at: Mapped[Moment] = mapped_column(comment="Start, UTC")
    finished_at: Mapped[Moment | None] = mapped_column(comment="End, UTC; NULL while running")
    created_at: Mapped[CreatedAt]

    bets: Mapped[list[BacktestBet]] = relationship(back_populates="run")


class BacktestBet(ForGame, Base):
    """One bet of a backtest: placed with the data of that moment, graded by the result."""

    __tablename__ = "backtest_bets"
    __table_args__ = (
        PrimaryKeyConstraint("game_id", "bet_id"),
        UniqueConstraint(
            "game_id", "backtest_id", "market_type", "side", "placed_at", name="natural_key"
        ),
        *market_and_side("line_value"),
        american_price(),
        half_runs(),
        one_of("outcome", OUTCOMES),
        CheckConstraint("stake > 0", name="stake"),
        *index_each("backtest_id"),
        strategic("ix_backtest_bets_ungraded", "backtest_id", where="outcome IS NULL"),
        {"schema": "analytics", "info": BY_GAME, "comment": "Bets of backtests, each graded"},
    )

    bet_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, sort_order=-9, comment="Surrogate id"
    )
    backtest_id: Mapped[int] = mapped_column(
        ForeignKey("analytics.backtest_runs.backtest_id"), comment="The backtest"
    )
    sportsbook_id: Mapped[int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The book"
    )
    price: Mapped[Int] = mapped_column(
        comment="American odds: US dollars won on 100, or staked to win 100 if negative"
    )
    stake: Mapped[Units] = mapped_column(comment="Stake, units")
    placed_at: Mapped[Moment] = mapped_column(comment="As of when it was placed, UTC")
    outcome: Mapped[Name16 | None] = mapped_column(
        comment="win, loss, push or void; NULL until graded"
    )
    profit: Mapped[Units | None] = mapped_column(comment="Profit, units; NULL until graded")
    created_at: Mapped[CreatedAt]

    game: Mapped[EnhancedGame] = relationship()
    sportsbook: Mapped[Sportsbook] = relationship()
    run: Mapped[BacktestRun] = relationship(back_populates="bets")
