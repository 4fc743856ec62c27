"""The stall measurement as values of the result document."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import URL

from mlb_perf.bench.document import NO_MIGRATION, Stall, Window
from mlb_perf.bench.judge.quantiles import quantile, summarise
from mlb_perf.bench.measure import stall
from mlb_perf.bench.tools.clients import Load, Timed
from mlb_perf.settings import URL_VARIABLE

STEP_SECONDS = 0.1
LARGE_ROWS = 100_000
_READ = "read"


def measure(server: URL, load: Load, database: str = stall.DATABASE) -> Stall:
    """Upgrade and downgrade a database of its own on that server while others work in it.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed` if that database is somebody's.
    """
    with _environment(server):
        return plain(stall.measure(load, database))


@contextmanager
def _environment(server: URL) -> Iterator[None]:
    """The measurement names its databases in the environment, for Alembic's sake."""
    before = os.environ.get(URL_VARIABLE)
    os.environ[URL_VARIABLE] = server.render_as_string(hide_password=False)
    try:
        yield
    finally:
        if before is None:
            del os.environ[URL_VARIABLE]
        else:
            os.environ[URL_VARIABLE] = before


def plain(found: stall.Stall) -> Stall:
    """What was measured, with quantiles in the place of statements."""
    start = min((window.began for window in found.windows), default=0.0)
    swaps = [s.duration_ms or 0.0 for s in found.steps if s.operation == "swap_table"]
    return Stall(
        found.load.rows,
        found.load.writers,
        found.load.readers,
        [_window(window, found.times, start) for window in found.windows],
        _longest(found.times, start),
        found.errors[:100],
        found.differences[:100],
        sum(step.status == "retried" for step in found.steps),
        max((step.lock_wait_ms or 0.0 for step in found.steps), default=0.0),
        max(swaps, default=0.0),
        _quantiles(sorted(_during_revisions(found))),
        min(_copies(found), default=0.0),
    )


def _during_revisions(found: stall.Stall) -> Iterator[float]:
    """Milliseconds of each write that began while a revision ran."""
    windows = [window for window in found.windows if window.name != NO_MIGRATION]
    for one in found.times:
        if one.kind != _READ and any(w.began <= one.began < w.ended for w in windows):
            yield one.ms


def _copies(found: stall.Stall) -> Iterator[float]:
    """Rows a second of each copy that was long enough to have a rate."""
    for step in found.steps:
        if step.operation == "copy_rows" and step.rows_affected >= LARGE_ROWS:
            yield round(step.rows_affected / (step.duration_ms / 1000))


def _window(window: stall.Window, times: Iterable[Timed], start: float) -> Window:
    inside = [one for one in times if window.began <= one.began < window.ended]
    writes = sorted(one.ms for one in inside if one.kind != _READ)
    reads = sorted(one.ms for one in inside if one.kind == _READ)
    return Window(
        window.name, round(window.began - start, 3), round(window.ended - start, 3),
        _quantiles(writes), _quantiles(reads),
    )  # fmt: skip


def _quantiles(ordered: list[float]) -> dict[str, float]:
    if not ordered:
        return {"count": 0}
    values = asdict(summarise(ordered)) | {"p999": quantile(ordered, 0.999)}
    return {name: round(value, 3) for name, value in values.items()}


def _longest(times: Iterable[Timed], start: float) -> list[list[float]]:
    """The longest write and read by tenths of a second, by when they began."""
    steps: dict[int, list[float]] = {}
    for one in times:
        worst = steps.setdefault(int((one.began - start) / STEP_SECONDS), [0.0, 0.0])
        place = int(one.kind == _READ)
        worst[place] = max(worst[place], round(one.ms, 2))
    return [[round(step * STEP_SECONDS, 1), *worst] for step, worst in sorted(steps.items())]
