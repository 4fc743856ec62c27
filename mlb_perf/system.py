"""The system: memory, processors, the environment of a child, open files, file locks."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from mlb_perf.formatting import MB

log = logging.getLogger(__name__)


def memory_bytes(
    proc_cgroup: Path = Path("/proc/self/cgroup"), mounted: Path = Path("/sys/fs/cgroup")
) -> int:
    """Physical memory, or the smallest limit of this process's control groups if that is less."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([physical, *cgroup_limits(proc_cgroup, mounted)])


def processors() -> int:
    """Processors this process may be scheduled on."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def dev_shm_is_small(directory: Path = Path("/dev/shm")) -> bool:  # noqa: S108  looked at only
    """Whether the file system of POSIX shared memory holds less than 256 MB."""
    return directory.is_dir() and shutil.disk_usage(directory).total < 256 * MB


def cgroup_limits(proc_cgroup: Path, mounted: Path) -> Iterator[int]:
    """Memory limits in bytes of the process's control group and of each group above it.

    Version 1 says "no limit" with a number near 2**63, version 2 with the word ``max``. In a
    container the group's path may be the host's, which is not mounted: only what exists is read.
    """
    for line in proc_cgroup.read_text().splitlines() if proc_cgroup.exists() else []:
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            root, name = mounted, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = mounted / "memory", "memory.limit_in_bytes"
        else:
            continue
        path = PurePosixPath(group.lstrip("/"))
        for directory in (root / path, *((root / p) for p in path.parents)):
            yield from _limit(directory / name)


def _limit(file: Path) -> Iterator[int]:
    if file.is_file():
        limit = file.read_text().strip()
        if limit.isdecimal():
            yield int(limit)


DIRECTORY_SECONDS = 60.0
"""How long another process may keep a directory locked."""

_FOR_OTHERS = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TZ", "TZDIR")


def child_environment(*, switched: bool = False) -> dict[str, str]:
    """This process's environment without libpq's PG* variables, with messages in English.

    ``switched``: for a child of another account, which could read every secret in it; it gets the
    few variables that a program needs.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_")) and name not in ("LANG", "LANGUAGE")
        if not switched or name in _FOR_OTHERS
    }
    return kept | {"LC_ALL": "C"}


@contextmanager
def open_files(wanted: int) -> Iterator[None]:
    """Raise the soft limit on open files, which a child inherits, and put it back."""
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    infinite = resource.RLIM_INFINITY
    most = wanted if hard == infinite else min(wanted, hard)
    if soft == infinite or soft >= most:
        yield
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def locked(path: Path, work: str) -> Iterator[int]:
    """Hold an exclusive ``flock`` on a file; wait while another process, which does ``work``, does.

    Yields the descriptor, which is closed on exec: a server started under the lock does not keep
    it. No time limit: each holder's work has one, and the kernel frees the lock of a killed
    process. Raises OSError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with _held(descriptor, work):
        yield descriptor


@contextmanager
def locked_directory(path: Path, work: str) -> Iterator[None]:
    """:func:`locked` for a directory itself, where a lock file would be left behind.

    Whoever can read the directory can hold that lock, so the wait ends with a TimeoutError.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    with _held(descriptor, work, time.monotonic() + DIRECTORY_SECONDS, path):
        yield


@contextmanager
def _held(
    descriptor: int, work: str, deadline: float | None = None, path: Path | None = None
) -> Iterator[None]:
    import fcntl  # not on Windows

    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("waiting for another process, which %s", work)
            if deadline is None:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            else:
                _lock_until(descriptor, deadline, path)
        yield
    finally:
        os.close(descriptor)


def _lock_until(descriptor: int, deadline: float, path: Path | None) -> None:
    import fcntl  # not on Windows

    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.monotonic() > deadline:
            said = f"a process has locked it for {DIRECTORY_SECONDS:g} s (fuser -v names it)"
            raise TimeoutError(errno.ETIMEDOUT, said, str(path))
        time.sleep(0.05)
