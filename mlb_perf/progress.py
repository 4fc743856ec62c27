"""The progress of a long step: a bar on a terminal, a line every ten seconds in a log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

from mlb_perf.formatting import LONGEST_VALUE, printable

log = logging.getLogger("mlb_perf.progress")

_LINE_EVERY_SECONDS = 10.0

Say = Callable[[str], None]
"""Where a long work says what it does, a line each."""


def silent(_line: str) -> None:
    """A :data:`Say` for work that nobody watches."""


class Shown(Protocol):
    """Receives the progress of a step."""

    def update(self, note: str, done: float = 0, total: float | None = None) -> None:
        """``note`` in words; ``done`` of ``total`` in any unit, if that is known."""

    def say(self, line: str) -> None:
        """A line that stays, above the bar."""


@contextmanager
def progress(what: str) -> Iterator[Shown]:
    """A bar if standard error is a terminal, else lines through logging."""
    from rich.console import Console  # most starts of a command show no progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(what, console)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        yield _Bar(what, bar)


class _Bar:
    def __init__(self, what: str, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task(printable(what, LONGEST_VALUE), total=None, note="")

    def update(self, note: str, done: float = 0, total: float | None = None) -> None:
        self.bar.update(self.task, completed=done, total=total, note=printable(note))

    def say(self, line: str) -> None:
        self.bar.console.out(printable(line), highlight=False)


class _Lines:
    def __init__(self, what: str, console: Console) -> None:
        self.what = printable(what, LONGEST_VALUE)
        self.console = console
        self.said = time.monotonic()

    def update(self, note: str, done: float = 0, total: float | None = None) -> None:
        if time.monotonic() - self.said >= _LINE_EVERY_SECONDS:
            self.said = time.monotonic()
            part = f" {100 * done / total:.0f} %" if total else ""
            log.info("%s:%s %s", self.what, part, note)

    def say(self, line: str) -> None:
        self.console.out(printable(line), highlight=False)
