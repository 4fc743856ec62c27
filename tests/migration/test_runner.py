"""Runners of migrations as processes: at once, killed, interrupted, waiting for locks."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support import processes, sql
from tests.support.databases import engine_on
from tests.support.heads import HEAD
from tests.support.processes import complete, mlb_perf
from tests.support.waiting import WAITING, kill_in_phase, wait_for_rows


def start(*arguments: str) -> subprocess.Popen[str]:
    return processes.start(mlb_perf("alembic", *arguments))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command to its end, with any exit status; it prints no traceback."""
    return complete(mlb_perf("alembic", *arguments))


def assert_at_head() -> None:
    result = run("current", "--check-heads")
    assert (result.returncode, result.stdout.split()) == (0, [HEAD, "(head)"]), result.stderr


def assert_at(revision: str) -> None:
    """What came after it is undone, and it is not."""
    assert run("current").stdout.split()[:1] == [revision]


def said(result: subprocess.CompletedProcess[str]) -> str:
    """Output and errors together."""
    return result.stdout + result.stderr


def patient_ini(folder: Path, root: Path, **options: str) -> str:
    """The project's alembic.ini with other timeouts."""
    text = (root / "alembic.ini").read_text().replace("%(here)s", str(root))
    lines = "\n".join(f"{name} = {value}" for name, value in options.items())
    path = folder / "alembic.ini"
    path.write_text(text.replace("[alembic]\n", f"[alembic]\n{lines}\n", 1))
    return str(path)


@pytest.mark.usefixtures("empty")
def test_four_upgrades_at_once() -> None:
    """One applies, the others wait and find nothing to do; all exit 0."""
    processes = [start("upgrade", "head") for _ in range(4)]
    outputs = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], outputs
    assert sum("Running upgrade 0006 -> 0007" in output for output in outputs) == 1
    assert_at_head()


def test_killed_within_a_revision(
    empty: Engine, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """``kill -9`` of the runner: the next run goes on from the last whole revision."""
    ini = patient_ini(tmp_path, pytestconfig.rootpath, lock_timeout="10min")
    for table, version, to_there, command in (
        ("curated.teams", "0002", "upgrade", ("upgrade", "head")),  # 0003 refers to it
        ("staging.team_aliases", "0007", "downgrade", ("downgrade", "base")),  # it deletes rows
    ):
        assert run(to_there, version).returncode == 0
        with empty.connect() as holder:
            holder.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            kill_in_phase(
                start("-c", ini, *command),
                lambda version=version: (
                    sql.rows(empty, WAITING)  # type: ignore[misc]
                    and sql.rows(
                        empty, f"SELECT FROM alembic_version WHERE version_num = '{version}'"
                    )
                ),
            )
        assert_at(version)
        assert run(*command).returncode == 0
    with empty.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).scalar_one()
    assert tables == 0


def test_interrupt_while_the_server_works(
    head: Engine, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Ctrl-C cancels a statement that waits in the server, and the next run succeeds."""
    ini = patient_ini(tmp_path, pytestconfig.rootpath, lock_timeout="10min")
    assert run("downgrade", "0007").returncode == 0
    with head.connect() as connection:
        connection.exec_driver_sql("LOCK TABLE staging.team_aliases IN ACCESS EXCLUSIVE MODE")
        process = start("-c", ini, "downgrade", "base")
        wait_for_rows(head, WAITING)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        output, errors = process.communicate(timeout=30)
        waited = time.monotonic() - started
    assert process.returncode == 130, output + errors
    assert "Traceback" not in errors, errors
    assert "Interrupted: the running revision is rolled back, or continues" in errors
    assert waited < 20, "the statement was waited for, not cancelled"
    assert_at("0007")
    assert run("downgrade", "base").returncode == 0


def test_lock_that_is_not_given(head: Engine) -> None:
    """Nobody queues behind the downgrade for long: it gives up, says so, and can be run again."""
    assert run("downgrade", "0007").returncode == 0
    with head.connect() as connection:
        connection.exec_driver_sql("LOCK TABLE staging.team_aliases IN ACCESS EXCLUSIVE MODE")
        result = run("downgrade", "base")
    assert result.returncode not in (0, 130)
    assert re.search(r"lock timeout.*\[SQLSTATE 55P03\].*rolled back.*run again", said(result))
    assert_at("0007")
    assert run("downgrade", "base").returncode == 0


def test_another_runner_that_does_not_end(
    empty: Engine, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """After ``runner_timeout`` its session is named, which any role that can connect may be."""
    from mlb_perf.migrate.advisory_lock import KEY

    ini = patient_ini(tmp_path, pytestconfig.rootpath, runner_timeout="300ms")
    stranger = f"runner_stranger{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    sql.run(empty, f"CREATE ROLE {stranger} LOGIN")
    with engine_on(empty.url.set(username=stranger)).connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({KEY})")
        connection.commit()
        result = run("-c", ini, "upgrade", "head")
    sql.run(empty, f"DROP ROLE {stranger}")
    assert result.returncode != 0
    assert f"another migration (pid {pid} of {stranger}, connected for" in said(result)
    assert "or end it with SELECT pg_terminate_backend(pid)" in said(result)
    assert run("upgrade", "head").returncode == 0


@pytest.mark.usefixtures("empty")
def test_bad_timeout_is_named(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    result = run("-c", patient_ini(tmp_path, pytestconfig.rootpath, runner_timeout="soon"),
                 "upgrade", "head")  # fmt: skip
    assert result.returncode != 0
    assert "alembic.ini is 'soon'; write a number and a unit" in said(result)


@pytest.mark.usefixtures("empty")
def test_gate_before_deployment() -> None:
    """``current --check-heads`` and ``check`` fail before the upgrade and pass after it."""
    assert run("current", "--check-heads").returncode != 0
    assert run("upgrade", "head").returncode == 0
    assert_at_head()
    result = run("check")
    assert (result.returncode, result.stdout.strip()) == (0, "No new upgrade operations detected.")
