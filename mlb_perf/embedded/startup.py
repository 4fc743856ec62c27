"""Start the server, whatever state its home is in. The caller holds the home's lock."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

from mlb_perf.embedded import database, old_roles, process
from mlb_perf.embedded.account import Account, account_for
from mlb_perf.embedded.binaries import Binaries
from mlb_perf.embedded.cluster import (
    binaries_for,
    last_lines,
    make_cluster,
    make_reachable,
    write_settings,
)
from mlb_perf.embedded.layout import Layout, prepare_socket_directory
from mlb_perf.errors import EmbeddedServerError

log = logging.getLogger(__name__)

# Recovery after a crash replays up to max_wal_size of log.
START_SECONDS = 600
STOP_SECONDS = 600
_ORPHAN_SECONDS = 15
_LARGEST_LOG = 16 * 1024**2


@dataclass(frozen=True)
class Started:
    """The effect of one ``start``; all False if the server ran already and lacked nothing.

    ``created``: the cluster was created. ``started``: the server was started.
    ``restarted``: it ran and had to be stopped first; ``reason`` says why.
    """

    created: bool
    started: bool
    restarted: bool
    reason: str = ""


def bring_up(layout: Layout, lock: int) -> Started:
    """Create what is absent and start the server if it does not run.

    Raises :class:`EmbeddedServerError`, :class:`ConfigurationError`, OSError.
    """
    found = process.wait_until_ready(layout.data, START_SECONDS)
    reason = "" if found is None else _why_restart(layout.data)
    if found is not None and not reason and _serves(layout, found):
        return Started(False, False, False)
    if found is not None:
        process.stop(layout.data, STOP_SECONDS)
    return Started(_start(layout, lock), True, bool(reason), reason)


def _serves(layout: Layout, found: process.Postmaster) -> bool:
    """Create what the running server lacks; False if the server turns out to be stopping."""
    try:
        _fill(found.socket_directory or layout.socket_directory())
    except EmbeddedServerError:
        # A process that was killed a moment ago is still listed.
        time.sleep(0.5)
        if process.running(layout.data) is not None:
            raise
        return False
    return True


def _why_restart(data: Path) -> str:
    program = process.program_of(data)
    if program is not None and not program.exists():
        return f"its program {program} is gone"
    return ""


def _start(layout: Layout, lock: int) -> bool:
    """Start the server; True if its cluster had to be created first."""
    binaries = binaries_for(layout)
    account = account_for(layout.data)
    make_reachable(layout, binaries, account)
    created = layout.made_by is None
    if created:
        make_cluster(layout, binaries, account, lock)
    directory = layout.socket_directory()
    prepare_socket_directory(directory, layout, account)
    write_settings(layout, binaries, account, directory)
    _clear_leftovers(layout, directory)
    _launch(layout, binaries, account)
    _fill(directory)
    return created


def _fill(socket_directory: Path) -> None:
    try:
        database.make_database(socket_directory)
    except EmbeddedServerError:
        if not old_roles.is_old(socket_directory):
            raise
        old_roles.divide(socket_directory)
        database.make_database(socket_directory)


def _clear_leftovers(layout: Layout, directory: Path) -> None:
    """Remove the files of a killed server: its pid file, its socket, the socket's lock.

    If one of these names a live process of this user, PostgreSQL takes that process for a server
    and refuses to start. The caller has made sure that no server runs.
    """
    stale = layout.data / process.PID_FILE
    if stale.exists():
        log.info("removing %s: its server no longer runs", stale)
    for file in (stale, *directory.glob(".s.PGSQL.*")):
        file.unlink(missing_ok=True)


def _launch(layout: Layout, binaries: Binaries, account: Account) -> None:
    """Run ``pg_ctl start`` and wait; retry while sessions of a killed server are still ending."""
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while True:
        logged = _open_log(layout.log, account)
        done = process.run(
            [binaries.program("pg_ctl"), "start", "-w", "-t", str(START_SECONDS), "-s",
             "-D", layout.data, "-l", layout.log],
            account, layout.home,
        )  # fmt: skip
        if done.returncode == 0:
            return
        output = _log_since(layout.log, logged) or done.stdout
        if "shared memory block" not in output or time.monotonic() > deadline:
            break
        process.end_orphans(layout.data)
        time.sleep(0.2)
    raise EmbeddedServerError(
        f"the embedded PostgreSQL in {layout.home} did not start; {layout.log} ends with: "
        f"{last_lines(output)}"
    )


def _open_log(file: Path, account: Account) -> int:
    """Create the log, or set aside one that has grown; its size in bytes."""
    if file.exists() and file.stat().st_size > _LARGEST_LOG:
        file.replace(file.with_name(file.name + ".old"))
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        account.own(file)
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def _log_since(file: Path, size: int) -> str:
    with file.open("rb") as opened:
        opened.seek(size)
        return opened.read().decode(errors="replace")
