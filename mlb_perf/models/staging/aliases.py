"""A source's names of teams and sportsbooks."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mlb_perf.models.base import (
    Base,
    Name32,
    Name96,
)
from mlb_perf.models.curated import Sportsbook, Team
from mlb_perf.models.placement import REFERENCE


class TeamAlias(Base):
    """The team for a source's spelling or code."""

    __tablename__ = "team_aliases"
    __table_args__ = (
        {
            "schema": "staging",
            "info": REFERENCE,
            "comment": "Which team a source means by a spelling or a code",
        },
    )

    league_id: Mapped[int] = mapped_column(
        ForeignKey("curated.leagues.league_id"), primary_key=True, comment="The team's league"
    )
    source: Mapped[Name32] = mapped_column(
        primary_key=True, comment="The feed that spells it so; any if no source means another team"
    )
    alias: Mapped[Name96] = mapped_column(
        primary_key=True, comment="The spelling or code; compared without case and outer blanks"
    )
    team_id: Mapped[int] = mapped_column(
        ForeignKey("curated.teams.team_id"), comment="The team that is meant"
    )

    team: Mapped[Team] = relationship()


class SportsbookAlias(Base):
    """The sportsbook for a source's key."""

    __tablename__ = "sportsbook_aliases"
    __table_args__ = (
        {
            "schema": "staging",
            "info": REFERENCE,
            "comment": "Which sportsbook a source means by a key or a name",
        },
    )

    source: Mapped[Name32] = mapped_column(
        primary_key=True, comment="The feed that uses the key; any if no source means another book"
    )
    alias: Mapped[Name96] = mapped_column(
        primary_key=True, comment="The key, id or name; compared without case and outer blanks"
    )
    sportsbook_id: Mapped[int] = mapped_column(
        ForeignKey("curated.sportsbooks.sportsbook_id"), comment="The sportsbook that is meant"
    )

    sportsbook: Mapped[Sportsbook] = relationship()
