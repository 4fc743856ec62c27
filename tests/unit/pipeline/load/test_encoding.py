"""Records as COPY's text: what is read back is what was given, one line of a key and payload."""

import datetime as dt
import gc

from hypothesis import given
from hypothesis import strategies as st

from mlb_perf.pipeline.load.copy import statements
from mlb_perf.pipeline.load.encoding import encode
from mlb_perf.pipeline.records import RawRecord

TABLE = "odds_api_odds"
MOMENT = dt.datetime(2026, 7, 1, 18, tzinfo=dt.UTC)
ESCAPES = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}

texts = st.text("ab\\\t\n\r{é", max_size=4)
records = st.lists(
    st.builds(
        RawRecord,
        table=st.just(TABLE),
        external_game_id=texts,
        collected_at=st.integers(0, 3).map(lambda n: MOMENT + dt.timedelta(minutes=n)),
        payload=texts,
        origin=texts,
        sportsbook_key=st.none() | texts,
    ),
    max_size=8,
)


@given(records)
def test_lines_are_the_records_without_repeats(these: list[RawRecord]) -> None:
    done = encode(these, statements(TABLE).key_texts)
    assert lines_of(done.data) == [values(these[n]) for n in done.order]
    said = [n for line in range(len(done.order)) for n in done.records_of(line)]
    assert sorted(said) == list(range(len(these)))
    for line, first in enumerate(done.order):
        assert {values(these[n])[:-1] for n in done.records_of(line)} == {values(these[first])[:-1]}
    keys = [values(these[n])[:3] for n in done.order]
    assert done.is_distinct == (len(set(keys)) == len(keys))


def test_plain_lines_are_sorted_by_key() -> None:
    games = ["b", "a", "c"]
    done = encode([record(game) for game in games], statements(TABLE).key_texts)
    assert [line[0] for line in lines_of(done.data)] == sorted(games)


def test_the_garbage_collector_has_nothing_to_look_at() -> None:
    """Each record that it counts brings its next walk through all objects nearer."""
    assert not gc.is_tracked(record("a"))


def record(game: str) -> RawRecord:
    return RawRecord(TABLE, game, MOMENT, "{}", "f:1", "fanduel")


def values(of: RawRecord) -> tuple[str | None, ...]:
    moment = of.collected_at.isoformat()
    return of.external_game_id, of.sportsbook_key, moment, of.payload, of.origin


def lines_of(data: bytes) -> list[tuple[str | None, ...]]:
    *lines, last = data.decode().split("\n")
    assert last == ""
    return [tuple(map(_value, line.split("\t"))) for line in lines]


def _value(text: str) -> str | None:
    if text == "\\N":
        return None
    found, at = "", 0
    while at < len(text):
        pair = text[at : at + 2]
        found += ESCAPES[pair] if text[at] == "\\" else text[at]
        at += 2 if text[at] == "\\" else 1
    return found
