"""Bytes of a file as lines and as one text, unpacked if they are gzip."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from mlb_perf.errors import LoadFailed

HEAD_BYTES = 256 * 1024
"""How much of a file is looked at to recognise its source."""

_GZIP = b"\x1f\x8b"
_CHUNK = 1024 * 1024
_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line without its end. ``problem`` says why it is not what the file holds there."""

    number: int
    data: bytes
    problem: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read in it."""
        return self.problem is None and (not self.data or self.data.isspace())

    @property
    def readable(self) -> str:
        """The line as text that can be shown and stored, whatever its bytes are."""
        return self.data.decode("utf-8", "backslashreplace")


class InputFile:
    """A file that is read once, from its beginning to its end, so a pipe will do.

    ``on_bytes`` gets the number of bytes read so far, compressed ones for gzip.
    ``encoding`` is what the bytes are turned into UTF-8 from, where they are not.
    Raises :class:`~mlb_perf.errors.LoadFailed` where it cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        on_bytes: Callable[[int], None] | None = None,
        encoding: str = "",
    ) -> None:
        self._path = path
        self._on_bytes = on_bytes
        self._decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
        with ExitStack() as stack:
            try:
                raw = stack.enter_context(path.open("rb"))
                packed = raw.peek(2)[:2] == _GZIP
            except OSError as error:
                raise LoadFailed(f"{path} cannot be read: {error.strerror}") from error
            self._raw = raw
            self._data: BinaryIO = raw
            if packed:
                self._data = cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=raw)))
            self._problem: str | None = None
            self._ahead: list[bytes] = []
            self._ended = False
            self._stack = stack.pop_all()

    def __enter__(self) -> InputFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def problem(self) -> str | None:
        """Why what has been read so far ends before its time, if it does."""
        return self._problem

    def head(self) -> bytes:
        """The first bytes; they will be read again by what follows."""
        return self._look(0)[:HEAD_BYTES]

    def first_lines(self) -> list[bytes]:
        """Some lines from the beginning that are not blank, each whole; two, if there are two."""
        seen = self._look(3)
        lines = seen.split(b"\n")
        if not self._ended:
            lines.pop()
        return [line for line in lines if line.strip()]

    def _look(self, newlines: int) -> bytes:
        """The beginning, with at least so many line ends in it, if there are so many."""
        seen = b"".join(self._ahead)
        while not self._ended and (len(seen) < HEAD_BYTES or seen.count(b"\n") < newlines):
            chunk = self._read()
            self._ahead.append(chunk)
            self._ended = not chunk
            seen += chunk
        return seen.removeprefix(_MARK)

    def lines(self) -> Iterator[Line]:
        """The lines, blank ones too. Where the data break off, the last one says so."""
        number, rest, first = 0, [b""], True
        for chunk in self._chunks():
            if first:
                chunk, first = chunk.removeprefix(_MARK), False
            *complete, tail = chunk.split(b"\n")
            if complete:
                complete[0] = b"".join([*rest, complete[0]])
                rest = []
            for data in complete:
                number += 1
                yield Line(number, data.removesuffix(b"\r"))
            rest.append(tail)
        data = b"".join(rest)
        if self._problem or data:
            yield Line(number + 1, data.removesuffix(b"\r"), self._problem)

    def whole(self) -> Line:
        """All of it, as if it were one line."""
        return Line(1, b"".join(self._chunks()).removeprefix(_MARK), self._problem)

    def _chunks(self) -> Iterator[bytes]:
        yield from self._ahead
        self._ahead = []
        while chunk := self._read():
            yield chunk

    def _read(self) -> bytes:
        """The next bytes; none at the end, and none where gzip data are cut off or broken."""
        try:
            # read1, because read would drop what it has when the data break off.
            chunk: bytes = self._data.read1(_CHUNK)  # type: ignore[attr-defined]
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self._problem = f"the gzip data break off here ({error}); get the whole file"
            return b""
        except OSError as error:
            raise LoadFailed(f"{self._path} cannot be read: {error.strerror}") from error
        if self._on_bytes is not None and self._raw.seekable():
            self._on_bytes(self._raw.tell())
        return self._as_utf8(chunk) if self._decoder else chunk

    def _as_utf8(self, chunk: bytes) -> bytes:
        """The chunk in UTF-8; the rest of the file is not read where it cannot be decoded."""
        assert self._decoder is not None
        while True:
            try:
                text = self._decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                raise LoadFailed(f"{self._path} cannot be decoded: {error}") from error
            if text or not chunk:
                return text.encode()
            # A chunk that ends within its first character is not the end of the file.
            chunk = self._data.read1(_CHUNK)  # type: ignore[attr-defined]
