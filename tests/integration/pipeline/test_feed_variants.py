"""Envelopes and variants of The Odds API, and answers that are no odds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.pipeline.world_of_feeds import AWAY, HOME, Feeds, event, h2h, spreads, totals

AT, START = "2026-07-08T15:00:00Z", "2026-07-09T02:10:00Z"


ONE = event("ev1", START, h2h(AT, 1.8, 2.1), at=AT)
STAMPS = {"timestamp": "2026-07-08T15:05:00Z", "previous_timestamp": AT, "next_timestamp": None}


@pytest.mark.parametrize(
    "body",
    [
        {**STAMPS, "data": [ONE]},
        {**STAMPS, "data": ONE},
        {"data": [ONE], **STAMPS},
        {"success": True, "data": [ONE]},
        {"collected_at": "2026-07-08T15:06:00Z", "payload": {**STAMPS, "data": ONE}},
        {"bookmakers": ONE["bookmakers"], **ONE},
    ],
    ids=["array", "event", "data first", "success", "saved", "bookmakers first"],
)
def test_one_event_however_it_is_wrapped(feeds: Feeds, body: Any) -> None:
    report = feeds.load(body)
    assert (report.read, report.loaded, report.malformed) == (1, 1, [])
    assert feeds.rows("SELECT external_game_id FROM raw_data.odds_api_odds") == [("ev1",)]
    feeds.promote()
    assert (feeds.lines("home")[0][1], feeds.lines("away")[0][1]) == (-125, 110)


def test_a_book_without_a_time_has_that_of_its_markets(feeds: Feeds) -> None:
    """The row stands at the newest of them, each quote at its own."""
    spread = spreads("2026-07-08T15:00:09Z", (2.5, -2.5), (1.5, 2.6)) | {"key": "alternate_spreads"}
    feeds.load(event("ev1", START, h2h(AT, 1.8, 2.1), spread))
    moment = "SELECT to_char(collected_at AT TIME ZONE 'UTC', 'HH24:MI:SS') FROM"
    assert feeds.rows(f"{moment} raw_data.odds_api_odds") == [("15:00:09",)]
    feeds.promote()
    assert feeds.rows(f"{moment} staging.betting_odds_unified") == [("15:00:00",)] * 2
    assert feeds.rejected() == {"alternate_line": 2}


def test_without_any_time_it_is_asked_for(feeds: Feeds) -> None:
    market = h2h(None, 1.8, 2.1)
    (problem,) = feeds.load(event("ev1", START, market)).malformed
    assert "--collected-at" in problem.reason
    assert feeds.load(event("ev1", START, market), "2026-07-08T15:01:00Z").loaded == 1
    feeds.promote()
    assert len(feeds.lines()) == 1


def test_one_request_a_market_is_one_row(feeds: Feeds) -> None:
    """Markets of one moment are merged, in whatever order; another price is a conflict."""
    first = event("ev1", START, h2h(AT, 1.8, 2.1), at=AT)
    second = event("ev1", START, totals(AT, 1.91, 1.91), at=AT)
    assert feeds.load([first]).loaded == 1
    feeds.promote()
    report = feeds.load([second])
    assert (report.merged, report.malformed) == (1, [])
    assert feeds.load([second]).already_there == 1
    both = event("ev1", START, h2h(AT, 1.8, 2.1), totals(AT, 1.91, 1.91), at=AT)
    assert feeds.load([both]).already_there == 1  # and a market that is missing takes none away
    feeds.promote()
    assert set(feeds.quotes()) == {
        ("moneyline", "home"), ("moneyline", "away"), ("total", "over"), ("total", "under"),
    }  # fmt: skip
    (problem,) = feeds.load([event("ev1", START, h2h(AT, 1.7, 2.1), at=AT)]).malformed
    assert problem.reason_code == "conflicting_record"


def test_scores_are_results(feeds: Feeds) -> None:
    told = {"id": "ev1", "sport_key": "baseball_mlb", "commence_time": START, "completed": True,
            "home_team": HOME, "away_team": AWAY, "last_update": "2026-07-09T06:00:00Z",
            "scores": [{"name": AWAY, "score": "4"}, {"name": HOME, "score": "6"}]}  # fmt: skip
    waiting = {**told, "id": "ev2", "commence_time": "2026-07-10T02:10:00Z", "completed": False,
               "scores": None, "last_update": None}  # fmt: skip
    report = feeds.load([told, waiting])
    assert (report.loaded, report.empty) == (1, 1)
    feeds.load([ONE])
    feeds.promote()
    assert feeds.games() == [(None, "2026-07-08", 1, "final", 6, 4)]


def test_unix_times(feeds: Feeds) -> None:
    """``dateFormat=unix``: all of a response's times are seconds."""
    feeds.load(event("ev1", 1783563000, h2h(1783522800, 1.8, 2.1), at=1783522800))
    feeds.promote()
    assert feeds.rows("SELECT scheduled_start_at::text FROM curated.enhanced_games") == [
        ("2026-07-09 02:10:00+00",)
    ]
    assert feeds.rows("SELECT DISTINCT collected_at::text FROM staging.betting_odds_unified") == [
        ("2026-07-08 15:00:00+00",)
    ]


