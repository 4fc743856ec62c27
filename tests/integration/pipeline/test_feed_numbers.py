"""Numbers in any spelling, what is not offered, and what cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from mlb_perf.pipeline.promote.session import promoting
from tests.integration.pipeline.world_of_feeds import DAY, SAID, Feeds, game, schedule
from tests.support.databases import Server, engine_on, upgrade
from tests.support.sql import run

SIDES = "game_date=d,home_team=h,away_team=a,sportsbook=b,market_type=m,side=s,line_value=l,price=p"


@pytest.fixture(scope="module")
def utf8(server: Server) -> Iterator[Engine]:
    """A database at head in a UTF-8 locale, as users' databases are; the template has C's."""
    name = f"mlb_perf_test_utf8{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    admin = engine_on(server.url(server.maintenance_dbname))
    run(admin, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    try:
        upgrade(server.url(name), "head")
        yield engine_on(server.url(name))
    finally:
        run(admin, f"DROP DATABASE {name} WITH (FORCE)")


NUMBERS = {
    "-110": -110, "+110": 110, "110.0": 110, "\u2212110": -110, "\u2013110": -110, " -110 ": -110,
    "\u2003-110": -110, "\u00a0-110\u00a0": -110, "\t-110": -110, "8\u00bd": 8.5, "-1\u00bd": -1.5,
    "8 1/2": 8.5, ".5": 0.5, "-.5": -0.5, "8.": 8, "+1,000": 1000, "-1,400": -1400,
    "1.9090909090909092": 1.9090909090909092, "1,91": None, "1,2,3": None, "cheap": None,
    "1e5": None, "--5": None, "\u0661\u0661\u0660": None, "": None, "0x10": None,
}  # fmt: skip


@pytest.mark.parametrize("database", ["head", "utf8"])
def test_spellings_of_numbers(database: str, request: pytest.FixtureRequest) -> None:
    """In a UTF-8 locale, too, where a class of blanks has more members than a cast takes."""
    engine: Engine = request.getfixturevalue(database)
    with promoting(engine.url) as connection:
        found = {
            told: connection.execute(
                text("SELECT pg_temp.as_number(:told)::float"), {"told": told}
            ).scalar_one()
            for told in NUMBERS
        }
        words = connection.execute(
            text(
                "SELECT pg_temp.as_price('EVEN', 'american'), pg_temp.as_price('pk', 'decimal'),"
                " pg_temp.as_line('PK'), pg_temp.as_line('o8.5'), pg_temp.as_line('Under 9'),"
                " pg_temp.as_percent('65 %'), pg_temp.as_integer('1,234'),"
                " pg_temp.as_integer('1.5'), pg_temp.as_score('-1')"
            )
        ).one()
        absent = [
            word
            for word in ("", " ", "NA", "n/a", "NaN", "null", "-", "\u2014", "OFF", "NL")
            if not connection.execute(
                text("SELECT pg_temp.is_absent(:word)"), {"word": word}
            ).scalar_one()
        ]
    assert found == NUMBERS
    assert [value if value is None else float(value) for value in words] == [
        100, 2, 0, 8.5, 9, 65, 1234, None, None,
    ]  # fmt: skip
    assert absent == []


@pytest.mark.parametrize("database", ["head", "utf8"])
def test_rows_of_past_lines_in_many_spellings(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Each becomes its number, is not offered, or is named as unreadable; none stops another."""
    feeds = Feeds(request.getfixturevalue(database), tmp_path)
    told = [
        ("draftkings", "moneyline", "home", "", "EVEN"),
        ("draftkings", "moneyline", "away", "", "\u2212110"),
        ("draftkings", "spread", "home", "-1\u00bd", "+140"),
        ("draftkings", "spread", "away", "+1\u00bd", "\u2003\u2212160"),
        ("draftkings", "total", "over", "o8\u00bd", "even"),
        ("draftkings", "total", "under", "8.5", "-120"),
        ("fanduel", "spread", "home", "PK", "PK"),
        ("fanduel", "spread", "away", "PK", "-120"),
        ("betmgm", "moneyline", "home", "", "nan"),
        ("betmgm", "moneyline", "away", "", "-"),
        ("bovada", "moneyline", "home", "", "dear"),
        ("bovada", "total", "over", "high", "-110"),
        ("bovada", "total", "under", "", "-110"),
    ]
    rows = "".join(f"{DAY},SEA,TEX,{','.join(row)}\n" for row in told)
    feeds.load("d,h,a,b,m,s,l,p\n" + rows, columns=SIDES)
    report = feeds.promote()
    assert (report.quotes, report.not_offered, report.rejected) == (8, 2, 3)
    found = feeds.rows(
        "SELECT sportsbook_key, market_type, side, line_value::float, price"
        " FROM staging.betting_odds_unified ORDER BY 1, 2, 3"
    )
    assert found == [
        ("draftkings", "moneyline", "away", None, -110),
        ("draftkings", "moneyline", "home", None, 100),
        ("draftkings", "spread", "away", 1.5, -160),
        ("draftkings", "spread", "home", -1.5, 140),
        ("draftkings", "total", "over", 8.5, 100),
        ("draftkings", "total", "under", 8.5, -120),
        ("fanduel", "spread", "away", 0, -120),
        ("fanduel", "spread", "home", 0, 100),
    ]
    assert feeds.rejected() == {
        "unreadable_price": 1, "unreadable_line": 1, "missing_line": 1,
    }  # fmt: skip


