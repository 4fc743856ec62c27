"""The reference rows: whole, unambiguous, and enough for every spelling of real feeds."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mlb_perf.migrate.config import alembic_config
from mlb_perf.models import League, Sportsbook, SportsbookAlias, Team, TeamAlias, Venue
from tests.support.checkout import ODDS_API, SAMPLES, needs_samples
from tests.support.sql import rows, run, value

TABLES = ("curated.leagues", "curated.teams", "curated.venues", "curated.sportsbooks",
          "staging.team_aliases", "staging.sportsbook_aliases")  # fmt: skip
USED = (
    "SELECT abbreviation, team_id FROM curated.teams"
    " WHERE abbreviation IN ('ATH', 'BOS', 'CHC') ORDER BY 1"
)
"""The teams that a game or an alias of the user's refers to, with their ids."""


@pytest.fixture
def session(shared_head: Engine) -> Iterator[Session]:
    with Session(shared_head) as session:
        yield session


def teams_of(session: Session, source: str) -> dict[str, str]:
    """Folded spelling to abbreviation: what any source means, overruled by this one."""
    return _folded(session, TeamAlias, Team.abbreviation, TeamAlias.team, source)


def books_of(session: Session, source: str) -> dict[str, str]:
    return _folded(session, SportsbookAlias, Sportsbook.key, SportsbookAlias.sportsbook, source)


