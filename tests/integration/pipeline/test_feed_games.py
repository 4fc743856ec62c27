"""One game is one game: doubleheaders, moved starts, other ids."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.pipeline.world_of_feeds import (
    AWAY,
    DAY,
    HOME,
    NIGHT,
    NOON,
    RESULTS,
    SAID,
    Feeds,
    game,
    odds,
    schedule,
)

PLACEHOLDER = "2026-07-09T07:33:00Z"


def ids(feeds: Feeds) -> dict[str, int]:
    """The game pk of each id of The Odds API."""
    return dict(
        feeds.rows(
            "SELECT m.external_game_id, g.game_pk FROM curated.game_id_mappings AS m"
            " JOIN curated.enhanced_games AS g USING (game_id) WHERE m.source = 'odds_api'"
        )
    )


TBD = game(2, DAY, PLACEHOLDER, 2)
TBD["status"]["startTimeTBD"] = True
EARLY = [odds("a", NOON, "2026-07-08T18:30:00Z", -105, -115),
         odds("b", "2026-07-08T22:40:00Z", "2026-07-08T22:30:00Z", -110, -110)]  # fmt: skip
LATE = [EARLY[0], odds("b", "2026-07-08T22:40:00Z", "2026-07-09T00:30:00Z", -900, 600)]


@pytest.mark.parametrize("between", [False, True], ids=["at once", "promoted between"])
def test_a_start_to_be_determined_is_no_start(feeds: Feeds, between: bool) -> None:
    """The second game of a doubleheader starts when the odds feed says, and closes by it."""
    feeds.load(schedule(game(1, DAY, NOON), TBD), SAID)
    for body in (EARLY, LATE):
        feeds.load(body)
        if between:
            feeds.promote()
    feeds.promote()
    for score in ((None, None), (6, 2)):
        assert [row[0] for row in feeds.games()] == [1, 2]
        assert feeds.games()[1][4:] == score
        assert [row for row in feeds.lines() if row[0] == 2] == [
            (2, -110, True, True, False), (2, -900, False, False, True),
        ]  # fmt: skip
        played = {**TBD, "status": {"abstractGameState": "Final", "detailedState": "Final",
                                    "startTimeTBD": True}}  # fmt: skip
        played["teams"] = game(2, DAY, NOON, score=(6, 2))["teams"]
        feeds.load(schedule(played), "2026-07-09T12:00:00Z")
        feeds.promote()


@pytest.mark.parametrize("starts", [("2026-07-08T17:00:00Z", "2026-07-08T20:30:00Z"),
                                    ("2026-07-08T20:45:00Z", "2026-07-09T00:00:00Z")])  # fmt: skip
def test_a_doubleheader_is_matched_together(feeds: Feeds, starts: tuple[str, str]) -> None:
    """In order, though an id starts nearer to the other game."""
    feeds.load(schedule(game(11, DAY, NOON), game(12, DAY, "2026-07-08T22:10:00Z", 2)), SAID)
    feeds.load(
        [odds(name, start, SAID, -120, 110) for name, start in zip("yz", starts, strict=True)]
    )
    feeds.promote()
    assert ids(feeds) == {"y": 11, "z": 12}
    assert len(feeds.games()) == 2


@pytest.mark.parametrize("first", ["schedule", "odds"])
def test_an_id_that_was_given_anew_is_the_same_game(feeds: Feeds, first: str) -> None:
    """One path of both ids: the opening of the old one, the closing of the new one."""
    bodies: list[tuple[Any, str | None]] = [
        (schedule(game(17, DAY, NIGHT)), SAID),
        ([odds("old", NIGHT, "2026-07-08T15:00:00Z", -115, 105)], None),
    ]
    for body, at in bodies if first == "schedule" else bodies[::-1]:
        feeds.load(body, at)
        feeds.promote()
    feeds.load([odds("new", NIGHT, "2026-07-08T21:00:00Z", -130, 120)])
    feeds.promote()
    assert ids(feeds) == {"old": 17, "new": 17}
    assert feeds.lines() == [(17, -115, True, False, False), (17, -130, False, True, False)]


def test_a_start_in_local_time_makes_no_second_game(feeds: Feeds) -> None:
    feeds.load(schedule(game(18, DAY, NIGHT)), SAID)
    feeds.load([odds("ev", "2026-07-08T19:10:00Z", "2026-07-08T15:00:00Z", -115, 105)])
    feeds.load(
        f"Date,Start,Home,Away,H,A\n{DAY},2026-07-08 19:10:00,{HOME},{AWAY},-120,+110\n",
        columns="game_date=Date,start_at=Start,home_team=Home,away_team=Away,moneyline_home=H,"
        "moneyline_away=A,sportsbook:=pinnacle",
    )
    feeds.promote()
    assert [row[0] for row in feeds.games()] == [18]


def test_numbers_are_given_anew_when_a_game_moves_in(feeds: Feeds) -> None:
    feeds.load([odds("moved", "2026-07-08T02:10:00Z", "2026-07-07T20:00:00Z", -115, 105)])
    feeds.promote()
    feeds.load([odds("moved", NOON, "2026-07-08T15:00:00Z", -125, 115),
                odds("other", NIGHT, "2026-07-08T15:00:00Z", -140, 130)])  # fmt: skip
    feeds.promote()
    assert feeds.rows(
        "SELECT game_date::text, game_number, scheduled_start_at::text"
        " FROM curated.enhanced_games ORDER BY 3"
    ) == [(DAY, 1, "2026-07-08 19:10:00+00"), (DAY, 2, "2026-07-09 02:10:00+00")]


def test_two_archives_of_one_day_make_one_game(feeds: Feeds) -> None:
    columns = ("external_game_id=id,game_date=d,home_team=h,away_team=a,moneyline_home=mh,"
               "moneyline_away=ma,sportsbook:=pinnacle")  # fmt: skip
    for name, number in (("mine", 7), ("theirs", 900)):
        feeds.load(f"id,d,h,a,mh,ma\n{number},{DAY},SEA,TEX,-120,110\n", columns=columns, name=name)
    feeds.promote()
    assert len(feeds.games()) == 1


def test_ids_that_are_the_same_number(feeds: Feeds) -> None:
    """745.0 in a results file and in split rows is 745 of the schedule."""
    feeds.load(schedule(game(745, DAY, NIGHT)), SAID)
    feeds.load(f"{RESULTS}\n745.0,{DAY},SEA,TEX,6.0,4.0,Final\n")
    feeds.load("game_id,split_type,last_updated,source,book,home_team,away_team,game_datetime,"
               "home_or_over_bets_percentage,away_or_under_bets_percentage,"
               "home_or_over_stake_percentage,away_or_under_stake_percentage\n"
               f"745.0,moneyline,{SAID},VSIN,draftkings,Mariners,Rangers,2026-07-08T22:10:00,"
               "60,40,55,45\n")  # fmt: skip
    feeds.promote()
    assert feeds.games() == [(745, DAY, 1, "final", 6, 4)]
    assert feeds.rows("SELECT count(*) FROM curated.unified_betting_splits") == [(1,)]
    assert feeds.rows("SELECT DISTINCT external_game_id FROM staging.games") == [("745",)]


def test_starts_without_a_number_name_both_games(feeds: Feeds) -> None:
    """Two rows of a day without either conflict, and the reason says what to map."""
    feeds.load(schedule(game(81, DAY, NOON), game(82, DAY, NIGHT, 2)), SAID)
    columns = ("game_date=d,home_team=h,away_team=a,moneyline_home=mh,moneyline_away=ma,"
               "sportsbook:=pinnacle")  # fmt: skip
    rows = f"{DAY},{{}},SEA,TEX,-120,110\n{DAY},{{}},SEA,TEX,+130,-140\n"
    (problem,) = feeds.load("d,s,h,a,mh,ma\n" + rows.format("", ""), columns=columns).malformed
    assert "map game_number or start_at" in problem.reason
    feeds.load(
        "d,s,h,a,mh,ma\n" + rows.format(NOON, NIGHT), columns=columns + ",start_at=s", name="full"
    )
    feeds.promote()
    found = feeds.rows(
        "SELECT game_pk, price FROM curated.betting_lines_unified"
        " JOIN curated.enhanced_games USING (game_id)"
        " WHERE source = 'full' AND side = 'home' AND is_closing ORDER BY 1"
    )
    assert found == [(81, -120), (82, 130)]


FIRST, SECOND_START = "2026-07-08T19:10:00Z", "2026-07-08T22:40:00Z"
OLD = odds("old", FIRST, "2026-07-08T12:00:00Z", -115, 105)
NEW = odds("new", FIRST, "2026-07-08T15:00:00Z", -130, 120)
LAST = odds("b", SECOND_START, "2026-07-08T18:00:00Z", -105, -105)


@pytest.mark.parametrize(
    ("batches", "second"),
    [([[OLD], [NEW], [LAST]], SECOND_START), ([[OLD], [NEW], [LAST]], None),
     ([[OLD, NEW], [LAST]], None), ([[OLD, NEW, LAST]], SECOND_START)],
)  # fmt: skip
def test_an_id_given_anew_before_the_second_game_has_one(
    feeds: Feeds, batches: list[list[Any]], second: str | None
) -> None:
    """It is the first game's, though the day has a game that the source has not named yet."""
    two = game(2, DAY, second, 2) if second else TBD
    feeds.load(schedule(game(1, DAY, FIRST), two), SAID)
    for batch in batches:
        feeds.load(batch)
        feeds.promote()
    assert ids(feeds) == {"old": 1, "new": 1, "b": 2}
    assert [row[:4] for row in feeds.lines()] == [
        (1, -115, True, False), (1, -130, False, True), (2, -105, True, True),
    ]  # fmt: skip


