"""``mlb-perf status --watch``: into a pipe and on a terminal, until Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from tests.support.processes import heed_interrupts, mlb_perf, start
from tests.support.sql import run
from tests.support.waiting import eventually


@pytest.mark.usefixtures("watched")
def test_watching_into_a_pipe() -> None:
    """One JSON object a line, until Ctrl-C, which ends it with 130."""
    process = start(mlb_perf("status", "--json", "--watch", "0.1"))
    assert process.stdout is not None
    moments = [json.loads(process.stdout.readline())["database"]["taken_at"] for _ in range(2)]
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert moments[0] < moments[1]
    assert (process.returncode, errors) == (130, "")


def test_watching_on_a_terminal(watched: Engine) -> None:
    """The screen is given back at the end, and a server that comes back is asked again."""
    controller, terminal = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    process = subprocess.Popen(
        mlb_perf("status", "--watch", "0.1"), stdout=terminal, stderr=terminal, stdin=terminal,
        env=environment, preexec_fn=heed_interrupts,
    )  # fmt: skip
    os.close(terminal)
    shown = _read_until(controller, b"blocking_locks")
    assert b"\x1b[?1049h" in shown
    with _closed(watched):
        _read_until(controller, b"cannot connect")
    _read_until(controller, b"blocking_locks")
    process.send_signal(signal.SIGINT)
    rest = _read_until(controller, b"\x1b[?1049l")
    assert b"Traceback" not in rest
    assert process.wait(timeout=30) == 130
    os.close(controller)


@contextmanager
def _closed(engine: Engine) -> Iterator[None]:
    """Nobody can connect to the database."""
    other = create_engine(engine.url.set(database="postgres"), poolclass=NullPool)
    allow = f"ALTER DATABASE {engine.url.database} ALLOW_CONNECTIONS"
    run(other, f"{allow} false")
    try:
        yield
    finally:
        run(other, f"{allow} true")
        other.dispose()


def _read_until(descriptor: int, sign: bytes) -> bytes:
    """What a terminal is sent, up to a sign, which must come."""
    read = b""

    def came() -> bool:
        nonlocal read
        read += os.read(descriptor, 65536)
        return sign in read

    eventually(came, seconds=30)
    return read
