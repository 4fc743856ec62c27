"""The server is killed, its files are stale, its makers are interrupted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import create_engine, text

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.engine import libpq_url
from tests.integration.embedded.support import (
    START,
    account,
    ask,
    kill,
    processes_of,
)
from tests.support.databases import engine_on
from tests.support.processes import heed_interrupts
from tests.support.sql import run
from tests.support.waiting import eventually


def test_a_killed_server_starts_again_with_its_data(
    server: EmbeddedServer, request: pytest.FixtureRequest
) -> None:
    server.start()
    run(engine_on(server.url()), "CREATE TABLE kept AS SELECT 42 AS answer")
    # One session notices the death of its server, the other computes on and must be ended.
    for statement in (
        "SELECT pg_sleep(600)",
        "SELECT count(*) FROM generate_series(1, 1e5), generate_series(1, 1e6)",
    ):
        session = psycopg2.connect(libpq_url(server.url()), async_=True)
        request.addfinalizer(session.close)
        eventually(lambda: session.poll() == psycopg2.extensions.POLL_OK)  # noqa: B023  called here
        session.cursor().execute(statement)
    kill(server)
    assert server.start().started
    assert ask(server.url(), "SELECT answer FROM kept") == 42


def test_pid_files_of_another_living_process_are_stale(server: EmbeddedServer) -> None:
    server.start()
    kept = (server.home / "data/postmaster.pid").read_text().split("\n", 1)[1]
    kill(server)
    eventually(lambda: not processes_of(server.home))
    with subprocess.Popen(["sleep", "600"], **account()) as sleeper:
        try:
            (server.home / "data/postmaster.pid").write_text(f"{sleeper.pid}\n{kept}")
            (server.home / "run/.s.PGSQL.5432.lock").write_text(f"{sleeper.pid}\n{kept}")
            assert not server.status().running
            assert not server.stop()
            assert server.start().started
            assert sleeper.poll() is None
        finally:
            sleeper.kill()


def test_pid_of_a_server_with_other_data_is_stale(server: EmbeddedServer, base: Path) -> None:
    other = EmbeddedServer(base / "other")
    subprocess.run(["cp", "-a", str(server.home), str(other.home)], check=True)
    server.start()
    shutil.copy(server.home / "data/postmaster.pid", other.home / "data/postmaster.pid")
    assert not other.status().running
    assert other.start().started
    try:
        assert {server.status().pid, other.status().pid}.isdisjoint({None})
        assert server.status().pid != other.status().pid
    finally:
        other.stop()


def test_a_start_that_was_killed_leaves_nothing_half_made(new_home: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", START, str(new_home)])
    eventually(lambda: (new_home / "data.new/base").exists())
    process.kill()
    process.wait()
    assert EmbeddedServer().start().created
    assert not (new_home / "data.new").exists()


def test_ctrl_c_while_the_cluster_is_made_undoes_it(new_home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(new_home)],
        process_group=0,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    )
    eventually(lambda: (new_home / "data.new/base").exists())
    os.killpg(process.pid, signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate()[1]
    assert not (new_home / "data.new").exists()
    assert not (new_home / "data").exists()
    eventually(lambda: not processes_of(new_home))


def test_the_server_outlives_who_started_it(server: EmbeddedServer) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", START + "input()", str(server.home)],
        process_group=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        preexec_fn=heed_interrupts,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C in its terminal sends
    process.communicate(timeout=10)
    assert server.status().running
    pid = server.status().pid
    assert pid is not None
    assert os.getsid(pid) != os.getsid(0)


def test_what_was_dropped_is_made_again(server: EmbeddedServer) -> None:
    server.start()
    engine = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE mlb_perf"))
    engine.dispose()
    server.start()
    assert ask(server.url(), "SELECT count(*) > 0 FROM pg_stat_statements")


def test_a_server_whose_program_was_removed_is_restarted(server: EmbeddedServer) -> None:
    server.start()
    (server.home / "data/postmaster.opts").write_text('/gone/bin/postgres "-D" "data"\n')
    done = server.start()
    assert done.restarted
    assert done.reason == "its program /gone/bin/postgres is gone"
    assert not server.start().started
