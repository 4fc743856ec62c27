"""Processor and processor time of the server's process: Linux, over the socket.

On a machine that others use a long statement is put aside more often than a short one, so
that no probe shows how much of its time was waiting. Processor time has no such waiting.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

_ASK = text("SELECT pg_backend_pid() AS pid, inet_server_addr() IS NULL AS is_local")
_TRIES = 20


class Clock:
    """The processor time of one connection's server process; workers of a parallel plan have
    their own."""

    def __init__(self, connection: Connection) -> None:
        row = connection.execute(_ASK).one()
        self.pid: int = row.pid
        process = Path(f"/proc/{self.pid}")
        self._file = process / "schedstat"
        command = process / "cmdline"
        # Another process can have that number if the server is in another container.
        self.is_known = bool(
            row.is_local
            and self._file.exists()
            and command.exists()
            and command.read_bytes().startswith(b"postgres")
        )

    def milliseconds(self) -> float:
        """Since the process began; 0 if that is not known."""
        if not self.is_known:
            return 0.0
        # The answer is here before the process has gone to sleep, and is counted when it has.
        before = self._read()
        for _ in range(_TRIES):
            now = self._read()
            if now == before:
                break
            before = now
        return before / 1e6

    def _read(self) -> int:
        return int(self._file.read_text().split()[0])


@contextmanager
def one_processor(clock: Clock) -> Iterator[bool]:
    """This thread and the connection's server process on one processor; whether the system let it.

    To wake the other one on a processor that sleeps takes as long as a short question, and
    which of the two a process gets may stay so for its life.
    """
    mine = os.sched_getaffinity(0) if clock.is_known else set()
    try:
        if mine:
            os.sched_setaffinity(clock.pid, {max(mine)})
    except (PermissionError, ProcessLookupError):  # of another user, or gone
        mine = set()
    if not mine:
        yield False
        return
    os.sched_setaffinity(0, {max(mine)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, mine)
