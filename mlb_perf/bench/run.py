"""Before and after: create a database, fill it, upgrade it, measure it and its copies, drop it.

Each revision is kept as a copy, so that all of them are measured at the same time, and alike.
Between the first and the last revision, and with the keys alone, only questions are measured.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sqlalchemy import URL, text

from mlb_perf.bench.database import (
    SEEDED_BASELINE,
    copy_of,
    engine_of,
    own_database,
    upgrade,
)
from mlb_perf.bench.document import Document, Run, Stall
from mlb_perf.bench.measure import stall, storage
from mlb_perf.bench.measurements import document, label, measurement, now
from mlb_perf.bench.plan import QUICK_SCALE, Plan, parts_of, revisions_of, with_keys
from mlb_perf.bench.side import Side, effort, measured, with_keys_alone
from mlb_perf.bench.tools import machine, monitoring_history
from mlb_perf.bench.tools.catalogue_runs import Draws
from mlb_perf.bench.tools.clients import Workload
from mlb_perf.dataset import generate
from mlb_perf.engine import connect, execute, migration_engine
from mlb_perf.progress import Say, silent

WRITERS = 2
"""Processes that write the data set."""
STALL_ROWS_A_SEASON = 1_000_000

_MAY_CHECKPOINT = text("SELECT pg_has_role('pg_checkpoint', 'USAGE')")


def bench(server: URL, plan: Plan, command: str, say: Say = silent) -> Document:
    """Measure as planned in a database of the benchmark's own on that server.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed`, :class:`~mlb_perf.errors.ConfigurationError`.
    """
    started, where = now(), machine.machine()
    parts, scales = parts_of(plan), sorted(plan.scale or [QUICK_SCALE if plan.quick else 1.0])
    revisions = revisions_of(plan)
    runs: list[Run] = []
    for scale in scales if any(part != "stall" for part in parts) else ():
        with own_database(server, plan.database, revision=SEEDED_BASELINE, keep=plan.keep) as url:
            draws = Draws(plan.seed, effort(plan).sets)
            side = Side(server, url, plan, parts, scale, "before", say, draws)
            runs += _at_scale(side, revisions)
    stalls = [_stalled(server, plan, max(scales), say)] if "stall" in parts else []
    about = document(server, command, started, where)
    result = dataclasses.replace(about, runs=runs, stalls=stalls)
    before, after = result.run("before"), result.run("after")
    if before and after and before.compacted:
        found = storage.bytes_a_row(before.storage, before.compacted, after.storage)
        title = label(storage.bytes_a_row)
        result.measurements.append(measurement("storage", title, result, found))
    return result


def _at_scale(filled: Side, revisions: Sequence[str]) -> list[Run]:
    """Fill the database, upgrade it and keep a copy of each revision, then measure all of them.

    Measured one after the other, minutes apart, each would have another machine. The last one is
    measured on a copy, too: pages that were written by an upgrade lie all over the shared buffers,
    where each session finds them more slowly than those that were read.
    """
    _fill(filled)
    *earlier, last = revisions
    named = [
        filled.questions_alone(revision) if number else filled
        for number, revision in enumerate(earlier)
    ]
    with ExitStack() as copies:
        sides = [
            copies.enter_context(_kept(side, revision))
            for side, revision in zip(named, earlier, strict=True)
        ]
        sides.append(copies.enter_context(_last(filled, last)))
        runs = measured(sides)
    if with_keys(filled.plan):
        runs.append(with_keys_alone(filled))
    return runs


@contextmanager
def _kept(side: Side, revision: str) -> Iterator[Side]:
    """A copy at that revision, to which the rows come as a user's do, by its migrations."""
    _upgrade(side, revision)
    with _copied(side, revision) as copied:
        yield copied


@contextmanager
def _last(filled: Side, revision: str) -> Iterator[Side]:
    _upgrade(filled, revision)
    with connect(engine_of(filled.url)) as connection:
        for statement in filled.plan.execute or ():
            execute(connection, statement)
    with _copied(dataclasses.replace(filled, label="after"), "after") as copied:
        yield copied


@contextmanager
def _copied(side: Side, name: str) -> Iterator[Side]:
    _settle(side)
    with copy_of(side.server, side.url, name) as url:
        yield dataclasses.replace(side, url=url)


def _upgrade(side: Side, revision: str) -> None:
    side.say(f"upgrade to {revision}")
    upgrade(side.url, revision)


def _fill(side: Side) -> None:
    side.say(f"generate scale {side.scale:g}")
    progress = _tenths(side.say)
    generate(side.url, side.scale, side.plan.seed, workers=WRITERS, progress=progress)
    engine = migration_engine(side.url, {"timezone": "UTC"})
    with connect(engine) as connection, connection.begin():
        monitoring_history.write(connection)


def _tenths(say: Say) -> Callable[[str, int, int], None]:
    """Say how far the data set is ten times, whatever it counts."""
    said = -1

    def progress(what: str, done: int, of: int) -> None:
        nonlocal said
        if of and (tenth := done * 10 // of) > said:
            said = tenth
            say(f"generate, {what}: {done:,} of {of:,}")

    return progress


def _stalled(server: URL, plan: Plan, scale: float, say: Say) -> Stall:
    rows = plan.stall_rows or round(STALL_ROWS_A_SEASON * scale)
    load = Workload(rows, plan.writers, plan.readers, plan.writes_a_second, plan.reads_a_second)
    say(f"stall, {rows:,} raw rows, up and down")
    return stall.measure(server, load, f"{plan.database}_stall", say)


def _settle(side: Side) -> None:
    """Statistics, visibility map and clean pages, so that all sides begin alike."""
    side.say(f"vacuum, {side.label}")
    with connect(engine_of(side.url)) as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
        if connection.execute(_MAY_CHECKPOINT).scalar_one():
            connection.exec_driver_sql("CHECKPOINT")
