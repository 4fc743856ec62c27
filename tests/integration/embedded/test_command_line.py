"""`mlb-perf db`."""

from __future__ import annotations

import json
import subprocess

import pytest

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.engine import libpq_url
from tests.integration.embedded.support import here
from tests.support.processes import complete, mlb_perf


def process(*words: str) -> subprocess.CompletedProcess[str]:
    """``mlb-perf db`` as a user runs it."""
    return complete(mlb_perf("db", *words))


def test_the_command_line(server: EmbeddedServer) -> None:
    before = process("status")
    assert (before.returncode, before.stderr) == (3, "")
    assert "running: no\n" in before.stdout
    # psql starts the server, and everything after it is psql's.
    asked = process("psql", "-XAtc", "SHOW max_connections", "-c", "SELECT current_user")
    assert (asked.stdout, asked.stderr) == ("600\nmlb_perf\n", "")
    assert f"was already running (process {server.status().pid})" in here("start").stdout
    status = json.loads(here("status", "--json").stdout)
    assert (status["origin"], status["pid"]) == ("embedded", server.status().pid)
    psql = str(server.binaries().program("psql"))
    command = [psql, here("url").stdout.strip(), "-XAtc", "SELECT 'here'"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"here\n"
    assert here("stop").stdout == f"stopped; the data are in {server.home}\n"
    assert here("stop").stdout.startswith("not running")


def test_the_command_line_speaks_of_the_database_in_use(
    server: EmbeddedServer, environment: pytest.MonkeyPatch
) -> None:
    server.start()
    url = server.url("postgres").set(password="hunter2")
    environment.setenv("MLB_PERF_DATABASE_URL", url.render_as_string(hide_password=False))
    environment.setenv("MLB_PERF_HOME", str(server.home) + "-another")
    assert here("url").stdout == libpq_url(url) + "\n"
    shown = process(
        "psql", "-XAt", "-c", "SELECT current_database()", "-c", r"\! ps -ww -A -o args"
    )
    assert shown.stdout.startswith("postgres\n")
    assert str(url.password) not in shown.stdout
    status = here("status")
    assert status.exit_code == 0
    assert "origin: MLB_PERF_DATABASE_URL" in status.stdout
    assert str(url.password) not in status.stdout
    server.stop()
    status = here("status")
    assert status.exit_code == 3
    assert "No such file or directory" in status.stdout
