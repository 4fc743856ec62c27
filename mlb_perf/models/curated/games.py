"""Games, and their ids in each source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    GAME_STATUSES,
    GAME_TYPES,
    Base,
    CreatedAt,
    Date,
    Int,
    JsonList,
    Moment,
    Name16,
    Name32,
    Name64,
    Name96,
    Score,
    UpdatedAt,
    between,
    index_each,
    one_of,
    strategic,
)
from mlb_perf.models.curated.reference import League, Team, Venue
from mlb_perf.models.placement import REFERENCE

if TYPE_CHECKING:
    from mlb_perf.models.curated.features import MlFeatures
    from mlb_perf.models.curated.lines import BettingLineUnified, LineMovement
    from mlb_perf.models.curated.market import UnifiedBettingSplit


class EnhancedGame(Base):
    """A game; it keeps its id when it is postponed or resumed."""

    __tablename__ = "enhanced_games"
    __table_args__ = (
        CheckConstraint("home_team_id <> away_team_id", name="home_is_not_away"),
        CheckConstraint("game_number >= 1", name="game_number"),
        one_of("status", GAME_STATUSES),
        one_of("game_type", GAME_TYPES),
        CheckConstraint(
            "home_score >= 0 AND away_score >= 0 AND (home_score IS NULL) = (away_score IS NULL)",
            name="scores",
        ),
        between("data_quality_score", 0, 1),
        CheckConstraint("season BETWEEN 1800 AND 2999", name="season"),
        *index_each("game_date", "game_pk"),
        strategic("ix_enhanced_games_home_team", "home_team_id", "game_date"),
        strategic("ix_enhanced_games_away_team", "away_team_id", "game_date"),
        {
            "schema": "curated",
            "info": REFERENCE,
            "comment": "Games, one row each: league, teams, venue, start, status with its history",
        },
    )  # fmt: skip

    game_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    league_id: Mapped[int] = mapped_column(
        ForeignKey("curated.leagues.league_id"), comment="The league"
    )
    season: Mapped[Int] = mapped_column(comment="Season, the year in which it begins")
    game_pk: Mapped[int | None] = mapped_column(
        comment="MLB StatsAPI's id of the game; NULL until that source has named it"
    )
    game_date: Mapped[Date] = mapped_column(
        comment="Official date, in the venue's time zone; a game that is made up later moves "
        "to that day"
    )
    game_number: Mapped[Int] = mapped_column(
        server_default="1", comment="1; 2 and up for a later game of the same teams on that day"
    )
    game_type: Mapped[Name16] = mapped_column(
        server_default="regular",
        comment="spring, exhibition, regular, all_star or postseason; regular where no source says",
    )
    original_start_at: Mapped[Moment | None] = mapped_column(
        comment="Start as first scheduled, UTC; NULL where no source says"
    )
    scheduled_start_at: Mapped[Moment | None] = mapped_column(
        comment="Start as scheduled now, UTC; NULL where no source says"
    )
    actual_start_at: Mapped[Moment | None] = mapped_column(
        comment="First pitch, or the start that a delay moved it to, UTC; NULL where no source says"
    )
    venue_id: Mapped[int | None] = mapped_column(
        ForeignKey("curated.venues.venue_id"), comment="The venue; NULL until known"
    )
    home_team_id: Mapped[int] = mapped_column(
        ForeignKey("curated.teams.team_id"), comment="The home team"
    )
    away_team_id: Mapped[int] = mapped_column(
        ForeignKey("curated.teams.team_id"), comment="The away team"
    )
    home_starting_pitcher: Mapped[Name96 | None] = mapped_column(
        comment="Listed starting pitcher of the home team; NULL until listed"
    )
    away_starting_pitcher: Mapped[Name96 | None] = mapped_column(
        comment="Listed starting pitcher of the away team; NULL until listed"
    )
    status: Mapped[Name16] = mapped_column(
        server_default="scheduled", comment="scheduled, in_progress, final, postponed, ..."
    )
    status_history: Mapped[JsonList] = mapped_column(
        server_default="[]", comment="Array of {status, at}: each status and since when, UTC"
    )
    home_score: Mapped[Int | None] = mapped_column(
        comment="Runs of the home team; NULL before play"
    )
    away_score: Mapped[Int | None] = mapped_column(
        comment="Runs of the away team; NULL before play"
    )
    data_quality_score: Mapped[Score] = mapped_column(
        server_default="0", comment="0 (useless) to 1 (complete and consistent)"
    )
    is_ml_ready: Mapped[bool] = mapped_column(
        server_default="false",
        comment="Whether teams, start, lines and result suffice for training",
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    league: Mapped[League] = relationship()
    venue: Mapped[Venue | None] = relationship()
    home_team: Mapped[Team] = relationship(foreign_keys=home_team_id)
    away_team: Mapped[Team] = relationship(foreign_keys=away_team_id)
    lines: Mapped[list[BettingLineUnified]] = relationship(
        back_populates="game", passive_deletes="all"
    )
    splits: Mapped[list[UnifiedBettingSplit]] = relationship(
        back_populates="game", passive_deletes="all"
    )
    movements: Mapped[list[LineMovement]] = relationship(
        back_populates="game", passive_deletes="all"
    )
    features: Mapped[list[MlFeatures]] = relationship(back_populates="game", passive_deletes="all")


class OfGame:
    """The key of a fact about a game, with the official date of that game."""

    game_id: Mapped[int] = mapped_column(
        ForeignKey("curated.enhanced_games.game_id"),
        primary_key=True,
        sort_order=-10,
        comment="The game",
    )
    game_date: Mapped[Date] = mapped_column(
        primary_key=True, sort_order=-9, comment="The game's official date"
    )


class GameIdMapping(Base):
    """The id of a game in a source.

    Like the games themselves, small enough for a copy on every node of a distributed database.
    """

    __tablename__ = "game_id_mappings"
    __table_args__ = (
        between("confidence", 0, 1),
        *index_each("game_id"),
        {"schema": "curated", "info": REFERENCE, "comment": "What each source calls a game"},
    )

    source: Mapped[Name32] = mapped_column(primary_key=True, comment="The feed")
    external_game_id: Mapped[Name64] = mapped_column(
        primary_key=True, comment="The source's own id of the game, as text"
    )
    game_id: Mapped[int] = mapped_column(comment="curated.enhanced_games.game_id")
    league_id: Mapped[int] = mapped_column(
        ForeignKey("curated.leagues.league_id"), comment="The league"
    )
    match_method: Mapped[Name32] = mapped_column(
        comment="How it was matched: source_id, teams_and_start, by_hand"
    )
    confidence: Mapped[Score] = mapped_column(
        server_default="1", comment="0 to 1; below 1 where the match is by teams and start"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
