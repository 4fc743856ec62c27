"""Archives of past lines, from the file to closing lines."""

from __future__ import annotations

from typing import Any

import pytest

from mlb_perf.pipeline.read.layout import Layout
from tests.integration.pipeline.world_of_feeds import DAY, NIGHT, SAID, Feeds, game, schedule
from tests.support.sql import run

TEAMS = "game_date=d,home_team=h,away_team=a,moneyline_home=mh,moneyline_away=ma"
BOOK = ",sportsbook:=pinnacle"


@pytest.mark.parametrize("is_scheduled", [False, True])
def test_lines_without_a_time_close(feeds: Feeds, is_scheduled: bool) -> None:
    """With a start and without one they are closing, and never in play."""
    if is_scheduled:
        feeds.load(schedule(game(30, DAY, NIGHT)), SAID)
    feeds.load(f"d,h,a,mh,ma\n{DAY},SEA,TEX,-120,+110\n", columns=TEAMS + BOOK)
    for _ in range(2):
        feeds.promote()
        assert feeds.lines() == [(30 if is_scheduled else None, -120, True, True, False)]
        # And once the start is known, they stand at it.
        is_scheduled = True
        feeds.load(schedule(game(30, DAY, NIGHT)), SAID)


@pytest.mark.parametrize("start", ["", NIGHT])
def test_opening_and_closing_by_what_the_user_says(feeds: Feeds, start: str) -> None:
    text = f"d,s,h,a,oh,oa,ch,ca\n{DAY},{start},SEA,TEX,-110,+100,-130,+120\n"
    columns = "game_date=d,start_at=s,home_team=h,away_team=a,sportsbook:=pinnacle,"
    for kind, names in (("opening", "oh oa"), ("closing", "ch ca")):
        home, away = names.split()
        feeds.load(
            text, columns=f"{columns}moneyline_home={home},moneyline_away={away},line_kind:={kind}",
            name="archive",
        )  # fmt: skip
    feeds.promote()
    assert [row[1:] for row in feeds.lines()] == [
        (-110, True, False, False), (-130, False, True, False),
    ]  # fmt: skip


ROW = f"{DAY},SEA,TEX,-120,+110"


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        (f"\ufeffd,h,a,mh,ma\r\n{ROW}\r\n", {}),
        (f"d,h,a,mh,ma,,\n{ROW},,\n", {}),
        (f"d,h,a,mh,ma,note,note\n{ROW},x,y\n", {}),
        (f"My archive,,,,\nd,h,a,mh,ma\n{ROW}\n", {}),
        (f"d, h ,a,mh, ma\n{ROW}\n", {}),
        (f"d,h,a,mh,ma\n{ROW}\nd,h,a,mh,ma\n", {}),
        ("d;h;a;mh;ma\n" + ROW.replace(",", ";") + "\n", {"delimiter": ";"}),
        ("d\th\ta\tmh\tma\n" + ROW.replace(",", "\t") + "\n", {"delimiter": "tab"}),
        ("d,h,a,mh,ma\n7/8/2026,SEA,TEX,-120,+110\n", {"date_formats": ("%m/%d/%Y",)}),
        ("d,h,a,mh,ma\n46211,SEA,TEX,-120,+110\n", {"date_formats": ("excel",)}),
        (f"d,h,a,mh,ma\n{DAY} 00:00:00,SEA,TEX,-120.0,110.0\n", {}),
        ("d;h;a;mh;ma\n" + f"{DAY};SEA;TEX;1,8333;2,10\n",
         {"delimiter": ";", "decimal_comma": True}),
    ],
    ids=["bom", "nameless columns", "double columns", "title", "blanks", "header again",
         "semicolons", "tabs", "us dates", "excel dates", "pandas", "decimal commas"],
)  # fmt: skip
def test_forms_of_files(feeds: Feeds, text: str, layout: dict[str, Any]) -> None:
    report = feeds.load(text, columns=TEAMS + BOOK, layout=Layout(**layout))
    assert (report.loaded, report.malformed) == (1, [])
    feeds.promote()
    assert [(row[1], row[3]) for row in feeds.lines()] == [(-120, True)]
    assert feeds.rows("SELECT game_date::text FROM curated.enhanced_games") == [(DAY,)]


