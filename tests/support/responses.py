"""Responses of every feed for Hypothesis, each with something odd in it now and then."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

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
