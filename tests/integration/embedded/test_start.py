"""What a start does, once, again, and eight times at once."""

from __future__ import annotations

import fcntl
import platform
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.embedded import EmbeddedServer, Started
from tests.integration.embedded.support import (
    START,
    ask,
)
from tests.support.processes import start


def test_each_start_says_what_it_did(first: Started, server: EmbeddedServer) -> None:
    assert first == Started(created=True, started=True, restarted=False)
    assert server.start() == Started(False, True, False)
    assert server.start() == Started(False, False, False)
    assert server.status().running
    assert server.stop()
    assert not server.stop()


def test_what_the_first_start_makes(made: Path, server: EmbeddedServer) -> None:
    server.start()
    assert server.url().render_as_string() == (
        "postgresql+psycopg2://mlb_perf@/mlb_perf?host="
        + str(made / "run").replace("/", "%2F")
        + "&port=5432"
    )
    expected = {
        "max_connections": "600",
        "data_checksums": "on",
        "fsync": "on",
        "listen_addresses": "",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
        "max_locks_per_transaction": "256",
        "constraint_exclusion": "off",
    }
    names = ", ".join(f"'{name}', current_setting('{name}')" for name in expected)
    assert ask(server.url(), f"SELECT json_build_object({names})") == expected
    assert ask(server.url(), "SELECT datcollate FROM pg_database WHERE datname = 'mlb_perf'") == "C"
    status = server.status()
    assert status.running
    assert status.statement_statistics
    assert status.version == server.binaries().version
    assert oct((made / "run").stat().st_mode & 0o777) == "0o700"
    assert oct((made / "server.log").stat().st_mode & 0o777) == "0o600"


def test_statements_are_counted(server: EmbeddedServer) -> None:
    server.start()
    ask(server.url(superuser=True), "SELECT pg_stat_statements_reset()::text")
    ask(server.url(), "SELECT 'counted'")
    counted = "SELECT calls FROM pg_stat_statements WHERE query = 'SELECT $1'"
    assert ask(server.url(), counted) == 1


def test_variables_of_libpq_do_not_matter(
    server: EmbeddedServer, environment: pytest.MonkeyPatch
) -> None:
    for name in ("PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS"):
        environment.setenv(name, "nonsense")
    environment.setenv("LC_ALL", "xx_XX")
    assert server.start().started
    assert server.stop()
    assert not server.stop()


def test_eight_processes_start_one_server(new_home: Path) -> None:
    started = [start((sys.executable, "-c", START, str(new_home))) for _ in range(8)]
    said = [process.communicate()[0].split() for process in started]
    assert [process.returncode for process in started] == [0] * 8
    assert sorted(words[:2] for words in said) == [["False", "False"]] * 7 + [["True", "True"]]
    assert len({words[2] for words in said}) == 1
    with (new_home / "lock").open("r+") as lock:  # the server has not inherited it
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
def test_a_session_keeps_the_memory_of_its_statements(server: EmbeddedServer) -> None:
    """Page faults of a statement whose plan takes some hundred kilobytes: 380 by default."""
    server.start()
    numbers = range(1600)
    values = ", ".join(f"({n})" for n in numbers)
    among = ", ".join(map(str, numbers))
    statement = f"SELECT count(*) FROM (VALUES {values}) AS v (n) WHERE n IN ({among})"
    with create_engine(server.url(), poolclass=NullPool).connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()

        def faults() -> int:
            return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[7])

        for _ in range(3):
            connection.exec_driver_sql(statement)
        before = faults()
        for _ in range(20):
            connection.exec_driver_sql(statement)
        assert faults() - before < 20 * 10
