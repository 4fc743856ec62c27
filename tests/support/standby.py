"""A standby of the tests' server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from mlb_perf.embedded import process
from mlb_perf.embedded.account import account_for
from mlb_perf.embedded.cluster import binaries_for
from mlb_perf.embedded.layout import Layout
from mlb_perf.engine import libpq_url
from tests.support.databases import FOR_TESTS, Server


@contextmanager
def standby(server: Server) -> Iterator[URL]:
    """Made by pg_basebackup with all databases; the address of the maintenance database."""
    primary = Path(server.host)
    account = account_for(primary.parent / "data")
    home = Path(tempfile.mkdtemp(prefix="mlb_perf_test_standby_", dir=primary.parents[1]))
    account.own(home)
    find = binaries_for(Layout(primary.parent)).program

    def succeed(program: str, *words: str) -> None:
        done = process.run([find(program), "-D", home / "data", *words], account, home)
        assert done.returncode == 0, done.stdout

    try:
        source = libpq_url(server.url(server.maintenance_dbname))
        succeed("pg_basebackup", "-c", "fast", "-X", "stream", "-R", "-d", source)
        (home / "user.conf").write_text(f"{FOR_TESTS}unix_socket_directories = '{home}'\n")
        succeed("pg_ctl", "-w", "-l", str(home / "log"), "start")
        yield server.url(server.maintenance_dbname).update_query_dict({"host": str(home)})
        succeed("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)
