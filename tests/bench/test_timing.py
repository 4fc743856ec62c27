"""Work beside a block: it ends with the block, and its error is not lost."""

from __future__ import annotations

import threading

import pytest

from mlb_perf.bench.tools.timing import meanwhile


def test_it_ends_with_the_block() -> None:
    turns: list[int] = []
    began = threading.Event()

    def work(ended: threading.Event) -> None:
        while not ended.wait(0.001):
            turns.append(1)
            began.set()

    with meanwhile(work):
        assert began.wait(5)
    count = len(turns)
    assert count > 0
    threading.Event().wait(0.02)
    assert len(turns) == count


def test_its_error_is_raised_after_the_block() -> None:
    did: list[str] = []

    def work(_ended: threading.Event) -> None:
        raise LookupError("no rows")

    def beside() -> None:
        with meanwhile(work):
            did.append("the block")

    with pytest.raises(LookupError, match="no rows"):
        beside()
    assert did == ["the block"]


def test_what_it_waits_for_can_be_ended() -> None:
    gate = threading.Event()
    with meanwhile(lambda _ended: gate.wait(30), lambda _thread: gate.set()):
        pass
    assert gate.is_set()
