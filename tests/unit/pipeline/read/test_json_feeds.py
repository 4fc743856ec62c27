"""Action Network, SportsBettingDime and the MLB StatsAPI: rows, and what is broken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import astuple, replace

from mlb_perf.pipeline.records import Empty, Malformed, RawRecord
from tests.unit.pipeline.read.json_responses import MOMENT, SEEN, only_malformed, read, rows

V1 = {"book_id": 15, "type": "game", "ml_home": -120, "inserted": "2026-07-01T17:00:01Z"}


V2 = {"event": {"moneyline": [{"side": "home", "odds": -120}]}}


GAME = {"id": 7, "status": "scheduled", "teams": [{"id": 1}], "boxscore": {"total": 1.50}}


def test_action_network_v1() -> None:
    entries = [V1, {**V1, "type": "firstinning", "inserted": "2026-07-01T16:00:00Z"}]
    other = {"book_id": 30, "ml_home": None}
    found = rows(read({"games": [GAME | {"odds": [*entries, other]}]}, "action_network"))
    game, first, second = found
    assert astuple(game)[:3] == ("action_network_games", "7", MOMENT)
    assert json.loads(game.payload) == GAME
    assert (first.table, first.sportsbook_key) == ("action_network_odds", "15")
    assert first.collected_at == SEEN
    assert json.loads(first.payload) == GAME | {"odds": entries}
    assert (second.sportsbook_key, second.collected_at) == ("30", MOMENT)


def test_action_network_v2() -> None:
    game = GAME | {"markets": {"68": V2, "69": V2}}
    found = rows(read({"league": {"id": 8}, "games": [game]}, "action_network_odds"))
    assert [row.sportsbook_key for row in found] == ["68", "69"]
    assert json.loads(found[1].payload) == GAME | {"markets": {"69": V2}}


def test_action_network_parts() -> None:
    document = {"games": [GAME | {"odds": [V1]}, GAME | {"id": 8}]}
    games = rows(read(document, "action_network_games"))
    assert [(row.table, row.external_game_id) for row in games] == [
        ("action_network_games", "7"),
        ("action_network_games", "8"),
    ]
    odds, none = read(document, "action_network_odds")
    assert none == Empty("f:2", "no book quotes game 8")
    history, _ = read(document, "action_network_history")
    assert isinstance(odds, RawRecord)
    assert isinstance(history, RawRecord)
    assert history == replace(odds, table="action_network_history")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"odds": [{"ml_home": 1}, V1]}, "book_id is null"),
        ({"odds": [V1 | {"inserted": "then", "book_id": 3}, V1]}, "inserted 'then' is not a time"),
        ({"odds": 5}, "odds is not an array"),
        ({"markets": []}, "markets is not an object"),
        ({"id": None}, "id is null"),
    ],
)
def test_broken_action_network(broken: dict[str, Any], reason: str) -> None:
    items = read({"games": [GAME | broken]}, "action_network_odds")
    refused = only_malformed([item for item in items if isinstance(item, Malformed)])
    assert reason in refused.reason
    assert len(items) == (2 if isinstance(broken.get("odds"), list) else 1)


SBD = {"_id": "20260701-BOS", "date": "2026-07-01T23:10:00.000Z", "home": {"code": "BOS"}}


SPLITS = {
    "total": {"updated": "2026-07-01T17:00:01Z", "bets": 2},
    "spread": {"updated": "2026-07-01T16:00:00Z"},
}


def test_sbd() -> None:
    books = [{"_id": "betmgm", "odds": {"a": ""}}, {"name": "caesars"}]
    game = SBD | {"sportsbooks": books, "bettingSplits": SPLITS}
    found = rows(read({"group": "x", "games": [game]}, "sbd"))
    assert [row.sportsbook_key for row in found] == ["sbd_consensus", "betmgm", "caesars"]
    assert {astuple(row)[:3] for row in found} == {("sbd_splits", "20260701-BOS", SEEN)}
    assert [json.loads(row.payload) for row in found] == [
        SBD | {"bettingSplits": SPLITS},
        SBD | {"sportsbooks": books[:1]},
        SBD | {"sportsbooks": books[1:]},
    ]


def test_broken_sbd() -> None:
    consensus, unnamed = read({"games": [SBD | {"sportsbooks": [{"odds": 1}]}]}, "sbd")
    assert isinstance(consensus, RawRecord)
    assert consensus.collected_at == MOMENT
    assert "_id of a sportsbook is null" in only_malformed([unnamed]).reason
    splits = {"total": {"updated": "never"}}
    refused = only_malformed(read({"games": [SBD | {"bettingSplits": splits}]}, "sbd"))
    assert "updated 'never' is not a time" in refused.reason
    assert refused.external_game_id == "20260701-BOS"
    assert "sportsbooks is not an array" in str(read({"games": [SBD | {"sportsbooks": 1}]}, "sbd"))
    assert "it has no array of games" in str(read({"quota": "none"}, "sbd"))
    assert "answered with an error: quota" in str(read({"message": "quota"}, "sbd"))


def test_schedule() -> None:
    dates = [{"date": "2026-07-01", "games": [{"gamePk": 7}, {"gamePk": 8}]}, {"games": []}]
    first, second, none = read({"copyright": "c", "dates": dates}, "mlb_stats_api")
    assert first == RawRecord("mlb_stats_api_games", "7", MOMENT, '{"gamePk":7}', "f:1")
    assert isinstance(second, RawRecord)
    assert none == Empty("f:3", "the response has no games")
    assert read({"dates": []}, "mlb_stats_api") == [Empty("f:1", "the schedule has no dates")]
    assert "no array of dates" in str(read({"totalGames": 0}, "mlb_stats_api"))
    assert "answered with an error: down" in str(read({"message": "down"}, "mlb_stats_api"))
    assert "gamePk is null" in str(read({"dates": [{"games": [{}]}]}, "mlb_stats_api"))


def test_a_game_that_was_put_off_is_listed_twice() -> None:
    """What it is now is loaded, whichever day comes first; the old listing only if alone."""
    old = {"gamePk": 7, "status": {"detailedState": "Postponed"}, "rescheduleDate": "2026-08-09"}
    new = {"gamePk": 7, "status": {"detailedState": "Scheduled"}, "rescheduledFrom": "2026-07-01"}
    for games in ((old, new), (new, old)):
        items = read({"dates": [{"games": [game]} for game in games]}, "mlb_stats_api")
        (row,) = [item for item in items if isinstance(item, RawRecord)]
        (passed,) = [item for item in items if isinstance(item, Empty)]
        assert json.loads(row.payload) == new
        assert passed.reason == "game 7 is listed better elsewhere"
    (alone,) = rows(read({"dates": [{"games": [old]}]}, "mlb_stats_api"))
    assert json.loads(alone.payload) == old
