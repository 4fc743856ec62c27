"""How long work takes, and work in a thread while a block runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def ms_of(work: Callable[[], object]) -> float:
    """Milliseconds of one call; one that raises has none."""
    begun = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begun) / 1e6


@contextmanager
def meanwhile(
    work: Callable[[threading.Event], object],
    stop: Callable[[threading.Thread], object] = lambda _: None,
) -> Iterator[None]:
    """Do the work, which ends when its event is set at the end of the block; its error is raised.

    ``stop`` ends what the thread waits for then, where the event alone cannot.
    """
    ended = threading.Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work(ended)
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        stop(thread)
        thread.join()
    if failed:
        raise failed[0]
