"""The way of a distributed database, on plain PostgreSQL: the same rows, by copies and inserts."""

from __future__ import annotations

import json
import random
from contextlib import ExitStack

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine

from mlb_perf.distribution import FORCED_VARIABLE
from mlb_perf.pipeline import sample
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote, retry_rejected
from mlb_perf.pipeline.promote.session import promoting
from mlb_perf.pipeline.promote.unknown import unknown_names
from tests.integration.pipeline.live import Feed, Row, assert_equal_to_remake, promoter, store
from tests.integration.pipeline.test_live import portions
from tests.support.contents import contents, differences
from tests.support.databases import Server, copy_of, engine_on
from tests.support.sql import rows


def of_one_start(feed: Feed) -> list[Row]:
    """Its rows but for those of a moved start, which books that speak at one moment contradict."""
    starts = {start.isoformat() for start in feed.starts}
    return [
        row for row in feed.rows()
        if json.loads(row.values["payload"]).get("commence_time", min(starts)) in starts
    ]  # fmt: skip


def followed(engine: Engine, loads: list[list[Row]]) -> None:
    """Load by load, by one session, whose batches are small once."""
    with ExitStack() as stack:
        worker = promoter(stack, engine, rows=20)
        for load in loads:
            store(engine, load)
            worker.drain()


def test_polls_give_the_same_rows(
    head: Engine, head_template: NoopExecutor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = portions(of_one_start(Feed(3, polls=4)), random.Random(3), disorder=0.1)
    followed(head, loads)
    with copy_of(head_template, server, "mlb_perf_test_as_distributed") as url:
        other = engine_on(url)
        monkeypatch.setenv(FORCED_VARIABLE, "1")
        followed(other, loads)
        assert differences(contents(head), contents(other)) == {}
        assert_equal_to_remake(other)


def test_a_file_is_loaded_once_and_completed(head: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is copied into its table; a row that is there is compared with its copy."""
    monkeypatch.setenv(FORCED_VARIABLE, "1")
    first = ingest(head, read_file(sample.SCHEDULE))
    assert (first.loaded, first.already_there) == (40, 0)
    again = ingest(head, read_file(sample.SCHEDULE))
    assert (again.loaded, again.already_there, again.malformed) == (0, 40, [])
    change_one(head)
    changed = ingest(head, read_file(sample.SCHEDULE))
    assert {problem.reason_code for problem in changed.malformed} == {"conflicting_record"}
    assert len(changed.malformed) == 1


def change_one(engine: Engine) -> None:
    """One stored row says something else than the file."""
    changed = rows(
        engine,
        'UPDATE raw_data.mlb_stats_api_games SET payload = payload || \'{"gameType": "S"}\''
        " WHERE (external_game_id, collected_at) = (SELECT external_game_id, collected_at FROM"
        " raw_data.mlb_stats_api_games ORDER BY 1, 2 LIMIT 1) RETURNING 1",
    )
    assert len(changed) == 1


def test_unknown_names_are_told_and_tried_again(
    head: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FORCED_VARIABLE, "1")
    told = [row for row in Feed(4, games=1, polls=2).rows() if row.table == "odds_api_odds"]
    unknown = [
        Row(
            row.table, {**row.values, "payload": str(row.values["payload"]).replace("Yankees", "X")}
        )
        for row in told
    ]
    store(head, unknown)
    report = promote(head.url)
    assert (report.promoted, report.rows_rejected) == (0, len(told))
    with promoting(head.url) as connection:
        assert "New York X" in "\n".join(unknown_names(connection))
    with head.begin() as connection:
        assert retry_rejected(connection) == len(told)
    assert promote(head.url).rows_rejected == len(told)