def test_times_of_a_zone(feeds: Feeds) -> None:
    """Half past seven in Seattle; and a time of day alone, of the row's date."""
    layout = Layout(timezone="America/Los_Angeles", date_formats=("%Y-%m-%d %I:%M %p", "%H:%M"))
    text = (f"d,s,h,a,mh,ma\n{DAY},{DAY} 7:10 PM,SEA,TEX,-120,+110\n"
            "2026-07-09,19:10,SEA,TEX,-125,+115\n")  # fmt: skip
    assert feeds.load(text, columns=f"start_at=s,{TEAMS}{BOOK}", layout=layout).loaded == 2
    feeds.promote()
    assert feeds.rows("SELECT scheduled_start_at::text FROM curated.enhanced_games ORDER BY 1") == [
        ("2026-07-09 02:10:00+00",), ("2026-07-10 02:10:00+00",),
    ]  # fmt: skip


def test_a_date_that_cannot_be_read_asks_for_its_form(feeds: Feeds) -> None:
    (problem,) = feeds.load(
        "d,h,a,mh,ma\n7/8/2026,SEA,TEX,-120,+110\n", columns=TEAMS + BOOK
    ).malformed
    assert "say --date-format, as in '%m/%d/%Y'" in problem.reason


def test_markets_that_are_blank_are_not_offered(feeds: Feeds) -> None:
    columns = (
        f"{TEAMS},spread_home=r,spread_home_price=rh,spread_away_price=ra,total=t,over_price=o,"
        f"under_price=u{BOOK}"
    )
    text = (f"d,h,a,mh,ma,r,rh,ra,t,o,u\n{ROW},,,,,,\n"
            "2026-07-09,SEA,TEX,NL,NL,+1.5,-160,+140,8.5,-110,NaN\n")  # fmt: skip
    feeds.load(text, columns=columns)
    report = feeds.promote()
    assert (report.quotes, report.not_offered, report.rejected) == (5, 7, 0)


def test_words_of_markets_and_sides(feeds: Feeds) -> None:
    """A row a side; the same line in other words is there already."""
    words = [("h2h", "home", ""), ("Money Line", "h", ""), ("moneyline", "Home Team", ""),
             ("ml", "SEA", ""), ("ml", "Seattle Mariners", ""), ("run line", "v", "-1.5"),
             ("O/U", "o", "8.5"), ("totals", "over", "8.5")]  # fmt: skip
    rows = "".join(f"1,{DAY},{NIGHT},SEA,TEX,{m},{s},{line},-110\n" for m, s, line in words)
    report = feeds.load(
        "g,d,t,h,a,m,s,l,p\n" + rows,
        columns="external_game_id=g,game_date=d,start_at=t,home_team=h,away_team=a,market_type=m,"
        f"side=s,line_value=l,price=p{BOOK}",
    )
    assert (report.read, report.loaded, report.already_there, report.malformed) == (8, 4, 4, [])
    feeds.promote()
    assert set(feeds.quotes()) == {("moneyline", "home"), ("spread", "away"), ("total", "over")}


SBR = (
    "Date,Rot,VH,Team,Final,Close,RunLine,RLodds,CloseOU,OUodds\n"
    "708,901,V,TEX,3,115,1.5,-180,8.5,-105\n708,902,H,SEA,5,-125,-1.5,160,8.5,-115\n"
    "709,903,V,TEX,1,110,1.5,-180,NL,NL\n709,904,H,SEA,2,-120,-1.5,160,NL,NL\n"
)


def test_two_rows_a_game_are_joined(feeds: Feeds) -> None:
    """The visitor's row and the home team's, dates without a year, scores of each row."""
    report = feeds.load(
        SBR,
        columns="game_date=Date,side=VH,team=Team,score=Final,moneyline=Close,spread=RunLine,"
        "spread_price=RLodds,total=CloseOU,total_price=OUodds,season:=2026,sportsbook:=pinnacle",
        layout=Layout(date_formats=("%m%d",)),
    )
    assert (report.loaded, report.malformed) == (2, [])
    feeds.promote()
    assert feeds.games() == [(None, DAY, 1, "final", 5, 3), (None, "2026-07-09", 1, "final", 2, 1)]
    first = feeds.rows(
        "SELECT market_type, side, line_value::float, price FROM curated.betting_lines_unified"
        f" WHERE game_date = '{DAY}' AND is_closing ORDER BY 1, 2"
    )
    assert first == [
        ("moneyline", "away", None, 115), ("moneyline", "home", None, -125),
        ("spread", "away", 1.5, -180), ("spread", "home", -1.5, 160),
        ("total", "over", 8.5, -105), ("total", "under", 8.5, -115),
    ]  # fmt: skip


