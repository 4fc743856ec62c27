"""Bringing the server up, whatever state its home is in. The caller holds the home's lock."""

from __future__ import annotations

import logging
import os
import socket
import time
from dataclasses import replace
from pathlib import Path

from mlb_perf.embedded import database, postmaster
from mlb_perf.embedded.account import Account, account_for
from mlb_perf.embedded.binaries import Binaries
from mlb_perf.embedded.cluster import (
    binaries_for,
    last_lines,
    make_cluster,
    make_reachable,
    write_settings,
)
from mlb_perf.embedded.files import State, read_state, write_state
from mlb_perf.embedded.layout import SOCKET_NAME, Layout, prepare_socket_directory
from mlb_perf.embedded.orphans import end_orphans
from mlb_perf.embedded.process import run
from mlb_perf.embedded.values import Started
from mlb_perf.errors import ConfigurationError, EmbeddedServerError

log = logging.getLogger(__name__)

# Recovery after a crash replays up to max_wal_size of log.
START_SECONDS = 600
STOP_SECONDS = 600
_ORPHAN_SECONDS = 15
_LARGEST_LOG = 16 * 1024**2


def bring_up(layout: Layout, tcp_port: int | None, lock: int) -> Started:
    """Make what is absent and start the server if it does not run.

    ``tcp_port``: None keeps to the socket, unless the server that crashed had TCP; 0 is the port
    of last time or a free one. Raises :class:`EmbeddedServerError`,
    :class:`ConfigurationError`, OSError.
    """
    found = postmaster.wait_until_ready(layout.data, START_SECONDS)
    reason = "" if found is None else _why_restart(layout.data, found, tcp_port)
    if found is not None and not reason and _serves(layout, found):
        return Started(False, False, False, found.tcp_port)
    port = _port(read_state(layout.state), tcp_port)
    if found is not None:
        postmaster.stop(layout.data, STOP_SECONDS)
    created = _start(layout, port, lock)
    return Started(created, True, bool(reason), port, reason)


def _serves(layout: Layout, found: postmaster.Postmaster) -> bool:
    """Make what the running server lacks; False if it turns out to be ending."""
    try:
        database.make_database(found.socket_directory or layout.socket_directory())
    except EmbeddedServerError:
        # A process that was killed a moment ago is still listed.
        time.sleep(0.5)
        if postmaster.running(layout.data) is not None:
            raise
        return False
    return True


def _why_restart(data: Path, found: postmaster.Postmaster, asked: int | None) -> str:
    program = postmaster.program_of(data)
    if program is not None and not program.exists():
        return f"its program {program} is gone"
    if asked is not None and found.tcp_port is None:
        return "it listened on its socket only"
    if asked and asked != found.tcp_port:
        return f"it listened on port {found.tcp_port}"
    return ""


def _start(layout: Layout, tcp_port: int | None, lock: int) -> bool:
    """Start the server that does not run; True if its cluster had to be made first."""
    binaries = binaries_for(layout)
    account = account_for(layout.data)
    make_reachable(layout, binaries, account)
    created = layout.made_by is None
    if created:
        make_cluster(layout, binaries, account, lock)
    directory = _socket_directory(layout, account)
    write_settings(layout, binaries, account, directory, tcp_port)
    next_state = _next_state(layout, directory, tcp_port)
    # Where the socket is must be known even of a start that is killed; TCP only if it came up.
    write_state(layout.state, replace(next_state, tcp=False), account)
    _clear_leftovers(layout, directory)
    _launch(layout, binaries, account)
    write_state(layout.state, next_state, account)
    _keep_socket_name(layout.data, directory)
    database.make_database(directory)
    if tcp_port is not None:
        database.set_password(directory, layout.password, account)
    return created


def _socket_directory(layout: Layout, account: Account) -> Path:
    directory = layout.socket_directory()
    prepare_socket_directory(directory, layout, account)
    return directory


def _next_state(layout: Layout, directory: Path, tcp_port: int | None) -> State:
    kept = read_state(layout.state).tcp_port if tcp_port is None else tcp_port
    return State(str(directory), kept, tcp_port is not None)


def _port(state: State, asked: int | None) -> int | None:
    if asked is None and not state.tcp:
        return None
    if asked:
        if not 1024 <= asked < 65536:
            raise ConfigurationError(
                f"{asked} is no port that a user's server may take; name one from 1024 to 65535"
            )
        if not _is_free(asked):
            raise EmbeddedServerError(
                f"port {asked} of 127.0.0.1 is taken; name another with --port, or none for a "
                f"free one"
            )
        return asked
    # One that was on when the server was killed is held until its processes have ended.
    if state.tcp_port and _is_free(state.tcp_port, _ORPHAN_SECONDS if state.tcp else 0):
        return state.tcp_port
    port = _free_port()
    if state.tcp_port:
        log.warning("port %d of 127.0.0.1 is taken; using %d", state.tcp_port, port)
    return port


def _is_free(port: int, seconds: float = 0) -> bool:
    """Whether nobody listens on the port, or has ceased to within ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _clear_leftovers(layout: Layout, directory: Path) -> None:
    """Remove what a server that was killed left: its pid file, its socket, the socket's lock.

    PostgreSQL takes a live process of this user's with the number in one of these for a server
    and refuses to start. By now it is known that none of ours runs.
    """
    stale = layout.data / postmaster.PID_FILE
    if stale.exists():
        log.info("removing %s: the server it names runs no more", stale)
    for file in (stale, *directory.glob(".s.PGSQL.*")):
        file.unlink(missing_ok=True)


def _launch(layout: Layout, binaries: Binaries, account: Account) -> None:
    """Run ``pg_ctl start`` and wait; again while sessions of a killed server are still ending."""
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while True:
        logged = _open_log(layout.log, account)
        done = run(
            [binaries.program("pg_ctl"), "start", "-w", "-t", str(START_SECONDS), "-s",
             "-D", layout.data, "-l", layout.log],
            account, layout.home,
        )  # fmt: skip
        if done.returncode == 0:
            return
        said = _log_since(layout.log, logged) or done.stdout
        if "shared memory block" not in said or time.monotonic() > deadline:
            break
        end_orphans(layout.data)
        time.sleep(0.2)
    raise EmbeddedServerError(
        f"the embedded PostgreSQL in {layout.home} did not start; {layout.log} ends with: "
        f"{last_lines(said)}"
    )


def _open_log(file: Path, account: Account) -> int:
    """Make the log, or set aside one that has grown; its size in bytes."""
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


def _keep_socket_name(data: Path, directory: Path) -> None:
    """Let the socket's URL be the same with TCP: PostgreSQL names the socket by its TCP port."""
    found = postmaster.read_pid_file(data)
    usual = directory / SOCKET_NAME
    if found is not None and found.port and not usual.exists():
        usual.symlink_to(f".s.PGSQL.{found.port}")
