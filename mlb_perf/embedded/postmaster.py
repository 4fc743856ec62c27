"""The server process of a data directory: its pid file, and whether it is really that process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from mlb_perf.errors import EmbeddedServerError

PID_FILE = "postmaster.pid"


@dataclass(frozen=True)
class Postmaster:
    """What ``postmaster.pid`` says; the last fields come only when the server is that far."""

    pid: int
    started_at: datetime
    port: int | None
    socket_directory: Path | None
    listen_address: str
    status: str

    @property
    def ready(self) -> bool:
        """Whether it takes connections."""
        return self.status == "ready"

    @property
    def tcp_port(self) -> int | None:
        """Its port on 127.0.0.1, None if it listens on its socket only."""
        return self.port if self.listen_address else None


def running(data: Path) -> Postmaster | None:
    """The server that runs on the data, None if the pid file is absent or tells of the past.

    After a crash or a reboot the file's number may be that of any process, or of a zombie.
    """
    said = read_pid_file(data)
    return said if said is not None and _is_postmaster_of(said.pid, data) else None


def read_pid_file(data: Path) -> Postmaster | None:
    """The pid file as it stands, None if there is none or it is not written yet."""
    try:
        lines = os.fsdecode((data / PID_FILE).read_bytes()).split("\n")
    except FileNotFoundError:
        return None
    if len(lines) < 3 or not lines[0].strip().isdecimal() or not lines[2].strip().isdecimal():
        return None
    lines += [""] * (8 - len(lines))
    return Postmaster(
        pid=int(lines[0]),
        started_at=datetime.fromtimestamp(int(lines[2]), UTC),
        port=int(lines[3]) if lines[3].strip().isdecimal() else None,
        socket_directory=Path(lines[4]) if lines[4] else None,
        listen_address=lines[5].strip(),
        status=lines[7].strip(),
    )


def program_of(data: Path) -> Path | None:
    """The ``postgres`` that was started last on the data, as ``postmaster.opts`` has it."""
    try:
        said = os.fsdecode((data / "postmaster.opts").read_bytes())
    except FileNotFoundError:
        return None
    return Path(said.split(' "')[0].strip())


def wait_until_ready(data: Path, seconds: float) -> Postmaster | None:
    """Wait for a server that is starting or ending; None if there is none.

    Raises :class:`EmbeddedServerError` if it is neither ready nor gone after ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while (found := running(data)) is not None and not found.ready:
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"the server of {data} (process {found.pid}) is {found.status or 'starting'} for "
                f"{seconds:.0f} s already; wait until its log says that recovery is complete"
            )
        time.sleep(0.05)
    return found


def stop(data: Path, seconds: float) -> bool:
    """Stop the server, ending its sessions, and wait for it; False if none ran.

    By signal, so that it needs no binaries: SIGINT is what ``pg_ctl stop -m fast`` sends.
    Raises :class:`EmbeddedServerError` if it still runs after ``seconds``, OSError.
    """
    found = running(data)
    if found is None:
        return False
    try:
        os.kill(found.pid, signal.SIGINT)
    except ProcessLookupError:
        return True
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _is_postmaster_of(found.pid, data):
            return True
        time.sleep(0.02)
    raise EmbeddedServerError(
        f"the server of {data} (process {found.pid}) has not stopped in {seconds:.0f} s; wait for "
        f"its last checkpoint and type mlb-perf db stop again"
    )


def _is_postmaster_of(pid: int, data: Path) -> bool:
    """Whether the process is a postgres whose ``-D`` is the data.

    From the command line, which all may read: ``/proc/<pid>/cwd`` of another account is closed
    even to root in a container without CAP_SYS_PTRACE. Backends have titles of their own there.
    """
    words = _command_line(pid)
    if not words or Path(words[0]).name not in {"postgres", "postmaster"}:
        return False
    named = [Path(after) for word, after in pairwise(words) if word == "-D"]
    # Someone who starts it by hand may name the data in a way that cannot be compared.
    return not named or not named[0].is_absolute() or named[0] == data or _same(named[0], data)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _command_line(pid: int) -> list[str]:
    """The process's arguments, empty if there is no such process or it is a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            said = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return []
        return [os.fsdecode(word) for word in said.rstrip(b"\0").split(b"\0")]
    done = subprocess.run(
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return words_of_ps(done.stdout)


def words_of_ps(said: str) -> list[str]:
    """Program, ``-D`` and data from a line of ps: only spaces part them, and both may have some."""
    match = re.fullmatch(r"(.*?/postgres) -D (.*?)(?: -\S.*)?", said.strip())
    return [match[1], "-D", match[2]] if match else said.split()[:1]
