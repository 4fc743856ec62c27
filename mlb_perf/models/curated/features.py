"""The features of a game that a model may use, and when they were known."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    MARKET_TYPES,
    SIDES,
    Base,
    CreatedAt,
    Int,
    Json,
    Line,
    Moment,
    Name16,
    Name32,
    Percent,
    Probability,
    Score,
    UpdatedAt,
    between,
    half_runs,
    one_of,
)
from mlb_perf.models.curated.games import EnhancedGame, OfGame
from mlb_perf.models.packing import Packed
from mlb_perf.models.placement import BY_GAME


class MlFeatures(OfGame, Packed, Base):
    """The features of a game as of a moment; the row uses no later data."""

    __tablename__ = "ml_features"
    __table_args__ = (
        between("home_win_probability", 0, 1),
        between("moneyline_dispersion", 0, 1),
        between("home_bets_percent", 0, 100),
        between("home_money_percent", 0, 100),
        between("data_quality_score", 0, 1),
        CheckConstraint("book_count >= 0", name="book_count"),
        {
            "schema": "curated",
            "info": BY_GAME,
            "comment": "Features of a game as of a moment, without look-ahead",
        },
    )

    feature_set: Mapped[Name32] = mapped_column(
        primary_key=True, sort_order=-8, comment="Name and version of the feature set"
    )
    as_of: Mapped[Moment] = mapped_column(
        primary_key=True,
        sort_order=-7,
        comment="Nothing in the row was seen after this moment, UTC",
    )
    home_win_probability: Mapped[Probability | None] = mapped_column(
        comment="Consensus of the books without vig, 0 to 1"
    )
    moneyline_dispersion: Mapped[Probability | None] = mapped_column(
        comment="Standard deviation of the books' probabilities without vig, 0 to 1"
    )
    run_line: Mapped[Line | None] = mapped_column(
        comment="Consensus handicap of the home team, runs"
    )
    total_line: Mapped[Line | None] = mapped_column(comment="Consensus total, runs")
    probability_change: Mapped[Probability | None] = mapped_column(
        comment="home_win_probability minus its value at the opening, -1 to 1"
    )
    home_bets_percent: Mapped[Percent | None] = mapped_column(
        comment="Share of the moneyline bets on the home team, percent 0 to 100"
    )
    home_money_percent: Mapped[Percent | None] = mapped_column(
        comment="Share of the moneyline handle on the home team, percent 0 to 100"
    )
    steam_moves: Mapped[Int] = mapped_column(
        server_default="0", comment="Steam moves up to as_of, count"
    )
    book_count: Mapped[Int] = mapped_column(comment="Books with a line at as_of, count")
    features: Mapped[Json] = mapped_column(
        server_default="{}", comment="Further features by name; numbers"
    )
    data_quality_score: Mapped[Score] = mapped_column(
        server_default="0", comment="0 (useless) to 1 (complete and consistent)"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    game: Mapped[EnhancedGame] = relationship(back_populates="features")


class MlMarketAnalysis(OfGame, Base):
    """One market from opening to closing."""

    __tablename__ = "ml_market_analysis"
    __table_args__ = (
        one_of("market_type", MARKET_TYPES),
        half_runs("opening_line"),
        half_runs("closing_line"),
        between("opening_probability", 0, 1),
        between("closing_probability", 0, 1),
        between("average_vig", -1, 1),
        one_of("sharp_side", SIDES),
        CheckConstraint("book_count >= 0 AND movement_count >= 0", name="counts"),
        {
            "schema": "curated",
            "info": BY_GAME,
            "comment": "What one market of a game did from opening to closing",
        },
    )

    market_type: Mapped[Name16] = mapped_column(
        primary_key=True, sort_order=-8, comment="moneyline, spread or total"
    )
    opening_line: Mapped[Line | None] = mapped_column(comment="Consensus line at the opening, runs")
    closing_line: Mapped[Line | None] = mapped_column(comment="Consensus line at the close, runs")
    opening_probability: Mapped[Probability | None] = mapped_column(
        comment="Of home or over, without vig, at the opening, 0 to 1"
    )
    closing_probability: Mapped[Probability | None] = mapped_column(
        comment="Of home or over, without vig, at the close, 0 to 1"
    )
    average_vig: Mapped[Probability | None] = mapped_column(
        comment="Mean over the books of the implied probabilities' sum minus 1, at the close"
    )
    sharp_side: Mapped[Name16 | None] = mapped_column(
        comment="The side that handle and line agree on against the bets, if any"
    )
    book_count: Mapped[Int] = mapped_column(comment="Books that offered the market, count")
    movement_count: Mapped[Int] = mapped_column(comment="Changes of line over all books, count")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    game: Mapped[EnhancedGame] = relationship()
