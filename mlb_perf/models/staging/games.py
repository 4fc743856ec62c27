"""Games in the description of each source."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mlb_perf.models.base import (
    GAME_STATUSES,
    GAME_TYPES,
    Base,
    Int,
    Moment,
    Name16,
    Name96,
    index_each,
    one_of,
)
from mlb_perf.models.placement import BY_EXTERNAL_GAME
from mlb_perf.models.staging.lineage import Lineage, quality


class StagingGame(Lineage, Base):
    """One game in the description of one source."""

    __tablename__ = "games"
    __table_args__ = (
        PrimaryKeyConstraint("external_game_id", "staging_game_id"),
        UniqueConstraint("external_game_id", "source", "collected_at", name="natural_key"),
        CheckConstraint("home_team_id <> away_team_id", name="home_is_not_away"),
        one_of("status", GAME_STATUSES),
        CheckConstraint("game_number >= 1", name="game_number"),
        one_of("game_type", GAME_TYPES),
        CheckConstraint(
            "home_score >= 0 AND away_score >= 0 AND (home_score IS NULL) = (away_score IS NULL)",
            name="scores",
        ),
        *quality(),
        *index_each("game_id", "game_date"),
        {
            "schema": "staging",
            "info": BY_EXTERNAL_GAME,
            "comment": "One game as one source describes it at one moment",
        },
    )  # fmt: skip

    staging_game_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=True, sort_order=-9, comment="Surrogate id"
    )
    home_team_name: Mapped[Name96] = mapped_column(comment="The home team in the source's spelling")
    away_team_name: Mapped[Name96] = mapped_column(comment="The away team in the source's spelling")
    home_team_id: Mapped[int | None] = mapped_column(
        comment="curated.teams.team_id once resolved; NULL until then"
    )
    away_team_id: Mapped[int | None] = mapped_column(
        comment="curated.teams.team_id once resolved; NULL until then"
    )
    scheduled_start_at: Mapped[Moment | None] = mapped_column(comment="Scheduled start, UTC")
    game_number: Mapped[Int] = mapped_column(
        server_default="1", comment="1; 2 and up for a later game of the same teams on that day"
    )
    status: Mapped[Name16] = mapped_column(
        server_default="scheduled", comment="scheduled, in_progress, final, postponed, ..."
    )
    first_pitch_at: Mapped[Moment | None] = mapped_column(
        comment="First pitch, UTC; NULL before it, or where the source does not say"
    )
    moved_from_at: Mapped[Moment | None] = mapped_column(
        comment="The start that the game was rescheduled or resumed from, UTC; NULL if it was not"
    )
    game_type: Mapped[Name16 | None] = mapped_column(
        comment="spring, exhibition, regular, all_star, postseason; NULL where not said"
    )
    venue_name: Mapped[Name96 | None] = mapped_column(comment="The venue in the source's spelling")
    home_starting_pitcher: Mapped[Name96 | None] = mapped_column(
        comment="Listed starting pitcher of the home team; NULL until listed"
    )
    away_starting_pitcher: Mapped[Name96 | None] = mapped_column(
        comment="Listed starting pitcher of the away team; NULL until listed"
    )
    home_score: Mapped[Int | None] = mapped_column(
        comment="Runs of the home team; NULL before play"
    )
    away_score: Mapped[Int | None] = mapped_column(
        comment="Runs of the away team; NULL before play"
    )
