"""Loads that are killed, interrupted, run side by side, or meet a server that refuses."""

from __future__ import annotations

import itertools
import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.load.ingest import (
    Item,
    LoadReport,
    RawRecord,
    ingest,
    read_file,
    read_response,
)
from tests.support.processes import mlb_perf, started
from tests.support.sql import rows
from tests.support.waiting import OTHER_SESSIONS, WAITING, wait_for_no_rows, wait_for_rows

BOOKS = ("a", "b", "c", "d")


def response(game: int, month: int = 7) -> str:
    at = f"2026-{month:02d}-01T17:00:01Z"
    books = [{"key": key, "last_update": at, "markets": []} for key in BOOKS]
    return json.dumps(
        [{"id": f"g{game}", "commence_time": at, "sport_key": "", "bookmakers": books}]
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "odds.jsonl"
    path.write_text("".join(f"{response(n)}\n" for n in range(2_000)))
    return path


def contents(engine: Engine) -> set[tuple[Any, ...]]:
    query = "SELECT external_game_id, collected_at, payload::text, origin, sportsbook_key"
    return {
        (game, at, json.dumps(json.loads(payload), sort_keys=True), origin, book)
        for game, at, payload, origin, book in rows(engine, f"{query} FROM raw_data.odds_api_odds")
    }


def expected(items: Iterator[Item]) -> set[tuple[Any, ...]]:
    return {
        (
            item.external_game_id,
            item.collected_at,
            json.dumps(json.loads(item.payload), sort_keys=True),
            item.origin,
            item.sportsbook_key,
        )
        for item in items
        if isinstance(item, RawRecord)
    }


def load(*words: object) -> tuple[str, ...]:
    return mlb_perf("load", *words)


def test_a_killed_load_is_completed_by_another(head: Engine, file: Path) -> None:
    with started(load("--batch-rows", 40, file)) as process:
        wait_for_rows(head, "SELECT FROM raw_data.odds_api_odds LIMIT 1")
        process.kill()
        assert process.wait() == -signal.SIGKILL
    # What the killed one had sent is rolled back or committed once its sessions are gone.
    wait_for_no_rows(head, OTHER_SESSIONS)
    before = len(contents(head))
    assert 0 < before < 8_000
    assert before % 40 == 0
    report = ingest(head, read_file(file))
    assert (report.loaded, report.already_there) == (8_000 - before, before)
    assert contents(head) == expected(read_file(file))
    log = "SELECT status FROM operational.pipeline_execution_log ORDER BY execution_id"
    assert rows(head, log) == [("running",), ("succeeded",)]


@pytest.mark.parametrize("words", [(), ("--strict",)])
def test_ctrl_c_while_somebody_holds_the_table(
    head: Engine, file: Path, words: tuple[str, ...]
) -> None:
    with head.connect() as other, started(load(*words, file)) as process:
        other.execute(text("LOCK TABLE raw_data.odds_api_odds"))
        wait_for_rows(head, WAITING)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) != 0
    (status,) = rows(head, "SELECT status FROM operational.pipeline_execution_log")
    assert status == ("cancelled",)
    assert contents(head) == set()


def test_two_loads_of_the_same_rows_in_opposite_orders(head: Engine) -> None:
    items = [item for n in range(300) for item in read_response(response(n), "odds_api")]
    reports: list[LoadReport] = []

    def load_in_batches(these: list[Item]) -> None:
        reports.append(ingest(head, these, batch_rows=100))

    threads = [
        threading.Thread(target=load_in_batches, args=(these,))
        for these in (items, items[::-1], items[::2] + items[1::2])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.loaded for report in reports) == len(items)
    assert [report.malformed for report in reports] == [[], [], []]
    assert contents(head) == expected(iter(items))


def test_a_bad_file_loaded_side_by_side_is_kept_once(head: Engine, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("".join(f'[{{"id": "g{n}", "bookmakers": 1}}]\n' for n in range(200)))
    threads = [
        threading.Thread(target=ingest, args=(head, read_file(path, "odds_api"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(head, "SELECT count(*) FROM staging.rejected_records") == [(200,)]


def test_no_schema(empty: Engine, file: Path) -> None:
    with pytest.raises(LoadFailed, match="schema is not there; run mlb-perf alembic upgrade head"):
        ingest(empty, read_file(file))


def test_a_server_that_takes_no_writes(head: Engine, file: Path) -> None:
    options = {"options": "-c default_transaction_read_only=on"}
    engine = create_engine(head.url, poolclass=NullPool, connect_args=options)
    with pytest.raises(LoadFailed, match=r"25006.*name the primary in the URL"):
        ingest(engine, read_file(file))


def test_a_connection_that_is_lost(head: Engine) -> None:
    def end_the_others(_: LoadReport) -> None:
        rows(
            head,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )

    items = itertools.chain.from_iterable(
        read_response(response(n), "odds_api") for n in range(100)
    )
    with pytest.raises(LoadFailed, match="run again when it is up"):
        ingest(head, items, batch_rows=8, progress=end_the_others)
    (status, written, message) = rows(
        head, "SELECT status, rows_written, error_message FROM operational.pipeline_execution_log"
    )[0]
    assert status == "failed"
    assert written % 8 == 0
    assert "run again when it is up" in message


def test_a_table_that_is_none_of_ours(head: Engine) -> None:
    (record, *_) = read_response(response(1), "odds_api")
    assert isinstance(record, RawRecord)
    with pytest.raises(LoadFailed, match=r"there is no table raw_data\.nonsense"):
        ingest(head, [replace(record, table="nonsense")])