def test_sbd_words_for_prices(head: Engine, tmp_path: Path) -> None:
    feeds = Feeds(head, tmp_path)
    odds = {
        "moneyline": {"home": {"american": "EVEN"}, "away": {"american": "\u2212110"}},
        "spread": {"home": {"points": "-1\u00bd", "odds": {"american": "PK"}},
                   "away": {"points": "+1\u00bd", "odds": {"american": "\u2212120"}}},
        "total": {"over": {"points": "8\u00bd", "odds": {"american": None}}},
    }  # fmt: skip
    split = {"updated": SAID, "home": {"betsPercentage": 50, "stakePercentage": 45},
             "away": {"betsPercentage": 50, "stakePercentage": 55}}  # fmt: skip
    feeds.load({"games": [{
        "_id": "s1", "date": "2026-07-09T02:10:00Z", "home": {"code": "SEA"},
        "away": {"code": "TEX"}, "sportsbooks": [{"_id": "betmgm", "odds": odds}],
        "bettingSplits": {"moneyline": split},
    }]}, SAID)  # fmt: skip
    report = feeds.promote()
    assert (report.quotes, report.splits, report.not_offered, report.rejected) == (4, 1, 1, 0)
    assert {key: row[:2] for key, row in feeds.quotes().items()} == {
        ("moneyline", "home"): (None, 100), ("moneyline", "away"): (None, -110),
        ("spread", "home"): (-1.5, 100), ("spread", "away"): (1.5, -120),
    }  # fmt: skip


VSIN = (
    "game_id,split_type,last_updated,source,book,home_team,away_team,game_datetime,split_value,"
    "home_or_over_bets,away_or_under_bets,home_or_over_bets_percentage,"
    "away_or_under_bets_percentage,home_or_over_stake_percentage,away_or_under_stake_percentage"
)


@pytest.mark.parametrize(
    ("row", "found", "reason"),
    [
        (',"1,234",665,65%,35 %,58,42', (1234, 665, 65, 35, 58, 42, "valid"), None),
        # Fractions: a pair adds up to 1. Read as percentages, and doubted.
        (",100,50,0.65,0.35,0.58,0.42", (100, 50, 65, 35, 58, 42, "suspect"), None),
        (",,,60,30,55,45", (None, None, 60, 30, 55, 45, "suspect"), None),
        (",,,60,40,,", (None, None, 60, 40, None, None, "valid"), None),
        (",,,some,40,55,45", None, "unreadable_percent"),
        (",many,3,60,40,55,45", None, "unreadable_bets"),
        (",,,160,40,55,45", None, "impossible_percent"),
        (",,,0,0,0,0", None, "empty_split"),
        (",,,NA,-,,", None, None),
    ],
)
def test_splits(
    head: Engine, tmp_path: Path, row: str, found: tuple[object, ...] | None, reason: str | None
) -> None:
    feeds = Feeds(head, tmp_path)
    feeds.load(schedule(game(7, DAY, "2026-07-09T02:10:00Z")), SAID)
    start = f"7,moneyline,{SAID},VSIN,draftkings,Mariners,Rangers,2026-07-08T22:10:00"
    feeds.load(f"{VSIN}\n{start},{row}\n")
    report = feeds.promote()
    stored = feeds.rows(
        "SELECT home_or_over_bets, away_or_under_bets, home_or_over_bets_percent::float,"
        " away_or_under_bets_percent::float, home_or_over_money_percent::float,"
        " away_or_under_money_percent::float, validation_status FROM staging.betting_splits"
    )
    assert stored == ([found] if found else [])
    assert feeds.rejected() == ({reason: 1} if reason else {})
    assert report.not_offered == (not found and not reason)
