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
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with _held(descriptor, f"starts or stops the server of {path}"):
        yield descriptor


@contextmanager
def locked_directory(path: Path, work: str) -> Iterator[None]:
    """Hold an exclusive ``flock`` on a directory itself: for it, no file is left behind.

    Waits as :func:`locked` does, and says that another process does ``work``. Raises OSError.
    """
    with _held(os.open(path, os.O_RDONLY | os.O_DIRECTORY), work):
        yield


@contextmanager
def _held(descriptor: int, work: str) -> Iterator[None]:
    import fcntl  # not on Windows

    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("waiting for another process that %s", work)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
