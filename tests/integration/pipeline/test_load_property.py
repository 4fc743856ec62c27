"""Whatever comes in is a row, or is malformed and kept with its reason; nothing raises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from mlb_perf.pipeline.load.ingest import Empty, Item, Malformed, RawRecord, ingest, read_response
from tests.support.effort import tries
from tests.support.responses import encode, responses


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
