"""What the tests of the embedded server share."""

from __future__ import annotations

import fcntl
import os
import pwd
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from typer.testing import Result

from mlb_perf.embedded import EmbeddedServer
from tests.support.command_line import invoke
from tests.support.databases import engine_on
from tests.support.sql import value
from tests.support.waiting import eventually

AS_ROOT = os.geteuid() == 0
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
# Imported before a test changes to a user that may not read the standard library.
LAZY = (fcntl, pwd, resource)

START = """
import sys
from pathlib import Path
from mlb_perf.embedded import EmbeddedServer
from tests.support.command_line import invoke
from tests.support.databases import engine_on
from tests.support.sql import value
from tests.support.waiting import eventually
server = EmbeddedServer(Path(sys.argv[1]))
done = server.start()
print(done.created, done.started, server.status().pid)
"""


def processes_of(directory: Path) -> list[str]:
    """Command lines that name the directory, of living processes other than this one."""
    said = subprocess.run(
        ["/bin/ps", "-ww", "-A", "-o", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in said.splitlines() if str(directory) in line]


@contextmanager
def moved(made: Path, to: Path) -> Iterator[EmbeddedServer]:
    """The shared cluster under another name for a while."""
    made.rename(to)
    try:
        yield EmbeddedServer(to)
    finally:
        EmbeddedServer(to).stop()
        to.rename(made)


def ask(url: URL, question: str) -> Any:
    """The answer of a query that gives one value."""
    return value(engine_on(url), question)


def kill(server: EmbeddedServer) -> None:
    """Kill the postmaster as a crash does, and wait until it is gone."""
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not server.status().running)


def account() -> dict[str, Any]:
    """The arguments of subprocess for a process of the server's account."""
    if not AS_ROOT:
        return {}
    entry = pwd.getpwnam("mlb_perf")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def another_user(uid: int) -> Iterator[None]:
    """Be another user, wholly but for the way back; only root can."""
    groups = os.getgroups()
    os.setgroups([])
    os.setresgid(uid, uid, 0)
    os.setresuid(uid, uid, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)


def here(*words: str) -> Result:
    """``mlb-perf db`` with these words, in this process."""
    return invoke("db", *words)