def test_what_the_api_said_instead(feeds: Feeds) -> None:
    body = {"message": "Quota reached.", "error_code": "OUT_OF_USAGE_CREDITS"}
    (problem,) = feeds.load(body).malformed
    assert problem.reason == (
        "the API answered with an error: OUT_OF_USAGE_CREDITS; Quota reached."
    )


@pytest.mark.parametrize("body", [[], {**STAMPS, "data": []}])
def test_an_empty_answer_is_nothing_to_load(feeds: Feeds, body: Any) -> None:
    report = feeds.load(body)
    assert (report.loaded, report.empty, report.malformed) == (0, 1, [])


def test_markets_that_are_not_read_are_named(feeds: Feeds) -> None:
    """Lay, three-way and props stay in the raw row; the moneyline beside them is promoted."""
    others = [
        h2h(AT, 1.9, 2.2, key="h2h_lay"),
        h2h(AT, 2.4, 2.0, key="h2h_3_way"),
        totals(AT, 4.5, 1.2, 0.5) | {"key": "batter_home_runs"},
        totals(AT, 2.4, 1.6, 9.5) | {"key": "alternate_totals"},
    ]
    feeds.load(event("ev1", START, h2h(AT, 1.8, 2.1), *others, at=AT))
    report = feeds.promote()
    assert (report.quotes, report.rejected) == (2, 8)
    assert feeds.rejected() == {"unknown_market": 6, "alternate_line": 2}
    named = feeds.rows("SELECT DISTINCT split_part(reason, ',', 1) FROM staging.rejected_records")
    assert sorted(name for (name,) in named) == [
        "market alternate_totals", "market batter_home_runs", "market h2h_3_way", "market h2h_lay",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prices", "american"),
    [
        # A long shot in a decimal response is no +101, whatever stands beside it.
        ((1.001, 101), (-100000, 10000)),
        ((1.001, 151), (-100000, 15000)),
        ((-120, 100), (-120, 100)),
        ((1.9090909090909092, 1.9523809523809523), (-110, -105)),
    ],
)
def test_the_format_is_that_of_the_book(
    feeds: Feeds, prices: Any, american: tuple[int, int]
) -> None:
    feeds.load(event("ev1", START, h2h(AT, *prices), at=AT))
    feeds.promote()
    assert (feeds.lines("home")[0][1], feeds.lines("away")[0][1]) == american


def test_the_format_is_that_of_the_response(feeds: Feeds) -> None:
    """A book that does not show it is read as the others of its response are."""
    lone = event("ev2", "2026-07-10T02:10:00Z", h2h(AT, 120, 130), at=AT, book="betmgm")
    feeds.load([ONE, lone])
    feeds.load([event("ev3", "2026-07-11T02:10:00Z", h2h(AT, 150, 150), at=AT)])
    feeds.promote()
    assert [price for _, price, *_ in feeds.lines()] == [-125, 11900]
    assert feeds.rejected() == {"ambiguous_price": 2}


def test_sides_that_contradict_each_other_are_suspect(feeds: Feeds) -> None:
    spread = spreads(AT, (-1.5, -1.5), (1.9, 1.9))
    total = totals(AT, 1.9, 1.9)
    total["outcomes"][1]["point"] = 9.5
    feeds.load(event("ev1", START, h2h(AT, 1.8, 2.1), spread, total, at=AT))
    feeds.promote()
    found = {market: status for (market, _), (*_, status) in feeds.quotes().items()}
    assert found == {"moneyline": "valid", "spread": "suspect", "total": "suspect"}


def test_other_sports_and_futures_are_unknown_games(feeds: Feeds) -> None:
    """Detroit against Tampa Bay is no baseball game in a feed of hockey."""
    hockey = event("nhl", START, h2h(AT, 1.8, 2.1), at=AT) | {
        "sport_key": "icehockey_nhl", "home_team": "Tampa Bay", "away_team": "Detroit",
    }  # fmt: skip
    winner = event("ws", START, h2h(AT, 4.5, 9), at=AT) | {"home_team": None, "away_team": None}
    feeds.load([hockey, winner])
    assert feeds.promote().promoted == 0
    assert feeds.games() == []
    assert feeds.rejected() == {"unknown_game": 4}
