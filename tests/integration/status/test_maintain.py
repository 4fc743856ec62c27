"""``mlb-perf maintain``: what is due, once, by one runner, and each run logged."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import MaintenanceFailed
from mlb_perf.monitor.maintain import KEY
from mlb_perf.settings import URL_VARIABLE
from tests.integration.status.support import session
from tests.support.command_line import invoke
from tests.support.processes import mlb_perf, start
from tests.support.sql import rows, run
from tests.support.waiting import eventually


@pytest.fixture
def jobs(watched: Engine) -> Iterator[Engine]:
    """The package's own jobs, never run and due; the test's own go afterwards."""
    _forget(watched)
    yield watched
    _forget(watched)


def _forget(engine: Engine) -> None:
    run(engine, "DELETE FROM performance_monitoring.maintenance_runs",
        "DELETE FROM performance_monitoring.maintenance_jobs"
        " WHERE name NOT IN ('maintenance', 'snapshot')",
        "DELETE FROM performance_monitoring.table_history")  # fmt: skip


def _job(engine: Engine, name: str, command: str) -> None:
    quoted = command.replace("'", "''")
    run(engine, "INSERT INTO performance_monitoring.maintenance_jobs (name, command, every_minutes)"
        f" VALUES ('{name}', '{quoted}', 60)")  # fmt: skip


def _runs(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Of each job: status, SQLSTATE, message, whether it ended."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, *rest in rows(
        engine,
        "SELECT name, status, error_sqlstate, error_message, finished_at IS NOT NULL"
        " FROM performance_monitoring.maintenance_runs"
        " JOIN performance_monitoring.maintenance_jobs USING (job_id) ORDER BY run_id",
    ):
        found.setdefault(name, []).append(tuple(rest))
    return found


SUCCEEDED = ("succeeded", None, None, True)


def test_what_is_due_is_run_once(jobs: Engine) -> None:
    first = invoke("maintain")
    assert first.exit_code == 0
    assert first.stdout.count(": succeeded in ") == 2
    assert _runs(jobs) == {"maintenance": [SUCCEEDED], "snapshot": [SUCCEEDED]}
    details = dict(
        rows(jobs, "SELECT name, details FROM performance_monitoring.maintenance_runs"
             " JOIN performance_monitoring.maintenance_jobs USING (job_id)")
    )  # fmt: skip
    assert details["snapshot"]["answer"][0]["tables"] > 50
    assert "snapshot" in {row["step"] for row in details["maintenance"]["answer"]}
    assert "analyzed" in details["maintenance"], "the function's own part"
    again = invoke("maintain")
    assert (again.exit_code, again.stdout) == (
        0, "no job is due; mlb-perf maintain --list shows the next times\n",
    )  # fmt: skip
    # A timer that comes every five minutes comes a second early every other time.
    for age, count in (("4 minutes 20 seconds", 1), ("4 minutes 40 seconds", 2)):
        run(jobs, "UPDATE performance_monitoring.maintenance_runs"
            f" SET started_at = now() - interval '{age}'")  # fmt: skip
        assert invoke("maintain").exit_code == 0
        assert len(_runs(jobs)["snapshot"]) == count
    assert len(_runs(jobs)["maintenance"]) == 1


def test_a_job_that_fails_stops_no_other(jobs: Engine) -> None:
    """It is logged with its SQLSTATE; the exit status tells the timer."""
    _job(jobs, "a_broken", "VACUUM curated.no_such_table")
    _job(jobs, "b_percent", "SELECT '100%' AS \"s:s\", '%(x)s'")
    _job(jobs, "c_vacuum", "VACUUM curated.teams")
    result = invoke("maintain")
    assert result.exit_code == 1
    message = 'relation "curated.no_such_table" does not exist'
    assert f"{message} [SQLSTATE 42P01]" in result.stderr
    assert _runs(jobs) == {
        "a_broken": [("failed", "42P01", message, True)],
        "b_percent": [SUCCEEDED],
        "c_vacuum": [SUCCEEDED],
        "maintenance": [SUCCEEDED],
        "snapshot": [SUCCEEDED],
    }
    assert invoke("maintain").exit_code == 0, "it is tried again when it is due again"
    assert invoke("maintain", "--job", "a_broken").exit_code == 1
    assert len(_runs(jobs)["a_broken"]) == 2
    listed = invoke("maintain", "--list").stdout
    assert f"a_broken: {message} [SQLSTATE 42P01]" in listed


def test_a_job_that_loses_the_connection(jobs: Engine) -> None:
    """It is logged by another one, and the other jobs run."""
    _job(jobs, "a_suicide", "SELECT pg_terminate_backend(pg_backend_pid())")
    result = invoke("maintain")
    assert result.exit_code == 1
    runs = _runs(jobs)
    ((status, state, message, ended),) = runs["a_suicide"]
    assert (status, ended) == ("failed", True)
    assert state in ("57P01", None), "libpq does not always read why the server closed"
    assert "connection" in message
    assert runs["snapshot"] == runs["maintenance"] == [SUCCEEDED]


def test_two_at_once(jobs: Engine) -> None:
    """One works, the other says so and exits 0; nothing is run twice."""
    _job(jobs, "a_long", "SELECT pg_advisory_lock(42)")
    with session(jobs) as holder:
        holder.cursor().execute("SELECT pg_advisory_lock(42)")
        one = start(mlb_perf("maintain"))
        eventually(lambda: "a_long" in _runs(jobs))
        other = invoke("maintain")
        assert other.exit_code == 0
        running = r"another mlb-perf maintain is running \(pid \d+ of .*\); nothing was done\n"
        assert re.fullmatch(running, other.stdout)
        assert _runs(jobs) == {"a_long": [("running", None, None, False)]}
    output, errors = one.communicate(timeout=60)
    assert (one.returncode, errors) == (0, ""), output
    assert {name: len(runs) for name, runs in _runs(jobs).items()} == {
        "a_long": 1, "maintenance": 1, "snapshot": 1,
    }  # fmt: skip


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_runner_that_is_stopped(jobs: Engine, how: signal.Signals) -> None:
    """Ctrl-C or kill -9: the run is cancelled, by itself or by the next, and is due again."""
    _job(jobs, "a_long", "SELECT pg_advisory_lock(42)")
    with session(jobs) as holder:
        holder.cursor().execute("SELECT pg_advisory_lock(42)")
        runner = start(mlb_perf("maintain"))
        waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        eventually(lambda: rows(jobs, waiting))
        runner.send_signal(how)
        _, errors = runner.communicate(timeout=60)
        assert "Traceback" not in errors
        assert runner.returncode == (130 if how is signal.SIGINT else -how)
        if how is signal.SIGINT:
            assert _runs(jobs)["a_long"] == [("cancelled", None, "interrupted", True)]
        _end_sessions_of_runners(jobs)
    assert invoke("maintain").exit_code == 0
    first, second = _runs(jobs)["a_long"]
    assert (first[0], first[3]) == ("cancelled", True)
    assert second == SUCCEEDED


def _end_sessions_of_runners(engine: Engine) -> None:
    """A server notices that a killed client is gone only when it next speaks to it."""
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        f" AND classid::bigint = {KEY >> 32} AND objid::bigint = {KEY & 0xFFFFFFFF}"
    )
    eventually(lambda: not rows(engine, query))


def test_list_and_schedule(jobs: Engine) -> None:
    before = invoke("maintain", "--list").stdout.splitlines()
    assert before[0].split() == ["job", "every", "last", "run", "status", "next", "due"]
    assert [line.split() for line in before[1:]] == [
        ["maintenance", "1", "h", "-", "-", "now"],
        ["snapshot", "5", "min", "-", "-", "now"],
    ]
    assert _runs(jobs) == {}, "--list runs nothing"
    said = invoke("maintain", "--schedule")
    assert said.exit_code == 0
    for scheduler in ("# crontab; ", "# systemd; ", "# kubernetes; "):
        assert f"{scheduler}the extension pg_cron is not installed in this database" in said.stdout
    assert "*/5 * * * * MLB_PERF_DATABASE_URL=" in said.stdout
    assert _runs(jobs) == {}
    run(jobs, "UPDATE performance_monitoring.maintenance_jobs SET is_enabled = false"
        " WHERE name = 'snapshot'")  # fmt: skip
    try:
        assert invoke("maintain", "--list").stdout.splitlines()[2].endswith("disabled")
        assert invoke("maintain").exit_code == 0
        assert "snapshot" not in _runs(jobs)
    finally:
        run(jobs, "UPDATE performance_monitoring.maintenance_jobs SET is_enabled = true")


def test_a_job_that_there_is_not(jobs: Engine) -> None:
    with pytest.raises(
        MaintenanceFailed, match=r"unknown maintenance job nonsense; .*: maintenance, snap"
    ):
        invoke("maintain", "--job", "nonsense", "--job", "snapshot")
    assert _runs(jobs) == {}


def test_a_role_without_the_rights(jobs: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "mlb_perf_test_stranger"
    run(jobs, f"DROP ROLE IF EXISTS {name}", f"CREATE ROLE {name} LOGIN PASSWORD 'stranger'",
        f"GRANT pg_monitor TO {name}",
        f"GRANT USAGE ON SCHEMA performance_monitoring TO {name}")  # fmt: skip
    url = jobs.url.set(username=name, password="stranger")
    monkeypatch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
    try:
        assert "snapshot" in invoke("maintain", "--list").stdout
        with pytest.raises(MaintenanceFailed, match=r"\[SQLSTATE 42501\]; run maintenance as"):
            invoke("maintain")
    finally:
        run(jobs, f"DROP OWNED BY {name}", f"DROP ROLE {name}")
    assert _runs(jobs) == {}
