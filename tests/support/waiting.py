"""Wait for a condition, never for a time; and kill a process in a known phase of its work."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Engine

from tests.support.sql import rows

Answer = TypeVar("Answer")
SECONDS = 60.0
"""Long, for a machine under load: a test that passes does not wait this long."""
PAUSE = 0.01
LONGEST_PAUSE = 0.1
"""Most answers come soon; while one does not, the questions become rarer."""


def eventually(ask: Callable[[], Answer], seconds: float = SECONDS, what: str = "") -> Answer:
    """Ask until the answer is true, and return that answer.

    Fails after ``seconds``, with ``what`` was awaited and the last answer.
    """
    pauses = _pauses(seconds)
    while not (answer := ask()):
        if not next(pauses, False):
            awaited = what or "the condition"
            raise AssertionError(f"{awaited} did not hold within {seconds:g} s: {answer!r}")
    return answer


def _pauses(seconds: float) -> Iterator[bool]:
    """Wait before each next element, a little longer each time, until the seconds are over."""
    deadline = time.monotonic() + seconds
    pause = PAUSE
    while time.monotonic() <= deadline:
        time.sleep(pause)
        pause = min(pause * 1.2, LONGEST_PAUSE)
        yield True


def wait_for_rows(
    engine: Engine,
    query: str,
    expected: list[tuple[Any, ...]] | None = None,
    seconds: float = SECONDS,
) -> list[tuple[Any, ...]]:
    """Repeat a query until it gives ``expected``, or any row; the rows."""
    found: list[tuple[Any, ...]] = []

    def came() -> bool:
        nonlocal found
        found = rows(engine, query)
        return bool(found) if expected is None else found == expected

    pauses = _pauses(seconds)
    while not came():
        assert next(pauses, False), f"{query}\ngave {found} for {seconds:g} s"
    return found


def wait_for_no_rows(engine: Engine, query: str, seconds: float = SECONDS) -> None:
    """Repeat a query until it gives no row."""
    wait_for_rows(engine, query, [], seconds)


OTHER_SESSIONS = (
    "SELECT pid, application_name, state, query FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)
"""Of this database alone: other tests may have sessions on the same server."""
WAITING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)
"""The sessions of this database that wait for a lock."""


def kill_in_phase(
    process: subprocess.Popen[Any],
    phase: Callable[[], Answer],
    *,
    how: signal.Signals = signal.SIGKILL,
    seconds: float = SECONDS,
) -> Answer:
    """Kill a process when ``phase`` gives a true answer, and show that it was killed there.

    Fails if the process ends on its own, and if ``phase`` is over once the process is
    gone: its answer must come from something durable, such as a row or a catalog.
    Returns the answer after the kill.
    """

    def reached() -> Answer:
        assert process.poll() is None, f"ended before the kill: {_output(process)}"
        return phase()

    before = eventually(reached, seconds, "the phase of the kill")
    process.send_signal(how)
    process.communicate(timeout=seconds)  # which closes its pipes, too
    assert process.returncode == -how, f"the kill came too late: status {process.returncode}"
    after = phase()
    assert after, f"the kill landed after its phase: {before!r}, then {after!r}"
    return after


def _output(process: subprocess.Popen[Any]) -> str:
    return f"status {process.returncode}, {process.communicate()}"
