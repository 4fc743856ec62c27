"""Promotion on a cluster that is followed, stopped and killed, as on one server.

The tests of one server run here too, by the fixture ``head``; the cluster's own are below.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine, text

from mlb_perf.models import metadata
from mlb_perf.pipeline import sample
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote
from tests.integration.pipeline.live import assert_equal_to_remake, polls, store
from tests.integration.pipeline.test_live_follow import (  # noqa: F401
    HOT,
    following,
    respond,
    test_a_kill_inside_a_batch_loses_nothing,
    test_a_load_wakes_it,
    test_a_signal_ends_it_after_the_batch,
    test_it_outlives_its_sessions,
    test_rows_of_another_loader_are_found_without_notification,
    test_two_followers_share_the_work,
)
from tests.support.citus import distribute, has_recovered, head_on_citus, needs_citus, workers
from tests.support.contents import contents, differences
from tests.support.databases import Server, copy_of, engine_on, speak_to
from tests.support.processes import mlb_perf, started
from tests.support.sql import rows, run, value
from tests.support.waiting import (
    WAITING,
    eventually,
    kill_in_phase,
    wait_for_no_rows,
    wait_for_rows,
)

pytestmark = needs_citus

# What a promotion writes; teams, sportsbooks and their names stay.
EMPTIED = [
    table.fullname for table in metadata.sorted_tables
    if table.schema in ("raw_data", "staging", "curated", "operational")
    and table.name not in ("leagues", "teams", "venues", "sportsbooks", "team_aliases",
                           "sportsbook_aliases", "alert_configurations")
]  # fmt: skip
PROMOTING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'mlb_perf promote'"
)
WRITING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'citus_internal%' AND state = 'idle in transaction'"
    " AND backend_xid IS NOT NULL"
)
"""On a worker: sessions of the coordinator that have written and not committed."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Engine]:
    with head_on_citus() as url:
        distribute(url)
        yield engine_on(url)


@pytest.fixture
def head(cluster: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The cluster, without games, as the database of all commands."""
    speak_to(cluster.url, monkeypatch)
    run(
        cluster,
        f"TRUNCATE {', '.join(EMPTIED)} CASCADE",
        "SELECT setval('curated.enhanced_games_game_id_seq', 1, false)",
    )
    return cluster


def load_sample(engine: Engine) -> None:
    for path in (sample.SCHEDULE, sample.ODDS):
        ingest(engine, read_file(path))


def test_kills_inside_of_batches_leave_the_rows_of_plain_postgresql(
    head: Engine, head_template: NoopExecutor, server: Server
) -> None:
    """``kill -9`` early and late in a batch, with rows that the workers have not committed."""
    load_sample(head)
    hot = value(head, HOT)
    for table in ("staging.rejected_records", "curated.line_movements"):
        with head.connect() as holder, started(mlb_perf("promote")) as process:
            holder.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
            kill_in_phase(process, lambda: rows(head, WAITING))
            assert any(rows(worker, WRITING) for worker in workers(head))
            holder.rollback()
        wait_for_no_rows(head, PROMOTING)
        assert value(head, HOT) == hot
    promote(head.url)
    with copy_of(head_template, server, "mlb_perf_test_citus_kill") as url:
        plain = engine_on(url)
        load_sample(plain)
        promote(plain.url)
        assert differences(contents(plain), contents(head)) == {}


def test_a_follower_outlives_a_worker_that_is_killed_in_a_batch(head: Engine) -> None:
    """The worker ends all its sessions and recovers; the batch is undone and made again."""
    first, second = polls(2)
    with following(head, look_seconds=0.2) as reports:
        store(head, first)
        wait_for_rows(head, HOT, [(0,)])
        with head.connect() as holder:
            holder.execute(text("LOCK TABLE curated.line_movements IN ACCESS EXCLUSIVE MODE"))
            respond(head, second)
            wait_for_rows(head, WAITING)
            [worker, *_] = [it for it in workers(head) if rows(it, WRITING)]
            since = value(worker, "SELECT clock_timestamp()")
            os.kill(rows(worker, WRITING)[0][0], signal.SIGKILL)
            eventually(lambda: has_recovered(worker, since))
            holder.rollback()
        wait_for_rows(head, HOT, [(0,)])
    assert any(report.waited for report in reports)
    assert_equal_to_remake(head)
