"""Months, retention, an online index and a new node on a cluster, each with a writer beside it."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from mlb_perf.pipeline.load.ingest import ingest, read_response
from tests.migration.stage import revision
from tests.support.citus import (
    SHARDS,
    add,
    coordinator_url,
    distribute,
    head_on_citus,
    needs_citus,
    nodes,
)
from tests.support.command_line import invoke
from tests.support.databases import engine_on, speak_to
from tests.support.sql import rows, run, value
from tests.support.waiting import eventually, wait_for_no_rows, wait_for_rows

pytestmark = [needs_citus, pytest.mark.usefixtures("spoken_to")]

TABLE = "raw_data.odds_api_odds"
MONTHS = (
    f"SELECT right(c.relname, 7) FROM pg_inherits JOIN pg_class AS c ON c.oid = inhrelid"
    f" WHERE inhparent = '{TABLE}'::regclass ORDER BY 1"
)
SHARDS_OF = (
    "SELECT nodeport, count(*) FROM citus_shards WHERE table_name = '{}'::regclass"
    " GROUP BY 1 ORDER BY 1"
)
INDEX = "ix_of_a_user"
ON_WORKERS = "SELECT sum(result::int) FROM run_command_on_workers($$ SELECT count(*) FROM {} $$)"
"""A client of a worker does not see its shards."""
INDEXED = ON_WORKERS.format(
    "pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid AND i.indisvalid"
    f" WHERE c.relname ~ '^{INDEX}_[0-9]+$'"
)
LEAVES = ON_WORKERS.format(
    "pg_index AS i JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid AND i.indisvalid"
    f" JOIN pg_class AS c ON c.oid = h.inhparent WHERE c.relname ~ '^{INDEX}_[0-9]+$'"
)
MADE = ON_WORKERS.format("pg_class WHERE relname ~ '^odds_api_odds_2019_01_[0-9]+$'")
RETAIN = (
    "SELECT split_part(partition, '.', 2), action FROM performance_monitoring.drop_old_partitions("
    "'raw_data', 'odds_api_odds', 60, false)"
)
RUNNING = "SELECT 1 FROM citus_rebalance_status() WHERE state NOT IN ('finished', 'failed')"
BODY = (
    b'[{"id": "%d", "home_team": "Boston Red Sox", "away_team": "New York Yankees",'
    b' "commence_time": "%s", "bookmakers": [{"key": "fanduel", "markets": [{"key": "h2h",'
    b' "outcomes": [{"name": "Boston Red Sox", "price": 120}]}]}]}]'
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Engine]:
    """Distributed over all workers but the last, which a test adds."""
    with head_on_citus(workers=-1) as url:
        distribute(url)
        yield engine_on(url)


@pytest.fixture
def spoken_to(cluster: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_to(cluster.url, monkeypatch)


@contextmanager
def writing(engine: Engine) -> Iterator[None]:
    """Rows are loaded during the block; each load succeeds, and all of its rows are there."""
    ended, loaded, failures = threading.Event(), [0], []
    before = value(engine, f"SELECT count(*) FROM {TABLE}")

    def write() -> None:
        for number in itertools.count():
            if ended.is_set():
                return
            now = dt.datetime.now(dt.UTC)
            start = (now + dt.timedelta(days=1)).isoformat().encode()
            report = ingest(engine, read_response(BODY % (number, start), "odds_api", now))
            loaded[0] += report.loaded

    def watched() -> None:
        try:
            write()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=watched)
    thread.start()
    try:
        eventually(lambda: loaded[0] or failures, what="the first load")
        begun = loaded[0]
        yield
        eventually(lambda: loaded[0] > begun or failures, what="another load")
    finally:
        ended.set()
        thread.join()
    assert failures == []
    assert value(engine, f"SELECT count(*) FROM {TABLE}") == before + loaded[0]


def test_a_month_is_made_and_retention_drops_it(cluster: Engine) -> None:
    old = "2019-01"
    months = rows(cluster, MONTHS)
    with writing(cluster):
        invoke("partitions", "apply", TABLE, "--from", old, "--to", old)
        assert ("2019_01",) in rows(cluster, MONTHS)
        assert value(cluster, MADE) == SHARDS
        assert rows(cluster, RETAIN) == [("odds_api_odds_2019_01", "detached")]
        assert rows(cluster, MONTHS) == months
        assert value(cluster, MADE) == SHARDS
        run(cluster, "UPDATE performance_monitoring.partition_policies SET graveyard_days = 0")
        assert rows(cluster, RETAIN) == [("odds_api_odds_2019_01", "dropped")]
    assert value(cluster, MADE) == 0


def test_an_online_index_lets_writers_pass(cluster: Engine) -> None:
    with writing(cluster), revision(cluster) as op:
        op.create_index_online(INDEX, "odds_api_odds", ["ingested_at"], schema="raw_data")
    leaves = value(
        cluster, f"SELECT count(*) FROM pg_inherits WHERE inhparent = '{TABLE}'::regclass"
    )
    assert value(cluster, INDEXED) == SHARDS  # of the parent; those of the leaves have other names
    assert value(cluster, LEAVES) == SHARDS * leaves
    with revision(cluster, direction="downgrade") as op:
        op.drop_index_online(INDEX, "odds_api_odds", ["ingested_at"], schema="raw_data")
    assert value(cluster, INDEXED) == value(cluster, LEAVES) == 0


def test_a_node_is_added_and_takes_its_share(cluster: Engine) -> None:
    """As the documentation says; rows are read and written meanwhile."""
    before = rows(cluster, SHARDS_OF.format("curated.betting_lines_unified"))
    [*_, last] = nodes(coordinator_url())
    add(cluster.url, last)
    with writing(cluster):
        run(cluster, "SELECT citus_rebalance_start(shard_transfer_mode => 'force_logical')")
        wait_for_no_rows(cluster, RUNNING, seconds=120)
    assert rows(cluster, "SELECT state FROM citus_rebalance_status()") == [("finished",)]
    for table in ("curated.betting_lines_unified", TABLE):
        after = dict(rows(cluster, SHARDS_OF.format(table)))
        assert after[last.port] >= 1, (before, after)
    assert last.host in invoke("citus", "status").stdout
    wait_for_rows(cluster, f"SELECT 1 FROM {TABLE}")
