"""Past lines: maps of columns, a side or a game a row, alternate lines, and kinds of prices."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.mapping import Map
from mlb_perf.pipeline.read.numbers import shown
from mlb_perf.pipeline.read.sources import LineHistory
from mlb_perf.pipeline.records import RawRecord
from tests.unit.pipeline.read.csv_files import WIDE, moment, read, refusals, rows


def test_past_lines(file: Path) -> None:
    items = read(file, "Date,A,H,ML 1,more", "2019-04-01,NYY,BOS,1.9,x", options=WIDE)
    assert items == [
        RawRecord(
            "line_history",
            "2019-04-01:NYY@BOS:1",
            moment(2019, 4, 2, 12),
            '{"game_date":"2019-04-01","home_team":"BOS","away_team":"NYY","moneyline_home":"1.9",'
            '"sportsbook":"pinnacle","without_time":"closing","prices":"decimal"}',
            "f.csv:2",
            "pinnacle",
            "all",
            "f",
            "all",
            "",
        )
    ]


def test_past_lines_a_side_a_row(file: Path) -> None:
    options = LineHistory.from_words(
        ["external_game_id=g,sportsbook=b,collected_at=t,start_at=s,market_type=m,side=side"],
        name="mine",
    )
    header, at = "g,b,t,s,m,side", "2019-04-01T10:00:00"
    start = "2019-04-01T23:00:00Z"
    items = read(
        file,
        header,
        f"1,x,{at},{start},Run Line,home",
        f"1,x,{at},{start},h2h,away",
        f"1,x,,{start},totals,",
        f"1,x,{at},{start},parlay,home",
        f"1,x,{at},{start},total,left",
        "1,x,,,total,over",
        options=options,
    )
    assert refusals(items) == [
        "f.csv:5: market_type 'parlay' is not moneyline, spread or total",
        "f.csv:6: side 'left' is not home, away, over or under",
        "f.csv:7: game_date '' is not a time in ISO 8601",
    ]
    given = moment(2019, 4, 1, 10)
    found = [row for row in items if isinstance(row, RawRecord)]
    assert [(row.market_type, row.collected_at) for row in found] == [
        ("spread", given),
        ("moneyline", given),
        ("total", moment(2019, 4, 1, 23) - dt.timedelta(seconds=1)),
    ]
    assert {row.source for row in found} == {"mine"}
    assert [(row.side, row.line_key) for row in found] == [("home", ""), ("away", ""), ("all", "")]


def test_alternate_lines_have_keys_of_their_own(file: Path) -> None:
    """However a line is written; a row with a handicap and a total has both in its key."""
    narrow = LineHistory.from_words(
        ["external_game_id=g,collected_at=t,market_type=m,side=s,line_value=l", "sportsbook:=x"]
    )
    lines = ["+8.50", "8.5", " 9", "1e1", "-0.5", "NaN", "1e999", "x" * 40, ""]
    at = "2019-04-01T10:00:00"
    items = read(
        file, "g,t,m,s,l", *(f"1,{at},total,over,{line}" for line in lines), options=narrow
    )
    assert [row.line_key for row in rows(items)] == [
        "8.5", "8.5", "9", "10", "-0.5", "NaN", "1e999", "x" * 32, "",
    ]  # fmt: skip
    wide = LineHistory.from_words(
        ["external_game_id=g,collected_at=t,spread_home=h,total=o", "sportsbook:=x"]
    )
    items = read(file, "g,t,h,o", f"1,{at},-1.5,8", f"1,{at},,9", options=wide)
    assert [row.line_key for row in rows(items)] == ["-1.5/8", "9"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("home=H", "--map: no column is called home; there are external_game_id, game_date,"),
        ("home_team", "--map home_team: write ours=Theirs, or ours:=value for all rows"),
        ("game_date=D,home_team=H,away_team=A", "--map has none of sportsbook"),
        ("sportsbook:=x,game_date=D", "it needs game_date, home_team and away_team"),
        ("sportsbook:=x,external_game_id=G", "--map has none of collected_at, start_at, game_date"),
    ],
)
def test_maps_that_cannot_work(words: str, message: str) -> None:
    with pytest.raises(LoadFailed, match=message):
        LineHistory.from_words([words])


@pytest.mark.parametrize(
    ("prices", "kind"),
    [
        (["1.91", "2.05"], "decimal"), (["1.91", "101"], "decimal"), (["-110", "1.5"], "american"),
        (["+150", "130"], "american"), (["150", "130"], None), (["", "NL"], None),
        (["\u2212110"], "american"),
    ],
)  # fmt: skip
def test_what_kind_of_prices_these_are(prices: list[str], kind: str | None) -> None:
    assert shown(prices) == kind


def test_paths_into_json_make_rows() -> None:
    paths = Map.from_words(["day=d,book=b[].k,price=b[].o[].p,kind:=x"])
    document = {"d": 1, "b": [{"k": "m", "o": [{"p": 1.5}, {"p": None}]}, {"k": "n", "o": []}]}
    assert list(paths.rows(document)) == [
        {"day": "1", "book": "m", "price": "1.5", "kind": "x"},
        {"day": "1", "book": "m", "price": "", "kind": "x"},
    ]
