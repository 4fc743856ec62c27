"""What a long step shows: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

log = logging.getLogger("alembic.mlb_perf")

_LINE_EVERY_SECONDS = 10.0


class Screen(Protocol):
    """Where a step says how far it is."""

    def update(self, note: str, done: float = 0, total: float | None = None) -> None:
        """``note`` in words; ``done`` of ``total`` in any unit, if that is known."""


@contextmanager
def screen(what: str) -> Iterator[Screen]:
    """A bar if standard error is a terminal, else lines through logging, ten seconds apart."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(what)
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(), console=console, transient=True,
    ) as bar:  # fmt: skip
        yield _Bar(bar, what)


class _Bar:
    def __init__(self, bar: Progress, what: str) -> None:
        self.bar = bar
        self.task = bar.add_task(what, total=None, note="")

    def update(self, note: str, done: float = 0, total: float | None = None) -> None:
        self.bar.update(self.task, completed=done, total=total, note=note)


class _Lines:
    def __init__(self, what: str) -> None:
        self.what = what
        self.said = time.monotonic()

    def update(self, note: str, done: float = 0, total: float | None = None) -> None:
        if time.monotonic() - self.said >= _LINE_EVERY_SECONDS:
            self.said = time.monotonic()
            part = f" {100 * done / total:.0f} %" if total else ""
            log.info("%s:%s %s", self.what, part, note)
