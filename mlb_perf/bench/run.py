"""Before and after: create a database, fill it, measure, upgrade it, measure again, drop it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import URL, Connection, text

from mlb_perf.bench.database import (
    SEEDED_BASELINE,
    copy_of,
    engine_of,
    own_database,
    upgrade,
)
from mlb_perf.bench.document import Case, Document, Run, Stall
from mlb_perf.bench.measure import concurrency, latency, stall, storage, write_batches
from mlb_perf.bench.measurements import document, label, measurement, now
from mlb_perf.bench.plan import QUICK_SCALE, Plan, parts_of, revisions_of
from mlb_perf.bench.tools import machine, monitoring_history
from mlb_perf.bench.tools.catalogue_runs import askable
from mlb_perf.bench.tools.clients import Workload
from mlb_perf.dataset import generate
from mlb_perf.engine import connect, execute, migration_engine
from mlb_perf.migrate.config import current_revisions
from mlb_perf.progress import Say, silent
from mlb_perf.queries import CATALOGUE, Query

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
            runs += _at_scale(_Side(server, url, plan, parts, scale, "before", say), *revisions)
    stalls = [_stalled(server, plan, max(scales), say)] if "stall" in parts else []
    about = document(server, command, started, where)
    result = dataclasses.replace(about, runs=runs, stalls=stalls)
    before, after = result.run("before"), result.run("after")
    if before and after and before.compacted:
        found = storage.bytes_a_row(before.storage, before.compacted, after.storage)
        title = label(storage.bytes_a_row)
        result.measurements.append(measurement("storage", title, result, found))
    return result


@dataclass(frozen=True)
class _Side:
    """A database with data of one scale, before or after the upgrade."""

    server: URL
    url: URL
    plan: Plan
    parts: list[str]
    scale: float
    label: str
    say: Say

    def has(self, part: str) -> bool:
        return part in self.parts

    @property
    def is_whole(self) -> bool:
        """In a minute there is time for one side of loading and of many clients."""
        return not self.plan.quick or self.label == "after"


def _at_scale(side: _Side, first: str, last: str) -> list[Run]:
    """Fill the database, measure it, upgrade it, and measure it again."""
    runs = []
    _fill(side)
    # The rows come to a later revision as a user's do, by its migrations.
    upgrade(side.url, first)
    if first != last:
        runs.append(_measured(side))
        side.say(f"upgrade to {last}")
        upgrade(side.url, last)
    with connect(engine_of(side.url)) as connection:
        for statement in side.plan.execute or ():
            execute(connection, statement)
    return [*runs, _measured(dataclasses.replace(side, label="after"))]


def _fill(side: _Side) -> None:
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


def _measured(side: _Side) -> Run:
    """The parts of one side, in their order."""
    started = now()
    with connect(engine_of(side.url)) as connection:
        side.say(f"vacuum, {side.label}")
        _settle(connection)
        (revision,) = current_revisions(connection)
        queries, left_out = askable(connection, CATALOGUE, side.plan.seed)
        run = Run(side.label, revision, side.scale, side.plan.seed, started, left_out=left_out)
        run.storage.extend(storage.measure(connection) if side.has("storage") else ())
        run.latency.extend(_latency(side, connection, queries) if side.has("latency") else ())
    if side.has("concurrency") and side.is_whole:
        _add_concurrency(side, run, queries)
    if side.plan.compacted and side.label == "before":
        side.say("storage, a copy compacted by VACUUM FULL")
        with copy_of(side.server, side.url) as copied:
            run.compacted.extend(storage.compacted(copied))
    if side.has("ingest") and side.is_whole:
        effort = write_batches.QUICK if side.plan.quick else None
        with copy_of(side.server, side.url) as copied:
            run.ingest.extend(write_batches.measure(copied, effort, side.say))
    return dataclasses.replace(run, finished_at=now())


def _latency(side: _Side, connection: Connection, queries: Sequence[Query]) -> list[Case]:
    effort = latency.QUICK if side.plan.quick else None
    return latency.measure(connection, queries, side.plan.seed, effort, side.say)


def _add_concurrency(side: _Side, run: Run, queries: Sequence[Query]) -> None:
    plan = side.plan
    loads, left_out = concurrency.measure(
        side.url, queries, plan.seed, concurrency.QUICK if plan.quick else None,
        with_pooler=not plan.no_pooler, say=side.say,
    )  # fmt: skip
    run.concurrency.extend(loads)
    run.left_out.update(left_out)


def _stalled(server: URL, plan: Plan, scale: float, say: Say) -> Stall:
    rows = plan.stall_rows or round(STALL_ROWS_A_SEASON * scale)
    load = Workload(rows, plan.writers, plan.readers, plan.writes_a_second, plan.reads_a_second)
    say(f"stall, {rows:,} raw rows, up and down")
    return stall.measure(server, load, f"{plan.database}_stall", say)


def _settle(connection: Connection) -> None:
    """Statistics, visibility map and clean pages, so that both sides begin alike."""
    connection.exec_driver_sql("VACUUM (ANALYZE)")
    if connection.execute(_MAY_CHECKPOINT).scalar_one():
        connection.exec_driver_sql("CHECKPOINT")
