"""Work in a thread while a block runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
