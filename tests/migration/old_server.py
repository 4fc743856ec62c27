"""A server that says that it is PostgreSQL 14, which no supported system still has."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


_ANSWERS = {
    b"server_version_num": b"140011",
    b"version()": b"PostgreSQL 14.11",
    b"schema": b"public",
}


def _answer(query: bytes) -> bytes:
    """One row with one text column, no row for types that it lacks, or a bare completion."""
    value = next((text for sign, text in _ANSWERS.items() if sign in query), b"on")
    if not query.upper().startswith((b"SELECT", b"SHOW")):
        return _message(b"C", query.split(b" ")[0].strip(b"\0").upper() + b"\0")
    column = b"c\0" + struct.pack("!IHIhih", 0, 0, 25, -1, -1, 0)
    described = _message(b"T", struct.pack("!H", 1) + column)
    if b"hstore" in query:
        return described + _message(b"C", b"SELECT 0\0")
    return (
        described
        + _message(b"D", struct.pack("!HI", 1, len(value)) + value)
        + _message(b"C", b"SELECT 1\0")
    )


@contextmanager
def old_server() -> Iterator[int]:
    """A server that speaks the protocol and says that it is PostgreSQL 14.

    No supported system still has those binaries, and the refusal comes before
    anything that only a real one could answer.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(listener,), daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            client = listener.accept()[0]
        except OSError:
            return  # closed: the test is over
        with client:
            _converse(client)


def _converse(client: socket.socket) -> None:
    stream = client.makefile("rb")

    def packet() -> bytes:
        size: int = struct.unpack("!I", stream.read(4))[0]
        return stream.read(size - 4)

    while struct.unpack("!I", packet()[:4])[0] != 0x30000:  # TLS or GSS is asked for
        client.sendall(b"N")
    ready = _message(b"Z", b"I")
    settings = {b"server_version": b"14.11", b"client_encoding": b"UTF8", b"DateStyle": b"ISO",
                b"standard_conforming_strings": b"on", b"server_encoding": b"UTF8",
                b"integer_datetimes": b"on", b"TimeZone": b"UTC"}  # fmt: skip
    client.sendall(_message(b"R", struct.pack("!I", 0)))
    for name, value in settings.items():
        client.sendall(_message(b"S", name + b"\0" + value + b"\0"))
    client.sendall(ready)
    while stream.read(1) == b"Q":
        client.sendall(_answer(packet()) + ready)
