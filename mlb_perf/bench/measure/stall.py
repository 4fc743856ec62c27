"""Readers and writers at work while a database is upgraded to head and back.

A database of its own is filled at 0007. It goes up and down a revision at a time while clients
insert, update, delete and read; every statement is timed, and the rows are compared at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import URL

from mlb_perf.bench.database import (
    SEEDED_BASELINE,
    downgrade,
    engine_of,
    own_database,
    upgrade,
)
from mlb_perf.bench.document import NO_MIGRATION, Rebuild, Stall, Window
from mlb_perf.bench.judge.quantiles import quantile, summarise
from mlb_perf.bench.tools.clients import Report, Timed, Workload, at_work
from mlb_perf.bench.tools.seeded_rows import differences, digest, seed
from mlb_perf.engine import connect, libpq_url, pinned
from mlb_perf.migrate.config import alembic_config
from mlb_perf.progress import Say, silent

USUAL_SECONDS = 10.0
STEP_SECONDS = 0.1
LARGE_ROWS = 100_000
_READ = "read"
_REPAIR = "repair_copy"
_KEPT = 100
"""Errors and differences that the document lists."""

_STEPS = """
SELECT revision, operation, object_name, status, duration_ms, lock_wait_ms, rows_affected
FROM performance_monitoring.optimization_log ORDER BY log_id
"""


@dataclass(frozen=True)
class Span:
    """One revision, or none: from when to when, seconds since the epoch."""

    name: str
    began: float
    ended: float

    def has(self, one: Timed) -> bool:
        """Whether the statement began within it."""
        return self.began <= one.began < self.ended


def measure(
    server: URL,
    load: Workload,
    database: str,
    say: Say = silent,
    *,
    last: str = "head",
    usual_seconds: float = USUAL_SECONDS,
) -> Stall:
    """Times of statements, and rows lost, during an upgrade and a downgrade.

    Up to the revision ``last`` and back. Raises :class:`~mlb_perf.errors.BenchmarkFailed` if
    there is a database of that name that no benchmark created.
    """
    reports: list[Report] = []
    spans: list[Span] = []
    with (
        own_database(server, database, revision=SEEDED_BASELINE) as url,
        connect(engine_of(url)) as connection,
    ):
        seed(connection, load.rows)
        before = digest(connection)
        with at_work(libpq_url(pinned(url)), load, reports):
            for name, work in _stretches(url, last, usual_seconds):
                say(f"stall, {name}")
                began = time.time()
                work()
                spans.append(Span(name, began, time.time()))
        changed = differences(connection, before, reports)
        steps = connection.exec_driver_sql(_STEPS).all()
    return summed_up(load, spans, reports, changed, steps)


def _stretches(
    url: URL, last: str, usual_seconds: float
) -> Iterator[tuple[str, Callable[[], None]]]:
    """The work of each stretch: first and at the end none, to compare with."""
    script = ScriptDirectory.from_config(alembic_config())
    names = [r.revision for r in script.iterate_revisions(last, SEEDED_BASELINE)]
    yield NO_MIGRATION, lambda: time.sleep(usual_seconds)
    for name in reversed(names):
        yield f"upgrade {name}", lambda name=name: upgrade(url, name)  # type: ignore[misc]
    for name in names:
        yield f"downgrade {name}", lambda: downgrade(url, "-1")
    yield NO_MIGRATION, lambda: time.sleep(usual_seconds)


def summed_up(
    load: Workload,
    spans: Sequence[Span],
    reports: Iterable[Report],
    changed: Sequence[str],
    steps: Sequence[Any],
) -> Stall:
    """The document's values; ``steps`` are rows of the log, which say how long locks were held."""
    times = [one for report in reports for one in report.times]
    errors = [error for report in reports for error in report.errors]
    start = spans[0].began
    migrating = [span for span in spans if span.name != NO_MIGRATION]
    during = [one for one in times if any(span.has(one) for span in migrating)]
    return Stall(
        load.rows,
        load.writers,
        load.readers,
        [_window(span, times, start) for span in spans],
        _longest(times, start),
        errors[:_KEPT],
        list(changed[:_KEPT]),
        sum(step.status == "retried" for step in steps),
        max((step.lock_wait_ms or 0.0 for step in steps), default=0.0),
        max((s.duration_ms or 0.0 for s in steps if s.operation == "swap_table"), default=0.0),
        _quantiles(one for one in during if one.kind != _READ),
        min((r for rows, r in _copies(steps) if rows >= LARGE_ROWS), default=0.0),
        list(_rebuilds(steps)),
        sum(step.operation == _REPAIR for step in steps),
    )


def _copies(steps: Iterable[Any]) -> Iterator[tuple[int, float]]:
    """Rows of each copy, and its rows a second."""
    for step in steps:
        if step.operation == "copy_rows":
            yield step.rows_affected, round(step.rows_affected / (step.duration_ms / 1000))


def _rebuilds(steps: Iterable[Any]) -> Iterator[Rebuild]:
    """Each swap with the copy before it."""
    copies: dict[str, Any] = {}
    for step in steps:
        if step.operation == "copy_rows":
            copies[step.object_name] = step
        elif step.operation == "swap_table" and (copy := copies.pop(step.object_name, None)):
            ((rows, rate),) = _copies([copy])
            yield Rebuild(step.object_name, step.revision, rows, rate, step.duration_ms or 0.0)


def _window(span: Span, times: Iterable[Timed], start: float) -> Window:
    inside = [one for one in times if span.has(one)]
    return Window(
        span.name, round(span.began - start, 3), round(span.ended - start, 3),
        _quantiles(one for one in inside if one.kind != _READ),
        _quantiles(one for one in inside if one.kind == _READ),
    )  # fmt: skip


def _quantiles(times: Iterable[Timed]) -> dict[str, float]:
    ordered = sorted(one.ms for one in times)
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
