"""Faults of every kind in rows of every source: none ends a promotion or costs a sound game."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine

from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.records import RawRecord
from tests.integration.pipeline.feeds import odds_row, store
from tests.integration.pipeline.shapes import SHAPES
from tests.support.databases import Server, copy_of, engine_on
from tests.support.effort import tries
from tests.support.sql import rows, value

_NUMBERS = itertools.count()

ANY = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([
        "", " ", "-", "NA", "NaN", "EVEN", "PK", "\u2212110", "\u2003-110", "8\u00bd", "1,234",
        "1.00000006", "-999999999", "999999999", "1e309", "65%", "o8.5", "F", "Postponed",
        "1850-07-01T22:40:00Z", "2062-07-01T22:40:00Z", "2026-02-30T00:00:00Z", "0000-00-00",
        "2026-07-20T23:05:00", "1782945600", "BOS", "nobody", "x" * 500, "\u0661", "'; --", "{}",
    ]),
    st.lists(st.integers(0, 3), max_size=2), st.just({}),
)  # fmt: skip

MOMENTS = (
    None, "", "2026-07-20T07:33:00Z", "2026-07-20T20:05:00Z", "2026-07-21T01:05:00+09:00",
    "2026-07-20 19:05:00", "2026-07-20", "7/20/2026", "46204", 1784588700, "1784588700000",
    "1850-07-01T22:40:00Z", "2099-07-01T22:40:00Z", "2026-02-30T00:00:00Z", "TBD",
)  # fmt: skip
TEAMS = (
    "CUB", "SDG", "SFO", "\u00a0Seattle  Mariners", "Seattle Mariners (Game 2)", "BOS", "NYY",
    "nobody", "", None, 136, "x" * 200,
)  # fmt: skip

# The names of a value that a kind of fault changes, and its values. Where a payload has no such
# name, it gets the first of them.
KINDS: dict[str, tuple[tuple[str, ...], st.SearchStrategy[Any]]] = {
    "anything": ((), ANY),
    "1 impossible values": (("score", "price", "odds", "ml_", "american", "start", "date"), ANY),
    "2 starts and days": (
        ("start", "time", "date", "number"), st.sampled_from([*MOMENTS, 1, 2, 3, 9])
    ),
    "3 ids": (("id", "pk", "key"), st.sampled_from(
        ["745444.0", 745444.0, 745444, -1, 1e30, "", None, "0" * 70, "\u2212745444", True])),
    "4 variants of a feed": (
        ("bookmakers", "markets", "outcomes", "odds", "teams", "sportsbooks", "splits", "fields"),
        st.sampled_from([[], {}, None, "x", 7, [{}], [None], [[]], {"message": "Quota reached."}]),
    ),
    "5 formats of prices": (("price", "odds_format", "ml_", "american"), st.sampled_from(
        [101, 100, 1, 1.01, 1.909091, -101, 99.5, "101", "american", "decimal", "fractional"])),
    "6 spellings of numbers": (
        ("price", "point", "line", "percent", "american", "total", "score", "bets"),
        st.sampled_from(["EVEN", "PK", "\u2212110", "8\u00bd", ".5", "+1,000", "o8.5", "65%", "NA",
                         "null", "-", "1.9090909090909092", "5/2", "1e3", "\u0661", "0.65"]),
    ),
    "7 descriptions": (("status", "state", "completed", "score"), st.sampled_from(
        ["Final", "F", "Postponed", "Suspended: Rain", "In Progress", "Odd", "", None, True, {}])),
    "8 delays": (("firstPitch", "status", "start", "gameDate"), st.sampled_from(
        [*MOMENTS, "Delayed Start: Rain", {"firstPitch": "2026-07-20T23:41:00Z"}])),
    "9 fields of the schedule": (
        ("venue", "gameType", "linescore", "probablePitcher", "team"),
        st.sampled_from(["S", "R", "Tokyo Dome", None, {}, [], {"name": "Nowhere"}, {"id": 136},
                         {"fullName": "x" * 200}, {"teams": {"home": {"runs": 10**12}}}]),
    ),
    "10 archives": (
        ("without_time", "prices", "side", "line_value", "market", "start_at"),
        st.sampled_from(["opening", "closing", "never", "V", "H", "Seattle", "decimal", "1,91",
                         "8.5/9", "ml", "all", "", None, *MOMENTS]),
    ),
    "11 names": (("name", "team", "code", "abbr", "book", "home", "away"),
                 st.sampled_from(TEAMS)),
    "12 leagues": (("sport_key", "league", "league_name"), st.sampled_from(
        ["basketball_nba", "NBA", "ASG", "MLB", "", " ", "_", 7, None, {}, "x_" * 40])),
}  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a JSON document."""
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, inner in pairs:
        yield (*way, key)
        yield from places(inner, (*way, key))


def changed(payload: str, way: tuple[Any, ...], value: Any) -> str:
    """The document with another value at the end of the way."""
    document = json.loads(payload)
    place = document
    for key in way[:-1]:
        place = place[key]
    place[way[-1]] = value
    return json.dumps(document)


@pytest.fixture(scope="module")
def database(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    with copy_of(head_template, server, "mlb_perf_test_mutations") as url:
        yield engine_on(url)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[list[RawRecord]]:
    """Of each source its sound rows."""
    folder = tmp_path_factory.mktemp("shapes")
    return [
        [item for item in shape.items(folder) if isinstance(item, RawRecord)]
        for shape in SHAPES.values()
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_mutations(database: Engine, records: list[list[RawRecord]], kind: str) -> None:
    """Two rows of every source, changed in a kind's way, beside a game that is sound."""
    names, values = KINDS[kind]

    @settings(max_examples=tries(2), deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.randoms(use_true_random=False),
        st.lists(values, min_size=2 * len(records), max_size=2 * len(records)),
    )
    def mutated(chance: random.Random, drawn: list[Any]) -> None:
        drawn_rows = [
            mutation(chance, chance.choice(of_source), names, drawn.pop())
            for of_source in records * 2
        ]
        sound = f"sound{next(_NUMBERS)}"
        with database.connect() as connection:
            for row in drawn_rows:
                copy.write(connection, row.table, [row])
            connection.commit()
            store(connection, [odds_row(sound)])
        report = promote(database.url)
        assert report.rows == len(drawn_rows) + 1
        assert report.promoted >= 1
        assert report.parked == 0
        assert _stored(database, sound) == 2
        assert _hot(database) == []

    mutated()


def mutation(
    chance: random.Random, record: RawRecord, names: tuple[str, ...], value: Any
) -> RawRecord:
    """The record under another id, with a value at a place that has one of the names."""
    document = _json(record)
    named = [
        way for way in places(document) if not names or any(name in str(way[-1]) for name in names)
    ]
    way = chance.choice(named) if named else (names[0],)
    return replace(
        record, external_game_id=f"m{next(_NUMBERS)}", payload=changed(record.payload, way, value)
    )


def _json(record: RawRecord) -> Any:
    return json.loads(record.payload)


def _stored(engine: Engine, game: str) -> int:
    return int(
        value(
            engine,
            "SELECT count(*) FROM staging.betting_odds_unified"
            " WHERE external_game_id = :game AND validation_status = 'valid'",
            game=game,
        )
    )


def _hot(engine: Engine) -> list[Any]:
    """Raw rows that are still to be promoted."""
    tables = sorted({table for shape in SHAPES.values() for table in shape.tables})
    return rows(
        engine,
        " UNION ALL ".join(
            f"SELECT '{name}', external_game_id FROM raw_data.{name} WHERE processed_at IS NULL"
            for name in tables
        ),
    )
