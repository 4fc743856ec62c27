"""The bytes of a file or pipe, counted, and waited for with a limit."""

from __future__ import annotations

import io
import os
import select
import stat
from pathlib import Path
from typing import Any

from mlb_perf.errors import LoadFailed


class Raw(io.RawIOBase):
    """A file that is open for reading; ``count`` is how many bytes were read.

    Raises OSError, and :class:`~mlb_perf.errors.LoadFailed` if a pipe brings nothing for
    ``wait`` seconds, or has no writer for so long.
    """

    def __init__(self, path: Path, wait: float) -> None:
        super().__init__()
        self.count = 0
        self._path = path
        self._wait = wait
        # Without O_NONBLOCK to open a pipe waits for its writer.
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        os.set_blocking(self._descriptor, True)
        mode = os.fstat(self._descriptor).st_mode
        if stat.S_ISDIR(mode):
            self.close()
            raise IsADirectoryError(21, os.strerror(21), str(path))
        self._is_waited_for = not stat.S_ISREG(mode)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._is_waited_for and not select.select([self._descriptor], [], [], self._wait)[0]:
            raise LoadFailed(
                f"{self._path} brought nothing for {self._wait:g} s; end its writer, or wait "
                "longer with --limit wait=SECONDS"
            )
        got = os.readv(self._descriptor, [buffer])
        self.count += got
        return got

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()
