"""What the tests of the embedded server share."""

from __future__ import annotations

import fcntl
import os
import pwd
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, text
from typer.testing import CliRunner, Result

from mlb_perf.cli import db
from mlb_perf.embedded import EmbeddedServer

AS_ROOT = os.geteuid() == 0
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
# Imported before a test changes to a user that may not read the standard library.
LAZY = (fcntl, pwd, resource)

START = """
import sys
from pathlib import Path
from mlb_perf.embedded import EmbeddedServer
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
    """The first column of the first row."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            return connection.execute(text(question)).scalar()
    finally:
        engine.dispose()


def do(url: URL, statement: str) -> None:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def kill(server: EmbeddedServer) -> None:
    """Kill the postmaster as a crash does, and wait until it is gone."""
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not server.status().running)


def until(happened: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


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


def mlb_perf(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "mlb_perf", "db", *words],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def here(*words: str) -> Result:
    """The same in this process, which takes a second less; errors come as they were raised."""
    return CliRunner().invoke(db.app, words)
