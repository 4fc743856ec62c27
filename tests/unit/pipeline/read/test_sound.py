"""The quick way through sound JSON reads the same as the tolerant one, of sound and broken texts.

``MLB_PERF_TEST_EFFORT=100`` compares 10,000 texts.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlb_perf.pipeline.read import json as tolerant
from mlb_perf.pipeline.read import sound
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context
from mlb_perf.pipeline.read.reader import read_response
from mlb_perf.pipeline.read.sources import SOURCES, JsonSource
from mlb_perf.pipeline.read.sources.odds_api_sound import items as quick_items
from mlb_perf.pipeline.records import Item, RawRecord
from mlb_perf.pipeline.sample import ODDS
from tests.support.effort import tries
from tests.support.responses import DEEP, encode, responses

SEEN = "2026-07-01T17:00:01Z"
BOOK = f'{{"key":"fanduel","last_update":"{SEEN}","markets":[{{"price":1.9}}]}}'
EVENT = f'{{"id":"e1","home_team":"Boston","bookmakers":[{BOOK},{BOOK.replace("fanduel", "mgm")}]}}'
FORMS = (
    "[%s]",
    "[%s,%s]",
    " [ %s , %s ] ",
    '{"2026-07-01:full":[%s],"later":[%s]}',
    '{"k":[%s],"k":[%s]}',
    '{"k":[%s],"\\u006b":[%s]}',
    f'{{"timestamp":"{SEEN}","data":[%s]}}',
    f'{{"data":[%s],"timestamp":"{SEEN}"}}',
    f'{{"timestamp":"{SEEN}","data":[%s],"data":[%s]}}',
    f'{{"timestamp":"{SEEN}","timestamp":"2026-07-02T00:00:00Z","data":[%s]}}',
    f'{{"collected_at":"{SEEN}","payload":[%s]}}',
    '{"payload":{"k":[%s]}}',
    '{"payload":[%s],"payload":[%s]}',
    '{"payload":[],"x":{"payload":[%s]}}',
    '{"x":"payload","payload":[%s]}',
    f'{{"payload":{{"timestamp":"{SEEN}","data":[%s]}},"price":-110}}',
    "%s",
)  # fmt: skip
PIECES = (
    "", "\x00", "\\u0000", "\\ud800", "\\ud83d\\ude00", "\\\\", "\\", '\\"', '"', "\ufeff",
    "\u00a0", "\n", " ", "\t", "\x0b", ",", ":", "{", "}", "[", "]", "{}", "[]", "null", "true",
    "NaN", "-Infinity", "1e999", "-0", "1.", "01", "9" * 5_000, "1.10", "7", DEEP, "\u00e9",
    '"id":"e2",', '"id":true,', '"id":9007199254740993,', '"\\u0069d":"e3",', '"bookmakers":[],',
    ',"bookmakers":null', '"x":{"bookmakers":[]},', f'"bookmakers":[{BOOK}],', '"price":-110,',
    '"payload":', '"data":[],', '"last_update":null,', '"last_update":17,', '"key":7,', f",{BOOK}",
    f'"last_update":"{SEEN}","scores":[],', f"x{'y' * 5_000}",
)  # fmt: skip

changes = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from((0, 0, 0, 1, 2, 9, 40)), st.sampled_from(PIECES)),
    max_size=3,
)


def changed(text: str, by: list[tuple[float, int, str]]) -> str:
    """The text with pieces put in at places, each instead of so many characters."""
    for place, instead, piece in by:
        at = int(place * len(text))
        text = text[:at] + piece + text[at + instead :]
    return text


def both_ways(body: bytes | str, source: str, **options: Any) -> tuple[list[Item], list[Item]]:
    """The records of a text, read with the quick way and without."""

    def read() -> list[Item]:
        return list(read_response(body, source, "2026-07-02", name="f", **options))

    quick = read()
    with pytest.MonkeyPatch.context() as patch:
        found = SOURCES[source]
        assert isinstance(found, JsonSource)
        patch.setitem(SOURCES, source, replace(found, sound=None))
        patch.setattr(sound, "members", refuse)
        return quick, read()


def refuse(_: str) -> dict[str, str]:
    raise Refusal("not the quick way")


events = st.sampled_from(
    [EVENT, EVENT.replace(":", ": ").replace(",", ", "), EVENT.replace(SEEN, "2026-07-01")]
)


@settings(max_examples=tries(100), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FORMS), st.lists(st.tuples(events, changes), min_size=2, max_size=2),
       changes, st.sampled_from((None, "american")))  # fmt: skip
def test_odds_changed_at_places(form: str, parts: Any, last: Any, prices: Any) -> None:
    """Most of these come near to what the API sends, and each is broken in another way."""
    told = tuple(changed(event, by) for event, by in parts)
    text = changed(form % told[: form.count("%s")], last)
    quick, slow = both_ways(text, "odds_api", odds_format=prices)
    assert quick == slow


@settings(max_examples=tries(100), suppress_health_check=[HealthCheck.too_slow])
@given(responses, changes)
def test_responses_of_every_source(response: tuple[str, Any], by: Any) -> None:
    source, document = response
    quick, slow = both_ways(changed(encode(document), by), source)
    assert quick == slow


@settings(max_examples=tries(50))
@given(
    st.sampled_from((BOOK, EVENT, '{"a": 1 , "b":[2, {}],"a":"\\u00e9","\u00e9":-0.10e5}')), changes
)
def test_members(text: str, by: Any) -> None:
    text = changed(text, by)
    try:
        members = sound.members(text)
    except Refusal:
        return
    cursor = tolerant.Cursor(text)
    assert members == {name: cursor.leaf().text for name in cursor.members()}
    assert list(members) == list(tolerant.parts(text))


def test_the_sample_is_read_quickly() -> None:
    """Without this the comparison would hold of a quick way that refuses everything."""
    for line in gzip.decompress(ODDS.read_bytes()).decode().splitlines():
        saved = json.loads(line)
        (events,) = saved["payload"].values()
        for text in (
            line,
            json.dumps(saved, indent=1, ensure_ascii=False),
            json.dumps(events),
            json.dumps({"timestamp": SEEN, "data": events}),
        ):
            found = list(quick_items(text, Context("f")))
            assert len(found) == sum(len(event["bookmakers"]) for event in events)
            quick, slow = both_ways(text, "odds_api")
            assert [item for item in quick if isinstance(item, RawRecord)] == slow
            assert quick == found


@pytest.mark.parametrize("number", ["9" * 5_000, f"-0.{'1' * 5_000}"])
def test_a_long_number_is_the_tolerant_ways(number: str) -> None:
    text = f"[{EVENT}]".replace("1.9", number)
    quick, slow = both_ways(text, "odds_api")
    assert quick == slow
    assert isinstance(quick[0], RawRecord) == ("." in number)
