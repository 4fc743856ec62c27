"""Locks of other roles end in a minute, name their holder, and stop no command for ever."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mlb_perf.cli.shared import reported
from mlb_perf.engine import LOCK_TIMEOUT, migration_engine
from mlb_perf.errors import LoadFailed, MaintenanceFailed, MlbPerfError
from mlb_perf.monitor.maintain import KEY
from mlb_perf.pipeline.lock_holders import lock_holders
from mlb_perf.pipeline.sample import SCHEDULE
from tests.support.command_line import invoke
from tests.support.databases import speak_to
from tests.support.sql import run, value
from tests.support.waiting import wait_for_rows

GAMES, REJECTS = int.from_bytes(b"mlbgames"), 7_203_114
"""Keys that versions before used; a stranger may know more."""
MAINTENANCE = "hashtextextended('performance_monitoring.run_maintenance', 0)"
LATE = (
    "UPDATE performance_monitoring.maintenance_jobs SET created_at = now() - interval '1 day';"
    "INSERT INTO performance_monitoring.maintenance_jobs (name, command, every_minutes, created_at)"
    " VALUES ('late_job', 'SELECT 1', 5, now() - interval '1 day')"
)
INTERRUPTED = 130
WAITING = "SELECT FROM pg_locks WHERE NOT granted"
ROLE = f"stranger{os.environ.get('PYTEST_XDIST_WORKER', '')}"


@contextmanager
def _held(engine: Engine, statement: str) -> Iterator[int]:
    """A session that has executed the statement, and stays in its transaction."""
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
        yield int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        connection.rollback()


@pytest.fixture
def stranger(head: Engine) -> Iterator[Engine]:
    """The database, on whose server a role exists that may only connect."""
    run(head, f"DROP ROLE IF EXISTS {ROLE}", f"CREATE ROLE {ROLE}")
    yield head
    run(head, f"DROP ROLE {ROLE}")


def test_keys_that_any_role_can_hold_stop_nothing(stranger: Engine, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": 1, "bookmakers": 5}\n')
    locks = ", ".join(f"pg_advisory_lock({key})" for key in (GAMES, REJECTS, MAINTENANCE))
    with _held(stranger, f"SET ROLE {ROLE}; SELECT {locks}"):
        assert invoke("load", SCHEDULE).exit_code == 0
        assert invoke("load", bad, "--source", "odds_api").exit_code == 1, "nothing in it is sound"
        assert invoke("promote").exit_code == 0
        assert invoke("maintain", "--job", "maintenance").exit_code == 0
    assert value(stranger, "SELECT count(*) FROM staging.rejected_records") == 1
    assert value(stranger, "SELECT count(*) FROM curated.enhanced_games") > 0
    analyzed = "SELECT details ? 'analyzed' FROM performance_monitoring.maintenance_runs"
    assert value(stranger, analyzed) is True


def test_a_wait_for_a_lock_ends_and_names_the_holder(
    head: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with migration_engine(head.url, {}).connect() as connection:
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == LOCK_TIMEOUT.replace(
            "60s", "1min"
        )
    speak_to(head.url.update_query_dict({"options": "-c lock_timeout=200ms"}), monkeypatch)
    assert invoke("load", SCHEDULE).exit_code == 0
    with _held(head, "LOCK TABLE staging.games IN ACCESS EXCLUSIVE MODE") as pid:
        with pytest.raises(SystemExit, match="1"), reported():
            invoke("promote", "--workers", "1")
        said = capsys.readouterr().err
        assert f"locks are held by pid {pid} of {head.url.username}" in said
        assert f"SELECT pg_terminate_backend({pid})" in said
    with (
        _held(head, "LOCK TABLE operational.pipeline_execution_log IN ACCESS EXCLUSIVE MODE"),
        pytest.raises(LoadFailed, match="55P03"),
    ):
        invoke("load", SCHEDULE)


def test_a_held_runner_is_a_failure_once_jobs_are_late(stranger: Engine) -> None:
    # The jobs are as old as the template database, which may be late itself in a long run.
    run(stranger, "UPDATE performance_monitoring.maintenance_jobs SET created_at = now()")
    with _held(stranger, f"SET ROLE {ROLE}; SELECT pg_advisory_lock({KEY})") as pid:
        early = invoke("maintain")
        assert (early.exit_code, f"(pid {pid} of " in early.output) == (0, True)
        run(stranger, LATE)
        with pytest.raises(
            MaintenanceFailed,
            match=rf"\(pid {pid} of .*late_job, maintenance, snapshot had no success",
        ):
            invoke("maintain")


def test_a_held_rebuild_names_the_holder(stranger: Engine) -> None:
    run(stranger, "CREATE TABLE curated.wanted (id int PRIMARY KEY)")
    key = "hashtextextended('mlb_perf curated.wanted', 0)"
    with _held(stranger, f"SET ROLE {ROLE}; SELECT pg_advisory_lock({key})") as pid:
        said = rf"being rebuilt by pid {pid} of .*pg_terminate_backend\({pid}\)"
        with pytest.raises(MlbPerfError, match=said):
            invoke("rebuilds", "start", "curated.wanted", "--patience", "0.2")
    assert invoke("rebuilds", "start", "curated.wanted").exit_code == 0


def test_a_key_of_a_cluster_is_among_the_locks_that_are_named(stranger: Engine) -> None:
    """Only there are games locked by keys; the catalog of Citus alone makes this database one."""
    with _held(stranger, f"SET ROLE {ROLE}; SELECT pg_advisory_lock(7)") as pid:
        assert lock_holders(stranger.url) == ""
        run(
            stranger,
            "SET allow_system_table_mods = on; CREATE TABLE pg_catalog.pg_dist_partition ()",
        )
        assert f"pid {pid} of " in lock_holders(stranger.url)


@pytest.mark.parametrize(
    ("words", "table"),
    [
        (("promote", "--workers", "1"), "staging.games"),
        (("promote", "--workers", "2"), "staging.betting_odds_unified"),
        (("promote",), "operational.pipeline_execution_log"),
        (("load", SCHEDULE), "raw_data.mlb_stats_api_games"),
        (("load", SCHEDULE), "operational.pipeline_execution_log"),
        (("alias", "team", "Trappers", "LAD"), "staging.team_aliases"),
        (("info",), "raw_data.odds_api_odds"),
    ],
)
def test_control_c_ends_a_wait_within_a_second(
    loaded: Engine, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], table: str
) -> None:
    speak_to(loaded.url, monkeypatch)
    pressed: list[float] = []

    def press() -> None:
        wait_for_rows(loaded, WAITING)
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    with _held(loaded, f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE") as _:
        presser = threading.Thread(target=press)
        presser.start()
        assert invoke(*words).exit_code == INTERRUPTED
        assert time.monotonic() - pressed[0] < 1
        presser.join()


@pytest.fixture(scope="module")
def loaded(shared_head: Engine) -> Engine:
    """A database with rows that are not promoted."""
    with pytest.MonkeyPatch.context() as patch:
        speak_to(shared_head.url, patch)
        assert invoke("load", SCHEDULE).exit_code == 0
    return shared_head
