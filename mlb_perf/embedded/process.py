"""Running PostgreSQL's programs: a clean environment, no terminal, the right account."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mlb_perf.embedded.account import Account
from mlb_perf.system import child_environment, open_files

# Where semaphores are file descriptors (macOS) the usual 256 are too few for 600 connections.
_OPEN_FILES = 8192


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
        open_files(_OPEN_FILES),
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
