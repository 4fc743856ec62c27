"""Mutated payloads of every source: none ends a promotion, none costs a sound game a row."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine

from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.records import RawRecord
from tests.integration.pipeline.feeds import odds_row, store
from tests.integration.pipeline.shapes import SHAPES
from tests.support.databases import Server, copy_of, engine_on
from tests.support.sql import rows, value

_NUMBERS = itertools.count()

VALUES = st.one_of(
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


@pytest.mark.parametrize("source", SHAPES)
def test_mutations_of_a_source(database: Engine, tmp_path: Path, source: str) -> None:
    records = [item for item in SHAPES[source].items(tmp_path) if isinstance(item, RawRecord)]
    mutation = st.tuples(st.sampled_from(records), st.randoms(use_true_random=False), VALUES)

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(mutation, min_size=1, max_size=40))
    def mutated(drawn: list[Any]) -> None:
        drawn_rows = [
            record._replace(
                external_game_id=f"m{next(_NUMBERS)}",
                payload=changed(record.payload, chance.choice([*places(_json(record))]), value),
            )
            for record, chance, value in drawn
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
