"""Other sports beside baseball have teams and limits of their own; no shared name is guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from mlb_perf.pipeline.ask.features import features_as_of
from mlb_perf.pipeline.ask.selects import closing_lines
from tests.integration.pipeline.world_of_feeds import AWAY, HOME, Feeds
from tests.support.sql import run

START, AT = "2026-01-11T00:40:00Z", "2026-01-10T22:00:00Z"

LEAGUES = """
    INSERT INTO curated.leagues (code, name, sport, first_season, season_month, games_a_day,
        largest_score, largest_spread, largest_total, usual_spread, usual_total_from,
        usual_total_to)
    VALUES ('NBA', 'National Basketball Association', 'basketball', 1946, 7, 1, 200, 60, 400, NULL,
            180, 270),
           ('NHL', 'National Hockey League', 'hockey', 1917, 7, 1, 20, 9, 20, 1.5, 4.5, 8)
"""
TEAMS = """
    INSERT INTO curated.teams (league_id, abbreviation, name, location, nickname, conference,
        division)
    SELECT league_id, given.code, location || ' ' || nickname, location, nickname, '', ''
    FROM (VALUES ('NBA', 'SAC', 'Sacramento', 'Kings'), ('NBA', 'BOS', 'Boston', 'Celtics'),
                 ('NHL', 'LAK', 'Los Angeles', 'Kings'), ('NHL', 'BOS', 'Boston', 'Bruins'))
        AS given (league, code, location, nickname)
    JOIN curated.leagues AS l ON l.code = given.league
"""
ALIASES = """
    INSERT INTO staging.team_aliases (league_id, source, alias, team_id)
    SELECT league_id, 'any', alias, team_id
    FROM curated.teams AS t
    JOIN curated.leagues AS l USING (league_id)
    CROSS JOIN LATERAL (VALUES (t.name), (t.nickname), (t.location), (t.abbreviation))
        AS names (alias)
    WHERE l.code IN ('NBA', 'NHL')
