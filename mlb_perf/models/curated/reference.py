"""Leagues, teams, venues and sportsbooks: small, read often, rarely written."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    Base,
    CreatedAt,
    Int,
    Line,
    Name16,
    Name32,
    Name64,
    Name96,
    UpdatedAt,
    between,
    one_of,
)
from mlb_perf.models.placement import REFERENCE


class League(Base):
    """A league; a second sport is a second row, with limits of its own.

    A limit that is NULL limits nothing. Values beyond it cannot be; unusual ones count as less
    trustworthy.
    """

    __tablename__ = "leagues"
    __table_args__ = (
        UniqueConstraint("code", name="code"),
        between("season_month", 1, 12),
        {
            "schema": "curated",
            "info": REFERENCE,
            "comment": "Leagues; teams and games belong to one",
        },
    )

    league_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    code: Mapped[str] = mapped_column(String(8), comment="Short name, e.g. MLB")
    name: Mapped[Name64] = mapped_column(comment="Full name")
    sport: Mapped[Name32] = mapped_column(comment="The sport, e.g. baseball")
    first_season: Mapped[Int | None] = mapped_column(
        comment="Year of the first season; no game starts before it"
    )
    season_month: Mapped[Int] = mapped_column(
        server_default="1", comment="Month in which a season begins, 1 to 12"
    )
    years_ahead: Mapped[Int | None] = mapped_column(
        comment="How many years ahead of now a start can be"
    )
    games_a_day: Mapped[Int | None] = mapped_column(
        comment="Most games of two teams on a day; a higher number of a game is not believed"
    )
    largest_score: Mapped[Int | None] = mapped_column(
        comment="Highest score of a side; a higher one is none"
    )
    largest_spread: Mapped[Line | None] = mapped_column(
        comment="Largest handicap; quotes beyond it are rejected"
    )
    largest_total: Mapped[Line | None] = mapped_column(
        comment="Largest total; quotes beyond it are rejected"
    )
    usual_spread: Mapped[Line | None] = mapped_column(
        comment="Handicap of nearly all games; NULL where it differs by game"
    )
    usual_total_from: Mapped[Line | None] = mapped_column(
        comment="Totals below it are unusual: lower quality"
    )
    usual_total_to: Mapped[Line | None] = mapped_column(
        comment="Totals above it are unusual: lower quality"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    teams: Mapped[list[Team]] = relationship(back_populates="league")


class Venue(Base):
    """A ballpark, with the time zone that gives a start its official date."""

    __tablename__ = "venues"
    __table_args__ = (
        UniqueConstraint("name", name="name"),
        UniqueConstraint("statsapi_venue_id", name="statsapi_venue_id"),
        one_of("roof_type", ("open", "retractable", "fixed")),
        {"schema": "curated", "info": REFERENCE, "comment": "Ballparks, with their time zones"},
    )

    venue_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    statsapi_venue_id: Mapped[int | None] = mapped_column(comment="MLB StatsAPI's id of the venue")
    name: Mapped[Name96] = mapped_column(comment="Current name")
    former_names: Mapped[list[str]] = mapped_column(
        ARRAY(String(96)), server_default="{}", comment="Other names that feeds use for it"
    )
    city: Mapped[Name64] = mapped_column(comment="City")
    region: Mapped[Name64 | None] = mapped_column(
        comment="State or province; NULL where none is used"
    )
    country: Mapped[str] = mapped_column(String(2), comment="ISO 3166-1 alpha-2 code")
    time_zone: Mapped[Name64] = mapped_column(comment="IANA time zone, e.g. America/New_York")
    roof_type: Mapped[Name16] = mapped_column(comment="open, retractable or fixed")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class Team(Base):
    """A team of a league."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("league_id", "abbreviation", name="abbreviation"),
        UniqueConstraint("league_id", "statsapi_team_id", name="statsapi_team_id"),
        {
            "schema": "curated",
            "info": REFERENCE,
            "comment": "Teams; staging.team_aliases holds their other spellings",
        },
    )

    team_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    league_id: Mapped[int] = mapped_column(
        ForeignKey("curated.leagues.league_id"), comment="The league that the team plays in"
    )
    abbreviation: Mapped[str] = mapped_column(String(8), comment="Code in today's MLB StatsAPI")
    name: Mapped[Name64] = mapped_column(comment="Full name, e.g. New York Yankees")
    location: Mapped[Name64] = mapped_column(comment="City or state in its name, e.g. New York")
    nickname: Mapped[Name64] = mapped_column(comment="Name without the location, e.g. Yankees")
    conference: Mapped[str] = mapped_column(String(8), comment="AL or NL")
    division: Mapped[Name16] = mapped_column(comment="East, Central, West; none: all-star")
    home_venue_id: Mapped[int | None] = mapped_column(
        ForeignKey("curated.venues.venue_id"), comment="The venue of its home games"
    )
    statsapi_team_id: Mapped[int | None] = mapped_column(comment="MLB StatsAPI's id of the team")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    league: Mapped[League] = relationship(back_populates="teams")
    home_venue: Mapped[Venue | None] = relationship()


class Sportsbook(Base):
    """A bookmaker, or the consensus line of a feed."""

    __tablename__ = "sportsbooks"
    __table_args__ = (
        UniqueConstraint("key", name="key"),
        {
            "schema": "curated",
            "info": REFERENCE,
            "comment": "Sportsbooks; staging.sportsbook_aliases holds the feeds' keys for them",
        },
    )

    sportsbook_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    key: Mapped[Name64] = mapped_column(comment="Canonical key, lower case, e.g. draftkings")
    name: Mapped[Name96] = mapped_column(comment="Name as it is shown")
    region: Mapped[Name16] = mapped_column(
        comment="Where it takes bets: us, us2, uk, eu, au, offshore; or consensus"
    )
    is_sharp: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether other books follow its line (a market maker)"
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
