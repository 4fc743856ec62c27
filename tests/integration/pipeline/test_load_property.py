"""Whatever comes in is a row, or is malformed and kept with its reason; nothing raises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from mlb_perf.pipeline.load.ingest import Empty, Item, Malformed, RawRecord, ingest, read_response
from tests.support.effort import tries

DEEP = "[" * 2_000 + "]" * 2_000
RAW = "\x00RAW\x00"
"""Stands in a document where text that is not to be encoded goes."""

strings = st.one_of(
    st.sampled_from(["", " ", "a", "2026-07-01T17:00:01Z", "2026-07-01T17:00:01", "x" * 65]),
    st.sampled_from(["\x00", "\ud800", "\\u0000", "\t\\N\n", "\U0001f600", "y" * 1_000_000]),
    st.text(max_size=5),
)
texts = st.sampled_from(
    ["NaN", "-Infinity", "1e400", "1e200000", "9" * 5_000, DEEP, "1.10", '"\\ud83d"']
)
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.sampled_from([-100000, 0, 1.5]),
    strings,
    texts.map(lambda raw: {RAW: raw}),
    st.sampled_from([[], {}, [[]], {"a": None}]),
)


def mostly(value: Any) -> st.SearchStrategy[Any]:
    """The value, or now and then anything instead."""
    return st.integers(0, 9).flatmap(lambda n: odd if n == 0 else st.just(value))


keys = st.sampled_from(["a", "b"]).flatmap(mostly)
moments = st.sampled_from(["2026-07-01T17:00:01Z", "2026-07-01T19:00:01+02:00"]).flatmap(mostly)
games = st.sampled_from(["g1", "g2", 3]).flatmap(mostly)
markets = st.fixed_dictionaries({"price": mostly(1.9)}).flatmap(mostly)


def lists_of(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(items.flatmap(mostly), max_size=4).flatmap(mostly)


odds_api = lists_of(
    st.fixed_dictionaries(
        {"id": games, "home_team": mostly("Boston Red Sox")},
        optional={
            "bookmakers": lists_of(
                st.fixed_dictionaries({"key": keys, "last_update": moments, "markets": markets})
            )
        },
    )
)
entries = st.fixed_dictionaries({"book_id": keys}, optional={"inserted": moments, "ml": markets})
action_network = st.fixed_dictionaries(
    {
        "games": lists_of(
            st.fixed_dictionaries(
                {"id": games},
                optional={
                    "odds": lists_of(entries),
                    "markets": st.dictionaries(st.sampled_from(["15", "", "\x00"]), entries),
                },
            )
        )
    }
)
sbd = st.fixed_dictionaries(
    {
        "games": lists_of(
            st.fixed_dictionaries(
                {"_id": games},
                optional={
                    "sportsbooks": lists_of(
                        st.fixed_dictionaries({"_id": keys}, optional={"name": keys})
                    ),
                    "bettingSplits": st.fixed_dictionaries(
                        {"total": mostly({"updated": "2026-07-01"})}
                    ),
                },
            )
        )
    }
)
schedule = st.fixed_dictionaries(
    {
        "dates": lists_of(
            st.fixed_dictionaries({"games": lists_of(st.fixed_dictionaries({"gamePk": games}))})
        )
    }
)

responses = st.one_of(
    st.tuples(st.just("odds_api"), odds_api),
    st.tuples(st.sampled_from(["action_network", "action_network_history"]), action_network),
    st.tuples(st.just("sbd"), sbd),
    st.tuples(st.just("mlb_stats_api"), schedule),
)


def encode(document: Any) -> str:
    """JSON, but for what is to stand in it as it is."""
    if isinstance(document, dict):
        if RAW in document:
            return str(document[RAW])
        members = (f"{json.dumps(name)}:{encode(each)}" for name, each in document.items())
        return "{" + ",".join(members) + "}"
    if isinstance(document, list):
        return "[" + ",".join(map(encode, document)) + "]"
    return json.dumps(document)


def leaves(source: str, document: Any) -> int:
    """How many events, games, books and entries a document has at the most."""
    if isinstance(document, dict):
        return sum(leaves(source, each) for each in document.values())
    if isinstance(document, list):
        return len(document) + sum(leaves(source, each) for each in document)
    return 0


@pytest.fixture(scope="module")
def connection(shared_head: Engine) -> Iterator[Connection]:
    with shared_head.connect() as connection:
        yield connection


def kept(connection: Connection, item: Item) -> bool:
    """Whether the item stands in its table, or with its reason among the rejected."""
    if isinstance(item, Empty):
        return True
    if isinstance(item, RawRecord):
        found = connection.execute(
            text(
                f"SELECT payload = CAST(:payload AS jsonb) FROM raw_data.{item.table} "
                "WHERE external_game_id = :game AND collected_at = :at "
                + ("AND sportsbook_key = :book" if item.sportsbook_key else "")
            ),
            {
                "payload": item.payload,
                "game": item.external_game_id,
                "at": item.collected_at,
                "book": item.sportsbook_key,
            },
        ).scalar()
        if found:
            return True
    query = "SELECT true FROM staging.rejected_records WHERE origin = :origin AND reason <> ''"
    return bool(connection.execute(text(query + " LIMIT 1"), {"origin": item.origin}).scalar())


def safely_kept(connection: Connection, item: Item) -> bool:
    """The same for payloads that the server cannot even compare."""
    if isinstance(item, RawRecord) and "e200000" in item.payload:
        item = Malformed("", item.table, item.origin, "", "")
    return kept(connection, item)


@settings(
    max_examples=tries(120),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(responses, min_size=1, max_size=3), st.integers(1, 7), st.booleans())
def test_none_is_lost_and_none_raises(
    connection: Connection, documents: list[Any], batch_rows: int, cut: bool
) -> None:
    items: list[Item] = []
    for number, (source, document) in enumerate(documents):
        body = encode(document)
        body = body[: len(body) // 2] if cut and number == 0 else body
        moment = "2026-07-02"
        found = list(read_response(body, source, moment, name=f"{number}"))
        assert found, "a document disappeared"
        items += found
    try:
        report = ingest(connection, items, batch_rows=batch_rows)
        assert report.read == len(items)
        assert report.read == (
            report.loaded + report.already_there + report.empty + len(report.malformed)
        )
        lost = [item for item in items if not safely_kept(connection, item)]
        assert lost == []
        again = ingest(connection, items, batch_rows=batch_rows)
        assert (again.loaded, len(again.malformed)) == (0, len(report.malformed))
    finally:
        connection.rollback()
