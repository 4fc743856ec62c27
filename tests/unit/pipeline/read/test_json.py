"""What is read out of responses in JSON, and what is refused, with the reason."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.reader import read_response
from mlb_perf.pipeline.records import Empty, Item, Malformed, RawRecord

MOMENT = dt.datetime(2026, 7, 1, 18, 30, tzinfo=dt.UTC)
SEEN = dt.datetime(2026, 7, 1, 17, 0, 1, tzinfo=dt.UTC)


def book(key: str = "fanduel", **changed: Any) -> dict[str, Any]:
    market = {"key": "h2h", "outcomes": [{"name": "Boston Red Sox", "price": 1.9}]}
    return {"key": key, "last_update": "2026-07-01T17:00:01Z", "markets": [market]} | changed


def event(*books: Any, **changed: Any) -> dict[str, Any]:
    return {
        "id": "e1",
        "commence_time": "2026-07-01T23:10:00Z",
        "home_team": "Boston Red Sox",
        "bookmakers": list(books),
    } | changed


def read(document: Any, source: str = "odds_api") -> list[Item]:
    body = document if isinstance(document, str | bytes) else json.dumps(document)
    return list(read_response(body, source, MOMENT, name="f"))


def only_malformed(items: list[Item]) -> Malformed:
    (item,) = items
    assert isinstance(item, Malformed)
    return item


def rows(items: list[Item]) -> list[RawRecord]:
    assert all(isinstance(item, RawRecord) for item in items), items
    return [item for item in items if isinstance(item, RawRecord)]


def test_a_row_is_an_event_at_a_bookmaker() -> None:
    first, second, third = rows(read([event(book(), book("betmgm")), event(book(), id="e2")]))
    assert first[:3] == ("odds_api_odds", "e1", SEEN)
    assert [r.sportsbook_key for r in (first, second, third)] == ["fanduel", "betmgm", "fanduel"]
    assert [r.origin for r in (first, second, third)] == ["f:1", "f:1", "f:2"]
    assert json.loads(second.payload) == event(book("betmgm"))


@pytest.mark.parametrize(
    "arranged",
    [
        '{"bookmakers": [%s], "id": "e1"}',
        '{"x": {"bookmakers": [1]}, "id": "e1", "bookmakers": [%s]}',
        '{"id": "e1", "note": "\\"bookmakers\\": [", "bookmakers" :\n [ %s ] }',
        '{"bookmakers": null, "id": "e1", "bookmakers": [%s]}',
    ],
)
def test_however_the_members_are_arranged(arranged: str) -> None:
    text = arranged % json.dumps(book())
    (row,) = rows(read(text))
    assert json.loads(row.payload) == json.loads(text)


def test_a_payload_keeps_its_digits() -> None:
    text = json.dumps([event(book())]).replace("1.9", "1.90000000000000000000000001")
    (row,) = rows(read(text))
    assert "1.90000000000000000000000001" in row.payload


@pytest.mark.parametrize("form", [event(book()), {"2026-07-01:full": [event(book())]}])
def test_one_event_and_arrays_under_keys(form: Any) -> None:
    assert len(rows(read(form))) == 1
    assert len(rows(read({"committed_at": "x", "payload": form}))) == 1


def test_an_event_without_bookmakers_is_told() -> None:
    assert read([event()]) == [Empty("f:1", "no bookmaker quotes event e1")]
    assert read([]) == [Empty("f:1", "the response has no events")]


DEEP = "[" * 3000 + "]" * 3000

BROKEN_BOOKS = {
    '{"key": "b", "last_update": true}': "last_update is a boolean, not a time in ISO 8601",
    '{"key": "b", "last_update": 5}': "last_update 1970-01-01T00:00:05+00:00 is not between 2000",
    '{"key": "b", "last_update": 1e300}': "last_update 1e+300 is not a time since 1970",
    '{"key": "b", "last_update": "soon"}': "last_update 'soon' is not a time in ISO 8601",
    '{"key": "b", "last_update": "1999-12-31T23:59:59Z"}': "is not between 2000 and 2100",
    '{"key": "b", "last_update": "2100-01-01T00:00:00Z"}': "is not between 2000 and 2100",
    '{"last_update": "2026-07-01"}': "bookmaker key is null, not a text or a whole number",
    '{"key": " ", "last_update": "2026-07-01"}': "bookmaker key is empty",
    '{"key": true, "last_update": "2026-07-01"}': "bookmaker key is a boolean",
    '{"key": "%s", "last_update": "2026-07-01"}' % ("b" * 65): "has 65 characters; 64 are the most",
    '{"key": "b", "last_update": "2026-07-01", "x": NaN}': "it holds NaN, which JSON does not have",
    '{"key": "b", "last_update": "2026-07-01", "x": -Infinity}': "it holds -Infinity",
    '{"key": "b", "last_update": "2026-07-01", "x": "\\u0000"}': "it holds a NUL character",
    '{"key": "b", "last_update": "2026-07-01", "\\ud83d": 1}': "half of a surrogate pair",
    '{"key": "b", "last_update": "2026-07-01", "x": "\\ude00\\ud83d"}': "half of a surrogate pair",
    f'{{"key": "b", "last_update": "2026-07-01", "x": {DEEP}}}': "it is nested too deeply",
    '{"key": "b", "last_update": "2026-07-01", "x": %s}' % ("9" * 5000): "Exceeds the limit",
    "7": "a bookmaker is not an object",
}


@pytest.mark.parametrize("broken", BROKEN_BOOKS, ids=range(len(BROKEN_BOOKS)))
def test_a_broken_bookmaker_is_named_and_alone(broken: str) -> None:
    whole = json.dumps([event(book(), "HERE", book("betmgm")), event(book(), id="e2")])
    items = read(whole.replace('"HERE"', broken))
    refused = only_malformed([item for item in items if not isinstance(item, RawRecord)])
    assert BROKEN_BOOKS[broken] in refused.reason
    assert (refused.origin, refused.external_game_id) == ("f:1", "e1")
    assert broken in refused.text
    assert [row.external_game_id for row in items if isinstance(row, RawRecord)] == [
        "e1", "e1", "e2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"id": None}, "id is null"),
        ({"id": ""}, "id is empty"),
        ({"id": []}, "id is an array"),
        ({"id": 1.5}, "id is a number, not a text or a whole number"),
        ({"id": "x" * 65}, "id has 65 characters"),
        ({"id": "a\x00"}, "'id': it holds a NUL character"),
        ({"bookmakers": {}}, "bookmakers is not an array"),
        ({"home_team": "\ud800"}, "'home_team': it holds half of a surrogate pair"),
    ],
)
def test_a_broken_event_is_kept_whole(changed: dict[str, Any], reason: str) -> None:
    items = read([event(book(), **changed), event(book(), id="e2")])
    refused = only_malformed(items[:1])
    assert reason in refused.reason
    assert json.loads(refused.text) == event(book(), **changed)
    assert len(rows(items[1:])) == 1


def test_what_is_awkward_and_sound_is_loaded() -> None:
    long = "x" * 1_000_000
    awkward: dict[str, Any] = {
        "title": long,
        "emoji": "\U0001f600",
        "slash": "\\u0000 \\ud800",
        "price": -100000,
    }
    (row,) = rows(read([event(book(**awkward), id=12)]))
    assert row.external_game_id == "12"
    assert json.loads(row.payload)["bookmakers"] == [book(**awkward)]
    naive = rows(read([event(book(last_update="2026-07-01T17:00:01"))]))
    assert naive[0].collected_at == SEEN


@pytest.mark.parametrize(
    "text", ["", "{", '[{"id": "e1"', "[1,]", '[{"id" 1}]', "nonsense", "[] []", '[{"a": "\n"}]']
)
def test_what_is_not_json_is_one_malformed_record(text: str) -> None:
    refused = only_malformed(read(text))
    assert refused.reason.startswith("not JSON: ")
    assert (refused.origin, refused.text) == ("f:1", text)


def test_bytes_that_are_no_utf8() -> None:
    refused = only_malformed(read(b'[{"id": "\xff"}]'))
    assert (refused.reason, refused.text) == ("not UTF-8 at byte 10", '[{"id": "\\xff"}]')


# Action Network

V1 = {"book_id": 15, "type": "game", "ml_home": -120, "inserted": "2026-07-01T17:00:01Z"}
V2 = {"event": {"moneyline": [{"side": "home", "odds": -120}]}}
GAME = {"id": 7, "status": "scheduled", "teams": [{"id": 1}], "boxscore": {"total": 1.50}}


def test_action_network_v1() -> None:
    entries = [V1, {**V1, "type": "firstinning", "inserted": "2026-07-01T16:00:00Z"}]
    other = {"book_id": 30, "ml_home": None}
    found = rows(read({"games": [GAME | {"odds": [*entries, other]}]}, "action_network"))
    game, first, second = found
    assert game[:3] == ("action_network_games", "7", MOMENT)
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
    assert history == odds._replace(table="action_network_history")


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


# SportsBettingDime

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
    assert {row[:3] for row in found} == {("sbd_splits", "20260701-BOS", SEEN)}
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


# MLB StatsAPI


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


def test_a_saved_response_has_its_own_moment() -> None:
    response = {"dates": [{"games": [{"gamePk": 7}]}]}
    for saved in (
        {"collected_at": "2026-07-01T17:00:01Z", "payload": response},
        {"payload": response, "committed_at": "2026-07-01T19:00:01+02:00"},
    ):
        (row,) = rows(read(saved, "mlb_stats_api"))
        assert row.collected_at == SEEN
    refused = only_malformed(read({"collected_at": 5, "payload": response}, "mlb_stats_api"))
    assert "the moment saved with the response 1970-01-01T00:00:05" in refused.reason


def test_a_moment_is_asked_for() -> None:
    with pytest.raises(LoadFailed, match="says nothing of its moment: give collected_at"):
        list(read_response("{}", "sbd"))
    with pytest.raises(LoadFailed, match="is not a time in ISO 8601; write it as"):
        list(read_response("{}", "sbd", "yesterday"))
    assert read_response("[]", "odds_api")


def test_sources_that_are_not_there() -> None:
    with pytest.raises(LoadFailed, match=r"there is no source odds; there are:\n  odds_api: "):
        list(read_response("[]", "odds"))
    with pytest.raises(LoadFailed, match="vsin comes as files"):
        list(read_response("[]", "vsin"))
