"""Before and after: create a database, fill it, measure, upgrade it, measure again, drop it.

Between the first and the last revision, and with the keys alone, only questions are measured.
"""

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
from mlb_perf.bench.document import KEYS, Case, Document, Run, Stall
from mlb_perf.bench.measure import (
    concurrency,
    latency,
    secondary_indexes,
    stall,
    storage,
    write_batches,
)
from mlb_perf.bench.measurements import document, label, measurement, now
from mlb_perf.bench.plan import QUICK_SCALE, Plan, parts_of, revisions_of, with_keys
from mlb_perf.bench.tools import machine, monitoring_history
from mlb_perf.bench.tools.catalogue_runs import Draws, askable
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
            draws = Draws(plan.seed, _effort(plan).sets)
            side = _Side(server, url, plan, parts, scale, "before", say, draws)
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


@dataclass(frozen=True)
class _Side:
    """A database with data of one scale, at one revision."""

    server: URL
    url: URL
    plan: Plan
    parts: list[str]
    scale: float
    label: str
    say: Say
    draws: Draws

    def has(self, part: str) -> bool:
        return part in self.parts

    @property
    def is_whole(self) -> bool:
        """In a minute there is time for one side of loading and of many clients."""
        return not self.plan.quick or self.label == "after"


def _at_scale(side: _Side, revisions: Sequence[str]) -> list[Run]:
    """Fill the database, and measure it at each revision, upgrading it from one to the next."""
    runs = []
    _fill(side)
    *earlier, last = revisions
    for number, revision in enumerate(earlier):
        # The rows come to a later revision as a user's do, by its migrations.
        _upgrade(side, revision)
        one = _questions_alone(side, revision) if number else side
        runs.append(_measured(one))
    _upgrade(side, last)
    with connect(engine_of(side.url)) as connection:
        for statement in side.plan.execute or ():
            execute(connection, statement)
    runs.append(_measured(dataclasses.replace(side, label="after")))
    if with_keys(side.plan):
        runs.append(_with_keys_alone(_questions_alone(side, KEYS)))
    return runs


def _questions_alone(side: _Side, label: str) -> _Side:
    return dataclasses.replace(side, label=label, parts=["latency"])


def _upgrade(side: _Side, revision: str) -> None:
    side.say(f"upgrade to {revision}")
    upgrade(side.url, revision)


def _with_keys_alone(side: _Side) -> Run:
    """The questions of a copy without secondary indexes; the values were drawn with them."""
    with connect(engine_of(side.url)) as connection:
        queries, left_out = askable(connection, CATALOGUE, side.plan.seed)
    side.say("a copy without secondary indexes")
    effort = latency.QUICK if side.plan.quick else latency.WITHOUT_INDEXES
    with copy_of(side.server, side.url) as copied, connect(engine_of(copied)) as connection:
        dropped = secondary_indexes.drop(connection)
        run = _run(side, connection, left_out)
        cases = latency.measure(connection, queries, side.plan.seed, effort, side.say, side.draws)
    details = {"dropped": dropped}
    return dataclasses.replace(run, latency=cases, details=details, finished_at=now())


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
    with connect(engine_of(side.url)) as connection:
        side.say(f"vacuum, {side.label}")
        _settle(connection)
        queries, left_out = askable(connection, CATALOGUE, side.plan.seed)
        run = _run(side, connection, left_out)
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


def _run(side: _Side, connection: Connection, left_out: dict[str, str]) -> Run:
    (revision,) = current_revisions(connection)
    return Run(side.label, revision, side.scale, side.plan.seed, now(), left_out=left_out)


def _effort(plan: Plan) -> latency.Effort:
    return latency.QUICK if plan.quick else latency.Effort()


def _latency(side: _Side, connection: Connection, queries: Sequence[Query]) -> list[Case]:
    effort = _effort(side.plan)
    return latency.measure(connection, queries, side.plan.seed, effort, side.say, side.draws)


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
