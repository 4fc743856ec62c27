"""The server's process: started by pg_ctl, found by its pid file, stopped by a signal."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from mlb_perf.embedded.account import Account
from mlb_perf.errors import EmbeddedServerError
from mlb_perf.system import child_environment, open_files

log = logging.getLogger(__name__)

PID_FILE = "postmaster.pid"

# Where semaphores are file descriptors (macOS) the usual 256 are too few for 600 connections.
_OPEN_FILES = 8192


@dataclass(frozen=True)
class Postmaster:
    """The contents of ``postmaster.pid``; the last fields appear late in the server's start."""

    pid: int
    started_at: datetime
    socket_directory: Path | None
    status: str

    @property
    def ready(self) -> bool:
        """Whether it accepts connections."""
        return self.status == "ready"


_ALLOCATOR = {"MALLOC_TRIM_THRESHOLD_": str(64 << 20), "MALLOC_MMAP_THRESHOLD_": str(32 << 20)}
"""glibc gives memory back to the system as soon as 128 kB are free, so a session takes it page by
page for each statement again: planning over months, a third of the time. These are the highest
values that glibc comes to by itself, after a session has freed one block of 32 MB."""


def run(
    command: Sequence[str | Path],
    account: Account,
    directory: Path,
    *,
    keep_open: Sequence[int] = (),
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as ``account``, in a session of its own.

    So a Ctrl-C in the terminal reaches this process only; it then kills the program's whole
    group. ``keep_open``: file descriptors that the program inherits. Raises OSError.
    """
    with (
        open_files(_OPEN_FILES),
        subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_ALLOCATOR | child_environment(switched=account.switched),
            cwd=directory,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=tuple(keep_open),
            user=account.uid if account.switched else None,
            group=account.gid if account.switched else None,
            extra_groups=[] if account.switched else None,
            umask=0o077,
        ) as process,
    ):
        try:
            output, _ = process.communicate()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, output)


def running(data: Path) -> Postmaster | None:
    """The server that runs on the data; None if the pid file is absent or out of date.

    After a crash or a reboot the pid in the file may belong to any process, or to a zombie.
    """
    found = _read_pid_file(data)
    return found if found is not None and _is_postmaster_of(found.pid, data) else None


def program_of(data: Path) -> Path | None:
    """The ``postgres`` that last started on the data, read from ``postmaster.opts``."""
    try:
        line = os.fsdecode((data / "postmaster.opts").read_bytes())
    except FileNotFoundError:
        return None
    return Path(line.split(' "')[0].strip())


def wait_until_ready(data: Path, seconds: float) -> Postmaster | None:
    """Wait for a server that is starting or stopping; None if there is none.

    Raises :class:`EmbeddedServerError` if it is neither ready nor gone after ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while (found := running(data)) is not None and not found.ready:
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"the server of {data} (process {found.pid}) has been {found.status or 'starting'} "
                f"for {seconds:.0f} s; wait until its log reports that recovery is complete"
            )
        time.sleep(0.05)
    return found


def stop(data: Path, seconds: float) -> bool:
    """Stop the server, ending its sessions, and wait for it; False if none ran.

    Needs no binaries: SIGINT is the signal that ``pg_ctl stop -m fast`` sends. Raises
    :class:`EmbeddedServerError` if it still runs after ``seconds``, OSError.
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
        f"the server of {data} (process {found.pid}) has not stopped within {seconds:.0f} s; wait "
        f"for its last checkpoint, then type mlb-perf db stop again"
    )


def end_orphans(data: Path) -> None:
    """End the sessions of a killed server; they hold its shared memory, so none can start.

    An idle session notices the death of its server, a computing one may not for hours. SIGQUIT
    is the signal that the server would have sent; recovery follows in any case. Linux only:
    other systems do not show which data a session uses, so the caller waits for them.
    """
    for pid in _orphans(data):
        log.info("ending process %d, a session of the killed server of %s", pid, data)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)


def _orphans(data: Path) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        # A process may end while we look at it, or belong to another user.
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            title = (entry / "cmdline").read_bytes()
            if title.startswith(b"postgres: ") and (entry / "cwd").readlink() == data:
                yield int(entry.name)


def _read_pid_file(data: Path) -> Postmaster | None:
    """The pid file; None if it is absent or not yet written."""
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
        socket_directory=Path(lines[4]) if lines[4] else None,
        status=lines[7].strip(),
    )


def _is_postmaster_of(pid: int, data: Path) -> bool:
    """Whether the process is a postgres whose ``-D`` is the data.

    From the command line, which everyone may read: ``/proc/<pid>/cwd`` of another account is
    closed even to root in a container without CAP_SYS_PTRACE. Backends set titles of their own.
    """
    words = _command_line(pid)
    if not words or Path(words[0]).name not in {"postgres", "postmaster"}:
        return False
    named = [Path(after) for word, after in pairwise(words) if word == "-D"]
    # A server started by hand may have a relative -D, which cannot be compared.
    return not named or not named[0].is_absolute() or named[0] == data or _same(named[0], data)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _command_line(pid: int) -> list[str]:
    """The process's arguments; empty if there is no such process or it is a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return []
        return [os.fsdecode(word) for word in line.rstrip(b"\0").split(b"\0")]
    done = subprocess.run(
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return words_of_ps(done.stdout)


def words_of_ps(line: str) -> list[str]:
    """Program, ``-D`` and data from a line of ps; program and data may contain spaces."""
    match = re.fullmatch(r"(.*?/postgres) -D (.*?)(?: -\S.*)?", line.strip())
    return [match[1], "-D", match[2]] if match else line.split()[:1]
