"""The commands of the package as processes, to be run, interrupted or killed.

They are forks of the tests' process, unless a test is about a new interpreter.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.forks import fork, is_forkable

SECONDS = 120.0
"""How long a command may take on a machine under load."""


def mlb_perf(*words: object) -> tuple[str, ...]:
    """The command line of ``mlb-perf``, by the interpreter that runs the tests."""
    return (sys.executable, "-m", "mlb_perf", *map(str, words))


def alembic(*words: object) -> tuple[str, ...]:
    """The command line of plain ``alembic``, which looks for its ini in the current directory."""
    return (sys.executable, "-m", "alembic", *map(str, words))


def start(
    command: tuple[str, ...], *, new_interpreter: bool = False, **options: Any
) -> subprocess.Popen[str]:
    """A process whose output is read; ``options`` are those of ``Popen``."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    if is_forkable(command) and not new_interpreter:
        return fork(command, **(streams | options))
    return subprocess.Popen(command, text=True, preexec_fn=heed_interrupts, **(streams | options))


@contextmanager
def started(command: tuple[str, ...], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """The same, killed at the end of the block if it is still running."""
    process = start(command, **options)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def complete(
    command: tuple[str, ...], *, seconds: float = SECONDS, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, whatever its exit status; it never prints a traceback."""
    process = start(command, **options)
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert "Traceback" not in f"{output}{errors}", f"{output}{errors}"
    return subprocess.CompletedProcess(command, process.returncode, output or "", errors or "")


def finish(process: subprocess.Popen[str], seconds: float = SECONDS) -> str:
    """What a process printed, which must succeed."""
    output, errors = process.communicate(timeout=seconds)
    assert process.returncode == 0, f"{output}{errors}"
    return f"{output or ''}{errors or ''}"


def succeed(command: tuple[str, ...], **options: Any) -> str:
    """What a command printed, which must succeed."""
    result = complete(command, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def fail(command: tuple[str, ...], **options: Any) -> str:
    """What a command printed, which must fail without a traceback."""
    result = complete(command, **options)
    assert result.returncode != 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def environment(**values: str) -> dict[str, str]:
    """The environment of the tests with other values."""
    return {**os.environ, **values}


def heed_interrupts() -> None:
    """Undo what a shell does for its background jobs: they and their children ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