"""


@pytest.fixture
def feeds(head: Engine, tmp_path: Path) -> Feeds:
    run(head, LEAGUES, TEAMS, ALIASES)
    return Feeds(head, tmp_path)


def event(
    name: str, sport: str, teams: tuple[str, str], line: float, total: float, start: str = START
) -> dict[str, Any]:
    """Three markets of one book, the handicap and the total as they are given."""
    home, away = teams
    markets = [
        {"key": "h2h", "outcomes": [{"name": home, "price": 1.7}, {"name": away, "price": 2.2}]},
        {"key": "spreads", "outcomes": [{"name": home, "price": 1.91, "point": line},
                                        {"name": away, "price": 1.91, "point": -line}]},
        {"key": "totals", "outcomes": [{"name": "Over", "price": 1.91, "point": total},
                                       {"name": "Under", "price": 1.91, "point": total}]},
    ]  # fmt: skip
    book = {"key": "fanduel", "last_update": AT, "markets": markets}
    return {"id": name, "sport_key": sport, "commence_time": start, "home_team": home,
            "away_team": away, "bookmakers": [book]}  # fmt: skip


PAST = (
    "game_date=d,home_team=h,away_team=a,moneyline_home=mh,moneyline_away=ma,sportsbook:=pinnacle"
)
NBA = "basketball_nba", ("Sacramento Kings", "Boston Celtics")
NHL = "icehockey_nhl", ("Los Angeles Kings", "Boston Bruins")
MLB = "baseball_mlb", (HOME, AWAY)


def test_three_leagues_side_by_side(feeds: Feeds) -> None:
    """Each is judged by its own limits, and answers with its own teams."""
    feeds.load([event("nba", *NBA, -12.5, 224.5), event("nhl", *NHL, -1.5, 6),
                event("mlb", *MLB, -1.5, 8.5, "2026-07-09T02:10:00Z")])  # fmt: skip
    scores = [("118", "112", NBA), ("3", "2", NHL)]
    feeds.load([
        {"id": sport[-3:], "sport_key": sport, "commence_time": START, "completed": True,
         "home_team": teams[0], "away_team": teams[1], "last_update": "2026-01-11T06:00:00Z",
         "scores": [{"name": teams[0], "score": home}, {"name": teams[1], "score": away}]}
        for home, away, (sport, teams) in scores
    ])  # fmt: skip
    report = feeds.promote()
    assert (report.quotes, report.rejected) == (18, 0)
    games = feeds.rows(
        "SELECT l.code, h.nickname, a.nickname, season, status, home_score, away_score, game_id,"
        " game_date, scheduled_start_at FROM curated.enhanced_games AS g"
        " JOIN curated.leagues AS l USING (league_id)"
        " JOIN curated.teams AS h ON h.team_id = home_team_id"
        " JOIN curated.teams AS a ON a.team_id = away_team_id ORDER BY 1"
    )
    assert [row[:7] for row in games] == [
        ("MLB", "Mariners", "Rangers", 2026, "scheduled", None, None),
        ("NBA", "Kings", "Celtics", 2025, "final", 118, 112),
        ("NHL", "Kings", "Bruins", 2025, "final", 3, 2),
    ]
    assert feeds.rows(
        "SELECT DISTINCT data_quality_score::float, validation_status"
        " FROM staging.betting_odds_unified"
    ) == [(1.0, "valid")]
    with feeds.engine.connect() as connection:
        basketball = connection.execute(closing_lines([games[1][7]])).all()
        assert {(row.market_type, row.line_value) for row in basketball} == {
            ("moneyline", None), ("spread", -12.5), ("spread", 12.5), ("total", 224.5),
        }  # fmt: skip
        (known,) = connection.execute(features_as_of([games[1][7:10]])).all()
        assert (known.run_line, known.total_line) == (-12.5, 224.5)


def test_the_limits_are_rows_of_the_league(feeds: Feeds) -> None:
    """What cannot be in one league is usual in another; and a limit can be changed."""
    feeds.load([event("nba", *NBA, -62.5, 500), event("nhl", *NHL, -12.5, 12),
                event("mlb", *MLB, -2.5, 224.5, "2026-07-09T02:10:00Z")])  # fmt: skip
    feeds.load([event("old", *NBA, -3, 200, "1930-01-11T00:40:00Z")])
    high = {
        "id": "high",
        "sport_key": NBA[0],
        "commence_time": "2026-01-13T00:40:00Z",
        "completed": True,
        "home_team": NBA[1][0],
        "away_team": NBA[1][1],
        "last_update": "2026-01-13T06:00:00Z",
        "scores": [{"name": NBA[1][0], "score": "1180"}, {"name": NBA[1][1], "score": "112"}],
    }
    feeds.load([high])
    feeds.promote()
    assert feeds.rejected() == {"impossible_line": 8, "bad_time": 6}
    assert feeds.rows(
        "SELECT external_game_id, market_type, data_quality_score::float, validation_status"
        " FROM staging.betting_odds_unified WHERE market_type <> 'moneyline' AND side <> 'away'"
        " AND side <> 'under' ORDER BY 1, 2"
    ) == [("mlb", "spread", 0.8, "valid"), ("nhl", "total", 0.8, "valid")]
    assert feeds.rows(
        "SELECT status, home_score FROM curated.enhanced_games WHERE game_date = '2026-01-12'"
    ) == [("final", None)]
    run(feeds.engine, "UPDATE curated.leagues SET largest_spread = 70, largest_total = NULL"
                      " WHERE code = 'NBA'")  # fmt: skip
    feeds.load([event("later", *NBA, -62.5, 500, "2026-01-15T00:40:00Z")])
    assert feeds.promote().quotes == 6


@pytest.mark.parametrize("source", ["past lines", "action network"])
def test_a_name_of_two_leagues_is_ambiguous(feeds: Feeds, source: str) -> None:
    """Boston at the Kings plays basketball and hockey: the feed says which, or nobody does."""
    for league, number in (("", 1), ("NBA", 2), ("NHL", 3)):
        if source == "past lines":
            columns = PAST + (f",league:={league}" if league else "")
            feeds.load("d,h,a,mh,ma\n2026-01-10,Kings,Boston,-120,+110\n", columns=columns,
                       name=f"n{number}")  # fmt: skip
        else:
            feeds.load({"games": [{
                "id": number, "start_time": START, "status": "scheduled", "home_team_id": 1,
                "away_team_id": 2, **({"league_name": league.lower()} if league else {}),
                "teams": [{"id": 1, "full_name": "Kings"}, {"id": 2, "full_name": "Boston"}],
                "odds": [{"type": "game", "book_id": 15, "ml_home": -120, "ml_away": 110}],
            }]}, AT)  # fmt: skip
    report = feeds.promote()
    assert report.quotes == 4
    assert set(feeds.rejected()) == {"ambiguous_team"}
    assert feeds.rows(
        "SELECT l.code, count(*) FROM curated.enhanced_games JOIN curated.leagues AS l"
        " USING (league_id) GROUP BY 1 ORDER BY 1"
    ) == [("NBA", 1), ("NHL", 1)]