def test_rows_that_are_not_one_games(feeds: Feeds) -> None:
    text = "\n".join(line for line in SBR.splitlines() if ",902," not in line) + "\n"
    report = feeds.load(
        text, columns="game_date=Date,side=VH,team=Team,moneyline=Close,season:=2026" + BOOK,
        layout=Layout(date_formats=("%m%d",)),
    )  # fmt: skip
    reasons = [problem.reason for problem in report.malformed]
    assert reasons == ["not the visitor's row (side V) with the home team's (H) next after it"]
    assert report.loaded == 1


def test_any_json_by_paths(feeds: Feeds) -> None:
    """A row for each element that a path goes through."""
    document = {"games": [{
        "day": DAY, "home": {"name": "SEA"}, "away": {"name": "TEX"},
        "books": [{"key": "pinnacle", "odds": [{"side": "home", "price": 1.8},
                                               {"side": "away", "price": 2.1}]},
                  {"key": "fanduel", "odds": [{"side": "home", "price": 1.75}]}],
    }]}  # fmt: skip
    columns = ("game_date=games[].day,home_team=games[].home.name,away_team=games[].away.name,"
               "sportsbook=games[].books[].key,side=games[].books[].odds[].side,"
               "price=games[].books[].odds[].price,market_type:=moneyline")  # fmt: skip
    assert feeds.load(document, columns=columns).loaded == 3
    feeds.promote()
    assert feeds.rows(
        "SELECT sportsbook_key, side, decimal_price::float FROM staging.betting_odds_unified"
        " ORDER BY 1, 2"
    ) == [("fanduel", "home", 1.75), ("pinnacle", "away", 2.1), ("pinnacle", "home", 1.8)]


def test_a_name_of_two_leagues_is_not_guessed(feeds: Feeds) -> None:
    """Detroit at Tampa Bay plays baseball and hockey; the league says which."""
    run(
        feeds.engine,
        "INSERT INTO curated.leagues (code, name, sport) VALUES ('NHL', 'Hockey', 'hockey')",
        "INSERT INTO curated.teams (league_id, abbreviation, name, location, nickname, conference,"
        " division) SELECT league_id, told.code, told.name, told.name, told.name, 'E', 'Atlantic'"
        " FROM curated.leagues, (VALUES ('DET', 'Detroit'), ('TBL', 'Tampa Bay'))"
        " AS told (code, name) WHERE leagues.code = 'NHL'",
        "INSERT INTO staging.team_aliases (league_id, source, alias, team_id)"
        " SELECT league_id, 'any', teams.name, team_id FROM curated.teams"
        " JOIN curated.leagues USING (league_id) WHERE leagues.code = 'NHL'",
    )
    text = f"d,h,a,mh,ma\n{DAY},Tampa Bay,Detroit,-120,+110\n"
    for name, league in (("none", ""), ("ball", ",league:=MLB"), ("ice", ",league:=NHL")):
        feeds.load(text, columns=TEAMS + BOOK + league, name=name)
    feeds.promote()
    assert feeds.rejected() == {"ambiguous_team": 2}
    assert feeds.rows(
        "SELECT source, code FROM curated.game_id_mappings AS m"
        " JOIN curated.leagues USING (league_id) ORDER BY 1"
    ) == [("ball", "MLB"), ("ice", "NHL")]


def test_results_of_any_file(feeds: Feeds) -> None:
    """By the date and the teams; a file with MLB's ids, and one with two rows per game."""
    feeds.load(schedule(game(71, DAY, NIGHT)), SAID)
    feeds.load_results(
        f"Day,H,A,HS,AS,Park\n{DAY},SEA,TEX,6,4,T-Mobile Park\n2026-07-09,SEA,TEX,5,,\n",
        "game_date=Day,home_team=H,away_team=A,home_score=HS,away_score=AS,venue=Park",
    )
    feeds.load_results(
        "Day,VH,Team,R\n710,V,TEX,2\n710,H,SEA,3\n",
        "game_date=Day,side=VH,team=Team,score=R,season:=2026", Layout(date_formats=("%m%d",)),
    )  # fmt: skip
    feeds.promote()
    assert feeds.games() == [
        (71, DAY, 1, "final", 6, 4), (None, "2026-07-09", 1, "scheduled", None, None),
        (None, "2026-07-10", 1, "final", 3, 2),
    ]  # fmt: skip
