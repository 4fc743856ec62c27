"""The teams and sportsbooks that the rows name, as the database has them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf.errors import DatasetRefused


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its home park."""

    team_id: int
    statsapi_id: int
    abbreviation: str
    name: str
    venue_id: int
    venue: str
    statsapi_venue_id: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The league, its thirty teams in the order of their StatsAPI ids, and the books by key."""

    league_id: int
    teams: tuple[Team, ...]
    books: dict[str, int]


_TEAMS = """
SELECT t.team_id, t.statsapi_team_id, t.abbreviation, t.name, v.venue_id, v.name AS venue,
    v.statsapi_venue_id, v.time_zone, t.league_id
FROM curated.teams AS t
JOIN curated.leagues AS l USING (league_id)
JOIN curated.venues AS v ON v.venue_id = t.home_venue_id
WHERE l.code = 'MLB' AND t.statsapi_team_id IS NOT NULL
ORDER BY t.statsapi_team_id
"""


def read_reference(connection: Connection) -> Reference:
    """Read what revision 0007 inserted; raises :class:`DatasetRefused` if teams are missing."""
    rows = connection.execute(text(_TEAMS)).all()
    if len(rows) != 30:
        raise DatasetRefused(
            f"curated.teams has {len(rows)} of the 30 teams with a home park; "
            "run `mlb-perf alembic upgrade head`, which inserts them"
        )
    books = connection.execute(text("SELECT key, sportsbook_id FROM curated.sportsbooks"))
    teams = tuple(Team(*row[:8]) for row in rows)
    return Reference(rows[0].league_id, teams, {row.key: row.sportsbook_id for row in books})
