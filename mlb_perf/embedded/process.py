"""Running PostgreSQL's programs: a clean environment, no terminal, the right account."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlb_perf.embedded.account import Account

# Where semaphores are file descriptors (macOS) the usual 256 are too few for 600 connections.
_OPEN_FILES = 8192


def child_environment() -> dict[str, str]:
    """This process's environment without libpq's PG* variables, with messages in English."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_")) and name not in ("LANG", "LANGUAGE")
    }
    return kept | {"LC_ALL": "C"}


def run(
    command: Sequence[str | Path],
    account: Account,
    directory: Path,
    *,
    keep_open: Sequence[int] = (),
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as ``account`` in a session of its own.

    A Ctrl-C in the terminal so reaches this process alone; the program's whole group is then
    killed. ``keep_open``: file descriptors the program inherits. Raises OSError.
    """
    with (
        _more_open_files(),
        subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=child_environment(),
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


@contextmanager
def _more_open_files() -> Iterator[None]:
    """Raise the soft limit on open files, which a child inherits, and put it back."""
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    infinite = resource.RLIM_INFINITY
    wanted = _OPEN_FILES if hard == infinite else min(_OPEN_FILES, hard)
    if soft == infinite or soft >= wanted:
        yield
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