@pytest.mark.parametrize("schedule_first", [True, False])
def test_an_id_that_came_alone_finds_its_place(feeds: Feeds, schedule_first: bool) -> None:
    """The nearest start was the other game's; with the other id both are in order."""
    listed = schedule(game(11, DAY, NOON), game(12, DAY, "2026-07-08T22:10:00Z", 2))
    bodies: list[tuple[Any, str | None]] = [
        (listed, SAID), ([odds("y", "2026-07-08T20:45:00Z", "2026-07-08T12:00:00Z", -120, 110)],
                         None),
        ([odds("z", "2026-07-09T00:00:00Z", "2026-07-08T12:30:00Z", 130, -140)], None),
    ]  # fmt: skip
    for body, at in bodies if schedule_first else [*bodies[1:], bodies[0]]:
        feeds.load(body, at)
        feeds.promote()
    assert ids(feeds) == {"y": 11, "z": 12}
    assert [row[:2] for row in feeds.lines()] == [(11, -120), (12, 130)]
    assert [row[:2] for row in feeds.lines("away")] == [(11, 110), (12, -140)]


def test_a_game_is_made_only_where_none_is_listed(feeds: Feeds) -> None:
    """A start that was moved by five hours came with another id."""
    feeds.load(schedule(game(17, DAY, NOON)), SAID)
    for name, start, at in (("old", NIGHT, "2026-07-07T15:00:00Z"),
                            ("new", NOON, "2026-07-08T15:00:00Z")):  # fmt: skip
        feeds.load([odds(name, start, at, -115, 105)])
        feeds.promote()
    assert ids(feeds) == {"old": 17, "new": 17}
    assert len(feeds.games()) == 1


