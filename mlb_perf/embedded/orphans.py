"""Sessions that outlived a killed server and keep its shared memory, so that none can start."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)


def end_orphans(data: Path) -> None:
    """Tell the sessions of a server that is gone to end at once.

    An idle one notices by itself; one that computes may not for hours. SIGQUIT is what the
    server would have sent them, and recovery follows in any case. Linux only: elsewhere nobody
    says which data a session is of, and they are waited for.
    """
    for pid in _orphans(data):
        log.info("ending process %d, a session of the killed server of %s", pid, data)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)


def _orphans(data: Path) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at, or be somebody else's.
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            title = (entry / "cmdline").read_bytes()
            if title.startswith(b"postgres: ") and (entry / "cwd").readlink() == data:
                yield int(entry.name)
