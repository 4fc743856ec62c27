"""What is read out of responses in JSON, and what is refused, with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import astuple

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.reader import read_response
from mlb_perf.pipeline.records import Empty, RawRecord
from tests.unit.pipeline.read.json_responses import SEEN, only_malformed, read, rows


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


def test_a_row_is_an_event_at_a_bookmaker() -> None:
    first, second, third = rows(read([event(book(), book("betmgm")), event(book(), id="e2")]))
    assert astuple(first)[:3] == ("odds_api_odds", "e1", SEEN)
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
