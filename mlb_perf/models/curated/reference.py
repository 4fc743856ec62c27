"""Leagues, teams, venues and sportsbooks: small, read often, rarely written."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    Base,
    CreatedAt,
    Name16,
    Name32,
    Name64,
    Name96,
    UpdatedAt,
    one_of,
)


class League(Base):
    """A league; a second sport is a second row."""

    __tablename__ = "leagues"
    __table_args__ = (
        UniqueConstraint("code", name="code"),
        {"schema": "curated", "comment": "Leagues; teams and games belong to one"},
    )

    league_id: Mapped[int] = mapped_column(primary_key=True, comment="Surrogate id")
    code: Mapped[str] = mapped_column(String(8), comment="Short name, e.g. MLB")
    name: Mapped[Name64] = mapped_column(comment="Full name")
    sport: Mapped[Name32] = mapped_column(comment="The sport, e.g. baseball")
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
        {"schema": "curated", "comment": "Ballparks, with their time zones"},
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
        {"schema": "curated", "comment": "Teams; staging.team_aliases holds their other spellings"},
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