def _folded(session: Session, alias: Any, key: Any, meant: Any, source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in ("any", source):
        query = select(alias.alias, key).join(meant).where(alias.source == each)
        found |= {spelling.strip().casefold(): code for spelling, code in session.execute(query)}
    return found


def unresolved(known: dict[str, str], spellings: set[str]) -> set[str]:
    return {spelling for spelling in spellings if spelling.strip().casefold() not in known}


def rows_of(name: str) -> list[dict[str, str]]:
    with gzip.open(SAMPLES / name, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_team_is_known_to_each_feed(session: Session) -> None:
    """30 teams, five a division, each with a home venue and a spelling in every source."""
    teams = session.scalars(select(Team).join(League).where(League.code == "MLB")).all()
    assert len(teams) == 30
    divisions = session.execute(
        select(Team.conference, Team.division, func.count())
        .where(Team.division != "none")
        .group_by(Team.conference, Team.division)
    ).all()
    assert sorted(tuple(row) for row in divisions) == [
        (conference, division, 5)
        for conference in ("AL", "NL")
        for division in ("Central", "East", "West")
    ]
    assert [team.name for team in teams if team.home_venue is None] == []
    sources = {"any", "retrosheet", "mlb_stats_api", "espn", "odds_api", "action_network",
               "sbd", "vsin"}  # fmt: skip
    for source in sources:
        named = session.scalars(select(TeamAlias.team_id).where(TeamAlias.source == source)).all()
        assert {team.team_id for team in teams} - set(named) == set(), source


def test_no_spelling_means_two_things(session: Session) -> None:
    """Without case and outer blanks too; and ``any`` never means another team than a source."""
    for alias in (TeamAlias, SportsbookAlias):
        folded = func.lower(func.btrim(alias.alias))
        twice = session.execute(
            select(alias.source, folded).group_by(alias.source, folded).having(func.count() > 1)
        ).all()
        assert twice == []
    folded = func.lower(TeamAlias.alias)
    torn = session.execute(
        select(folded).group_by(folded).having(func.count(TeamAlias.team_id.distinct()) > 1)
    ).all()
    assert torn == []


@pytest.mark.parametrize("spelling", ["New York", "Chicago", "Los Angeles", "Sox"])
def test_ambiguous_spellings_are_left_out(session: Session, spelling: str) -> None:
    assert session.scalars(select(TeamAlias).where(TeamAlias.alias == spelling)).all() == []


def test_time_zones_exist(session: Session) -> None:
    for venue in session.scalars(select(Venue)):
        assert ZoneInfo(venue.time_zone).key == venue.time_zone


@needs_samples
def test_odds_api_sample(session: Session) -> None:
    teams, books = set(), set()
    with gzip.open(ODDS_API, "rt") as file:
        for line in file:
            for events in json.loads(line)["payload"].values():
                for event in events:
                    teams |= {event["home_team"], event["away_team"]}
                    books |= {book["key"] for book in event["bookmakers"]}
    assert unresolved(teams_of(session, "odds_api"), teams) == set()
    known = books_of(session, "odds_api")
    assert unresolved(known, books) == set()
    assert len({known[book] for book in books}) == 11


@needs_samples
def test_sbd_sample(session: Session) -> None:
    with gzip.open(SAMPLES / "sbd_betting_splits_2025-06-13.json.gz", "rt") as file:
        games = json.load(file)["games"]
    codes = {game[side]["code"] for game in games for side in ("home", "away")}
    nicknames = {game[side]["team"] for game in games for side in ("home", "away")}
    books = {book.get("_id") or book["name"] for game in games for book in game["sportsbooks"]}
    assert unresolved(teams_of(session, "sbd"), codes | nicknames) == set()
    assert unresolved(books_of(session, "sbd"), books) == set()


@needs_samples
@pytest.mark.parametrize("season", [2024, 2025])
def test_game_results_sample(session: Session, season: int) -> None:
    games = rows_of(f"game_outlook_{season}.csv.gz")
    codes = {row[f"{side}_team_abbreviation"] for row in games for side in ("home", "away")}
    names = {row[f"{side}_team_display_name"] for row in games for side in ("home", "away")}
    known = teams_of(session, "espn")
    assert unresolved(known, codes | names) <= {""}
    venues = {
        spelling
        for venue in session.scalars(select(Venue))
        for spelling in (venue.name, *venue.former_names)
    }
    assert {row["venue"] for row in games} - venues <= {""}


@needs_samples
def test_splits_sample(session: Session) -> None:
    splits = rows_of("splits_2025-06-19.csv.gz")
    for source in {row["source"] for row in splits}:
        of_source = [row for row in splits if row["source"] == source]
        spellings = {row[side] for row in of_source for side in ("home_team", "away_team")}
        books = {row["book"] for row in of_source} - {""}
        assert unresolved(teams_of(session, source.lower()), spellings) == set()
        assert unresolved(books_of(session, source.lower()), books) == set()


@needs_samples
def test_retrosheet_sample(session: Session) -> None:
    with gzip.open(SAMPLES / "retrosheet_GL2019.TXT.gz", "rt") as file:
        games = list(csv.reader(file))
    codes = {game[column] for game in games for column in (3, 6)}
    assert len(codes) == 30
    known = teams_of(session, "retrosheet")
    assert unresolved(known, codes) == set()
    assert len({known[code.casefold()] for code in codes}) == 30
    parks = {park for venue in session.scalars(select(Venue)) for park in venue.former_names}
    assert {game[16] for game in games} - parks == set()


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """The reference rows without their ids and the moments of writing, and the ids in use."""
    hidden = "'{league_id,team_id,venue_id,home_venue_id,sportsbook_id,created_at,updated_at}'"
    found = {
        table: rows(engine, f"SELECT (to_jsonb(t) - {hidden}::text[])::text FROM {table} AS t"
                    " ORDER BY 1")
        for table in TABLES
    }  # fmt: skip
    return {**found, "ids": rows(engine, USED)}


def test_undo_keeps_what_is_in_use_and_what_users_added(head: Engine) -> None:
    """Down and up again with a game, a user's alias and a user's book: all of them stay."""
    run(
        head,
        """
        INSERT INTO curated.enhanced_games (league_id, season, game_date, original_start_at,
            scheduled_start_at, venue_id, home_team_id, away_team_id)
        SELECT h.league_id, 2026, '2026-07-30', now(), now(), venue_id, h.team_id, a.team_id
        FROM curated.teams h, curated.teams a, curated.venues v
        WHERE h.abbreviation = 'ATH' AND a.abbreviation = 'BOS' AND v.name = 'Tokyo Dome';
        INSERT INTO staging.team_aliases
        SELECT league_id, 'mine', 'The Green', team_id FROM curated.teams
        WHERE abbreviation = 'CHC';
        INSERT INTO curated.sportsbooks (key, name, region) VALUES ('mine', 'Mine', 'us');
        """,
    )
    before = contents(head)
    command.downgrade(alembic_config(), "0006")
    kept = {
        "teams": "SELECT string_agg(abbreviation, ' ' ORDER BY abbreviation) FROM curated.teams",
        "aliases": "SELECT string_agg(alias, ' ') FROM staging.team_aliases",
        "books": "SELECT string_agg(key, ' ') FROM curated.sportsbooks",
        "league": "SELECT string_agg(code, ' ') FROM curated.leagues",
    }
    assert {name: value(head, query) for name, query in kept.items()} == {
        "teams": "ATH BOS CHC", "aliases": "The Green", "books": "mine", "league": "MLB",
    }  # fmt: skip
    command.upgrade(alembic_config(), "head")
    assert contents(head) == before