SPLITS = (
    "game_id,split_type,split_value,last_updated,source,book,home_team,away_team,game_datetime,"
    "home_or_over_bets_percentage,away_or_under_bets_percentage,home_or_over_stake_percentage,"
    f"away_or_under_stake_percentage\n70,spread,-1.5,{SAID},VSIN,draftkings,{AWAY},{HOME},"
    "2026-07-08T15:10:00,70,30,60,40\n"
)


def test_the_park_of_a_game_is_the_one_that_a_source_names(feeds: Feeds) -> None:
    """Today's park of the home team may be another than then, and games are played elsewhere."""
    parks = "SELECT name FROM curated.enhanced_games LEFT JOIN curated.venues USING (venue_id)"
    feeds.load([odds("e70", FIRST, "2026-07-08T12:00:00Z", -150, 130)])
    feeds.promote()
    assert feeds.rows(parks) == [(None,)]
    feeds.load(schedule(game(70, DAY, FIRST)), SAID)
    feeds.promote()
    assert feeds.rows(parks) == [("T-Mobile Park",)]


@pytest.mark.parametrize(
    ("order", "venue"),
    [("schedule first", "Field of Sand"), ("together", None), ("odds first", "Field of Sand")],
)
def test_sides_that_feeds_swap_at_a_neutral_site(
    feeds: Feeds, order: str, venue: str | None
) -> None:
    """One game with the schedule's sides; prices, lines, splits and scores go with their teams."""
    listed = schedule(game(70, DAY, FIRST, venue={"name": venue}))
    prices = [{"name": HOME, "price": -120, "point": -1.5}, {"name": AWAY, "price": 105,
                                                             "point": 1.5}]  # fmt: skip
    told = odds("e70", FIRST, "2026-07-08T12:00:00Z", -150, 130)
    told |= {"home_team": AWAY, "away_team": HOME}
    told["bookmakers"][0]["markets"].append(
        {"key": "spreads", "last_update": "2026-07-08T12:00:00Z", "outcomes": prices}
    )
    past = (f"{DAY},{AWAY},{HOME},140,-160\n", "moneyline_home=mh,moneyline_away=ma")
    named = (f"{DAY},{AWAY},{HOME},{HOME},-170\n", "side=s,price=p,market_type:=moneyline")
    columns = "game_date=d,home_team=h,away_team=a,sportsbook:=pinnacle,"
    if order != "odds first":
        feeds.load(listed, SAID)
        if order == "schedule first":
            feeds.promote()
    feeds.load([told])
    feeds.load("d,h,a,mh,ma\n" + past[0], columns=columns + past[1], name="past")
    feeds.load("d,h,a,s,p\n" + named[0], columns=columns + named[1], name="named")
    if order == "odds first":
        feeds.promote()
        feeds.load(listed, SAID)
        feeds.promote()
    feeds.load(SPLITS)
    scores = [{"name": HOME, "score": "6"}, {"name": AWAY, "score": "4"}]
    feeds.load([{
        "id": "e70", "sport_key": "baseball_mlb", "commence_time": FIRST, "completed": True,
        "home_team": AWAY, "away_team": HOME, "last_update": "2026-07-09T06:00:00Z",
        "scores": scores}])  # fmt: skip
    feeds.promote()
    assert feeds.rows(
        "SELECT h.name, a.name, status, home_score, away_score, venue_id"
        " FROM curated.enhanced_games JOIN curated.teams AS h ON h.team_id = home_team_id"
        " JOIN curated.teams AS a ON a.team_id = away_team_id"
    ) == [(HOME, AWAY, "final", 6, 4, None)]
    assert feeds.rows(
        "SELECT source, market_type, side, line_value::float, price"
        " FROM curated.betting_lines_unified ORDER BY 1, 2, 3"
    ) == [
        ("named", "moneyline", "home", None, -170),
        ("odds_api", "moneyline", "away", None, 130), ("odds_api", "moneyline", "home", None, -150),
        ("odds_api", "spread", "away", 1.5, 105), ("odds_api", "spread", "home", -1.5, -120),
        ("past", "moneyline", "away", None, 140), ("past", "moneyline", "home", None, -160),
    ]  # fmt: skip
    assert feeds.rows(
        "SELECT line_value::float, home_or_over_bets_percent::int, home_or_over_money_percent::int"
        " FROM curated.unified_betting_splits"
    ) == [(1.5, 30, 40)]
