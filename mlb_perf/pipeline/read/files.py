"""Bytes of a file as lines and as one text, unpacked if they are gzip."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from mlb_perf.errors import LoadFailed
from mlb_perf.formatting import in_words
from mlb_perf.pipeline.read.limits import USUAL, Limits
from mlb_perf.pipeline.read.raw import Raw
from mlb_perf.pipeline.records import TEXT_KEPT

HEAD_BYTES = 256 * 1024
"""How much of a file is looked at to recognise its source."""

_GZIP = b"\x1f\x8b"
_CHUNK = 1024 * 1024
_ANY_RATIO = 2 * _CHUNK
"""Bytes up to which a gzip file may unpack to any multiple of its size."""
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


class _Rest:
    """The pieces of a line whose end has not come; of one that is too long the beginning alone."""

    def __init__(self, longest: int) -> None:
        self.size = 0
        self._longest = longest
        self._pieces: list[bytes] = []

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size <= self._longest:
            self._pieces.append(piece)
        else:
            del self._pieces[1:]

    def line(self, number: int, problem: str | None = None) -> Line:
        data = b"".join(self._pieces)
        if self.size <= self._longest:
            return Line(number, data.removesuffix(b"\r"), problem)
        most = in_words(self._longest, "bytes")
        told = f"it is longer than {most}; if it is sound, say --limit line="
        return Line(number, data[:TEXT_KEPT], problem or told)


class InputFile:
    """A file that is read once, from its beginning to its end, so a pipe will do.

    ``on_bytes`` gets the number of bytes read so far, compressed ones for gzip.
    ``encoding`` is what the bytes are turned into UTF-8 from, where they are not.
    Memory is bounded by ``limits``: what exceeds them ends the file or spoils its line.
    Raises :class:`~mlb_perf.errors.LoadFailed` where it cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        on_bytes: Callable[[int], None] | None = None,
        encoding: str = "",
        limits: Limits = USUAL,
    ) -> None:
        self._path = path
        self._limits = limits
        self._unpacked = 0
        self._on_bytes = on_bytes
        self._decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
        with ExitStack() as stack:
            try:
                self._raw = stack.enter_context(Raw(path, limits.wait))
                raw = stack.enter_context(io.BufferedReader(self._raw, _CHUNK))
                packed = raw.peek(2)[:2] == _GZIP
            except OSError as error:
                raise LoadFailed(f"{path} cannot be read: {error.strerror}") from error
            self._data: BinaryIO = raw
            self._is_packed = packed
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
        size = sum(map(len, self._ahead))
        ends = sum(chunk.count(b"\n") for chunk in self._ahead)
        while not self._ended and size <= self._limits.line:
            if size >= HEAD_BYTES and ends >= newlines:
                break
            chunk = self._read()
            self._ahead.append(chunk)
            self._ended = not chunk
            size, ends = size + len(chunk), ends + chunk.count(b"\n")
        return b"".join(self._ahead).removeprefix(_MARK)

    def lines(self) -> Iterator[Line]:
        """The lines, blank ones too. Where the data break off, the last one says so."""
        number, rest, first = 0, _Rest(self._limits.line), True
        for chunk in self._chunks():
            if first:
                chunk, first = chunk.removeprefix(_MARK), False
            *complete, tail = chunk.split(b"\n")
            if complete:
                number += 1
                rest.add(complete[0])
                yield rest.line(number)
                rest = _Rest(self._limits.line)
            for data in islice(complete, 1, None):
                number += 1
                yield Line(number, data.removesuffix(b"\r"))
            rest.add(tail)
        if self._problem or rest.size:
            yield rest.line(number + 1, self._problem)

    def whole(self) -> Line:
        """All of it, as if it were one line."""
        rest = _Rest(self._limits.line)
        for chunk in self._chunks():
            rest.add(chunk)
        found = rest.line(1, self._problem)
        return found._replace(data=found.data.removeprefix(_MARK))

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
        if self._on_bytes is not None:
            self._on_bytes(self._raw.count)
        if self._is_packed and self._is_too_much(len(chunk)):
            return b""
        return self._as_utf8(chunk) if self._decoder else chunk

    def _is_too_much(self, count: int) -> bool:
        """Whether the gzip data unpack to more than a file may; the rest is not read."""
        self._unpacked += count
        limits = self._limits
        if self._unpacked > limits.unpacked:
            most = in_words(limits.unpacked, "bytes")
            self._problem = f"it unpacks to more than {most}; if it is sound, say --limit unpacked="
        elif self._unpacked > max(_ANY_RATIO, limits.ratio * self._raw.count):
            self._problem = (
                f"it unpacks to more than {limits.ratio} times its size; if it is sound, say "
                "--limit ratio="
            )
        return self._problem is not None

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
