"""A standby of the tests' server, or of one of a test's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import URL

from mlb_perf.embedded import process
from mlb_perf.embedded.account import account_for
from mlb_perf.embedded.cluster import binaries_for
from mlb_perf.embedded.layout import Layout
from mlb_perf.engine import libpq_url
from tests.support.databases import FOR_TESTS, Server


def standby(server: Server) -> AbstractContextManager[URL]:
    """Of the tests' server; the address of the maintenance database."""
    primary = server.url(server.maintenance_dbname)
    return standby_of(Path(server.host).parent, primary, FOR_TESTS)


@contextmanager
def standby_of(primary: Path, url: URL, settings: str) -> Iterator[URL]:
    """Made by pg_basebackup, with all databases of the server whose home is named."""
    account = account_for(primary / "data")
    home = Path(tempfile.mkdtemp(prefix="mlb_perf_test_standby_", dir=primary.parent))
    account.own(home)
    find = binaries_for(Layout(primary)).program

    def succeed(program: str, *words: str) -> None:
        done = process.run([find(program), "-D", home / "data", *words], account, home)
        assert done.returncode == 0, done.stdout

    try:
        succeed("pg_basebackup", "-c", "fast", "-X", "stream", "-R", "-d", libpq_url(url))
        (home / "user.conf").write_text(f"{settings}unix_socket_directories = '{home}'\n")
        succeed("pg_ctl", "-w", "-l", str(home / "log"), "start")
        yield url.update_query_dict({"host": str(home)})
        succeed("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)
