"""One process at a time makes, starts or stops the server of a home."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold an exclusive ``flock`` on a file, waiting for it as long as another holds it.

    The descriptor is closed on exec, so a server started under the lock does not keep it. No
    time limit: each holder's work has one, and the kernel frees the lock of a killed process.
    Yields the descriptor. Raises OSError.
    """
    import fcntl  # not on Windows

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("waiting for another process that starts or stops the server of %s", path)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
