"""Lines and their movements: the prices of the books, each with its first and last time."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    Base,
    CreatedAt,
    DecimalPrice,
    Int,
    Line,
    Moment,
    Name16,
    Name32,
    Percent,
    Probability,
    Score,
    UpdatedAt,
    american_price,
    between,
    half_runs,
    index_each,
    market_and_side,
    strategic,
)
from mlb_perf.models.curated.games import EnhancedGame, OfGame
from mlb_perf.models.curated.reference import Sportsbook
from mlb_perf.models.packing import Packed, serial
from mlb_perf.models.placement import BY_GAME


def _flagged(which: str) -> Index:
    """An index of only the opening or closing lines, by day, with the columns that queries read."""
    # Not last_seen_at: a repeated quote moves it, and that stays a heap-only update.
    return strategic(
        f"ix_betting_lines_unified_{which}",
        *("game_date", "game_id", "market_type", "sportsbook_id", "side"),
        include=["source", "line_value", "price", "decimal_price"],
        where=f"is_{which}",
        options={"fillfactor": "100"},  # days are added at its end
    )


class BettingLineUnified(OfGame, Packed, Base):
    """A price at one book from ``first_seen_at`` to ``last_seen_at``; only changes are stored."""

    __tablename__ = "betting_lines_unified"
    __key__ = (
        "game_id",
        "game_date",
        "market_type",
        "sportsbook_id",
        "side",
        "source",
        "first_seen_at",
    )
    __full_key__ = True
    __table_args__ = (
        *market_and_side("line_value"),
        american_price(),
        CheckConstraint("decimal_price > 1 AND decimal_price < 1000000", name="decimal_price"),
        half_runs(),
        between("implied_probability", 0, 1),
        CheckConstraint("last_seen_at >= first_seen_at", name="seen"),
        CheckConstraint("quote_count >= 1", name="quote_count"),
        CheckConstraint("NOT (is_closing AND is_in_play)", name="closing_is_before_start"),
        between("data_quality_score", 0, 1),
        _flagged("opening"),
        _flagged("closing"),
        # Rows are written in the order of created_at: a few pages of BRIN find those of an hour.
        strategic(
            "ix_betting_lines_unified_written",
            "created_at",
            using="brin",
            options={"pages_per_range": "32", "autosummarize": "on"},
        ),
        {
            "schema": "curated",
            "info": BY_GAME,
            "comment": "The path of each line, changes only: a price, from when to when",
        },
    )  # fmt: skip

    line_id: Mapped[int] = serial("Surrogate id; no index has it", sort_order=-8)
    sportsbook_id: Mapped[Int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The sportsbook"
    )
    source: Mapped[Name32] = mapped_column(comment="The feed that reported it")
    market_type: Mapped[Name16] = mapped_column(comment="moneyline, spread or total")
    side: Mapped[Name16] = mapped_column(comment="home or away; over or under for a total")
    line_value: Mapped[Line | None] = mapped_column(
        comment="Runs: the handicap of the side, or the total; NULL for a moneyline"
    )
    price: Mapped[Int] = mapped_column(
        comment="American odds: US dollars won on 100, or staked to win 100 if negative"
    )
    decimal_price: Mapped[DecimalPrice] = mapped_column(
        comment="Decimal odds: US dollars returned for a stake of 1"
    )
    implied_probability: Mapped[Probability] = mapped_column(
        comment="1 / decimal_price, vig included, 0 to 1"
    )
    first_seen_at: Mapped[Moment] = mapped_column(comment="When the price was first seen, UTC")
    last_seen_at: Mapped[Moment] = mapped_column(comment="When the price was last seen, UTC")
    quote_count: Mapped[Int] = mapped_column(
        server_default="1", comment="How many quotes of the source said this price, count"
    )
    is_opening: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether it is the first line of its book, market and side"
    )
    is_closing: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether it is the last line seen before the actual start"
    )
    is_in_play: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether it was first seen after the actual start"
    )
    data_quality_score: Mapped[Score] = mapped_column(
        server_default="0", comment="0 (useless) to 1 (complete and consistent)"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    game: Mapped[EnhancedGame] = relationship(back_populates="lines")
    sportsbook: Mapped[Sportsbook] = relationship()


class LineMovement(OfGame, Packed, Base):
    """One change of a line, with whether it was a steam or a reverse move."""

    __tablename__ = "line_movements"
    __key__ = ("game_id", "game_date", "market_type", "side", "moved_at", "sportsbook_id", "source")
    __full_key__ = True
    __table_args__ = (
        *market_and_side("line_before", "line_after"),
        american_price("price_before"),
        american_price("price_after"),
        half_runs("line_before"),
        half_runs("line_after"),
        between("bets_percent", 0, 100),
        between("probability_change", -1, 1),
        CheckConstraint("books_moved >= 1", name="books_moved"),
        *index_each("moved_at"),
        strategic("ix_line_movements_steam", "moved_at", where="is_steam_move"),
        strategic("ix_line_movements_reverse", "game_date", where="is_reverse_line_movement"),
        {
            "schema": "curated",
            "info": BY_GAME,
            "comment": "Changes of lines, with steam and reverse line movement",
        },
    )  # fmt: skip

    movement_id: Mapped[int] = serial("Surrogate id; no index has it", sort_order=-8)
    sportsbook_id: Mapped[Int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The sportsbook that moved"
    )
    source: Mapped[Name32] = mapped_column(comment="The feed that reported it")
    market_type: Mapped[Name16] = mapped_column(comment="moneyline, spread or total")
    side: Mapped[Name16] = mapped_column(comment="home or away; over or under for a total")
    moved_at: Mapped[Moment] = mapped_column(comment="When the new line was first seen, UTC")
    line_before: Mapped[Line | None] = mapped_column(comment="Runs before; NULL for a moneyline")
    line_after: Mapped[Line | None] = mapped_column(comment="Runs after; NULL for a moneyline")
    price_before: Mapped[Int] = mapped_column(comment="American odds before")
    price_after: Mapped[Int] = mapped_column(comment="American odds after")
    probability_change: Mapped[Probability] = mapped_column(
        comment="Implied probability after minus before, -1 to 1"
    )
    books_moved: Mapped[Int] = mapped_column(
        server_default="1", comment="Books that moved the same way within the steam window, count"
    )
    bets_percent: Mapped[Percent | None] = mapped_column(
        comment="Share of the bets on the side when it moved, percent 0 to 100; NULL if unknown"
    )
    is_steam_move: Mapped[bool] = mapped_column(
        server_default="false",
        comment="Whether enough books moved together within the steam window",
    )
    is_reverse_line_movement: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether the line moved against the majority of bets"
    )
    created_at: Mapped[CreatedAt]

    game: Mapped[EnhancedGame] = relationship(back_populates="movements")
    sportsbook: Mapped[Sportsbook] = relationship()
