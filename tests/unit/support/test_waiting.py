"""The helper of the kill tests notices a kill that did not land where it should."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import start
from tests.support.waiting import eventually, kill_in_phase

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")


def test_the_last_answer_is_shown() -> None:
    answers = itertools.cycle(["", ""])
    with pytest.raises(AssertionError, match=r"the copy did not hold within 0.05 s: ''"):
        eventually(lambda: next(answers), 0.05, "the copy")


def test_the_first_true_answer_is_returned() -> None:
    answers = iter(["", "copying", "swapped"])
    assert eventually(lambda: next(answers)) == "copying"


def test_a_kill_within_the_phase() -> None:
    process = start(SLEEPS)
    assert kill_in_phase(process, lambda: "copying") == "copying"
    assert process.returncode == -signal.SIGKILL
    process.communicate()


def test_a_process_that_ends_before_its_phase() -> None:
    process = start((sys.executable, "-c", "print('done already')"))
    with pytest.raises(AssertionError, match=r"ended before the kill: status 0.*done already"):
        kill_in_phase(process, lambda: "", seconds=30)


def test_a_process_that_outlives_the_signal(tmp_path: Path) -> None:
    """It handles the interrupt and exits as if nothing had happened."""
    ready = tmp_path / "ready"
    handler = (
        "import signal, sys, time, pathlib; signal.signal(signal.SIGINT, lambda *_: sys.exit(0));"
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(600)"
    )
    process = start((sys.executable, "-c", handler))
    with pytest.raises(AssertionError, match="the kill came too late: status 0"):
        kill_in_phase(process, ready.exists, how=signal.SIGINT)
    process.communicate()


def test_a_kill_after_the_phase() -> None:
    answers = iter(["copying", ""])
    process = subprocess.Popen(SLEEPS)
    with pytest.raises(AssertionError, match="after its phase: 'copying', then ''"):
        kill_in_phase(process, lambda: next(answers))
