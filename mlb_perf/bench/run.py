"""Before and after: create a database, fill it, measure, upgrade it, measure again, drop it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

import mlb_perf
from mlb_perf.bench.database import (
    NAME,
    SEEDED_BASELINE,
    copy_of,
    engine_of,
    own_database,
    upgrade,
)
from mlb_perf.bench.document import Document, Run, Stall
from mlb_perf.bench.measure import concurrency, ingest, latency, stall, storage
from mlb_perf.bench.measurements import label, measurement, now
from mlb_perf.bench.tools import machine, monitoring_history
from mlb_perf.bench.tools.catalogue_runs import askable
from mlb_perf.bench.tools.clients import Workload
from mlb_perf.dataset import generate
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import alembic_config, current_revisions
from mlb_perf.progress import Say, silent
from mlb_perf.queries import CATALOGUE, Query

QUICK_SCALE = 0.01
WRITERS = 2
"""Processes that write the data set."""
STALL_ROWS_A_SEASON = 1_000_000

_MAY_CHECKPOINT = text("SELECT pg_has_role('pg_checkpoint', 'USAGE')")


@dataclass(frozen=True)
class Plan:
    """What is to be measured, on which data, at which revisions."""

    parts: tuple[str, ...]
    scales: tuple[float, ...] = (1.0,)
    seed: int = 1
    from_revision: str = SEEDED_BASELINE
    to_revision: str = "head"
    quick: bool = False
    with_pooler: bool = True
    statements: tuple[str, ...] = ()
    """SQL that is executed after the upgrade, such as DROP INDEX, to see what it does."""
    database: str = NAME
    keep: bool = False
    stall_rows: int | None = None
    """Raw rows while it is upgraded under load; None for a million times the largest scale."""
    clients: Workload = field(default_factory=Workload)
    """Who works meanwhile; its rows are ``stall_rows``."""
    compacted: bool = False
    """Whether bytes are also measured after VACUUM FULL of a copy."""
    queries: Sequence[Query] = CATALOGUE

    @property
    def sides(self) -> bool:
        """Whether anything is measured before and after: a stall has a database of its own."""
        return any(part != "stall" for part in self.parts)


def bench(server: URL, plan: Plan, command: str, say: Say = silent) -> Document:
    """Measure as planned in a database of the benchmark's own on that server.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed`, :class:`~mlb_perf.errors.ConfigurationError`.
    """
    plan = _resolved(plan)
    started, where = now(), machine.machine()
    runs: list[Run] = []
    stalls: list[Stall] = []
    for scale in plan.scales if plan.sides else ():
        with own_database(server, plan.database, keep=plan.keep) as url:
            runs += _at_scale(server, url, plan, scale, say)
    if "stall" in plan.parts:
        rows = plan.stall_rows or round(STALL_ROWS_A_SEASON * max(plan.scales))
        say(f"stall, {rows:,} raw rows, up and down")
        load = dataclasses.replace(plan.clients, rows=rows)
        stalls.append(stall.measure(server, load, f"{plan.database}_stall", say))
    with connect(engine_of(server)) as connection:
        version = machine.server(connection)
    result = Document(command, started, now(), where, version, runs, stalls, mlb_perf.__version__)
    before, after = result.run("before"), result.run("after")
    if before and after and before.compacted:
        found = storage.bytes_a_row(before.storage, before.compacted, after.storage)
        result.measurements.append(
            measurement("storage", label(storage.bytes_a_row), result, found)
        )
    return result


def _resolved(plan: Plan) -> Plan:
    """The plan with revisions by their numbers; refused if the second is not above the first."""
    script = ScriptDirectory.from_config(alembic_config())
    first, last = (_revision(script, name) for name in (plan.from_revision, plan.to_revision))
    above = [r.revision for r in script.iterate_revisions(last, "base")]
    if first not in above:
        raise ConfigurationError(
            f"revision {first} does not come before {last}; name the older one with --from and "
            "the newer one with --to (mlb-perf alembic history lists them)"
        )
    return dataclasses.replace(plan, from_revision=first, to_revision=last)


def _revision(script: ScriptDirectory, name: str) -> str:
    found = script.get_revision(name)
    if found is None:
        raise ConfigurationError(
            f"revision {name} has no tables to measure; name one from {SEEDED_BASELINE} on"
        )
    return str(found.revision)


def _at_scale(server: URL, url: URL, plan: Plan, scale: float, say: Say) -> list[Run]:
    runs = []
    upgrade(url, SEEDED_BASELINE)
    say(f"generate scale {scale:g}")
    generate(url, scale, plan.seed, workers=WRITERS, progress=_tenths(say))
    with connect(migration_engine(url, {"timezone": "UTC"})) as connection, connection.begin():
        monitoring_history.write(connection)
    # The rows come to a later revision as a user's do, by its migrations.
    upgrade(url, plan.from_revision)
    if plan.from_revision != plan.to_revision:
        runs.append(_measured(server, url, plan, scale, "before", say))
        say(f"upgrade to {plan.to_revision}")
        upgrade(url, plan.to_revision)
    with connect(engine_of(url)) as connection:
        for statement in plan.statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    runs.append(_measured(server, url, plan, scale, "after", say))
    return runs


def _tenths(say: Say) -> Callable[[str, int, int], None]:
    """Say how far the data set is ten times, whatever it counts."""
    said = -1

    def progress(what: str, done: int, of: int) -> None:
        nonlocal said
        if of and (tenth := done * 10 // of) > said:
            said = tenth
            say(f"generate, {what}: {done:,} of {of:,}")

    return progress


def _measured(server: URL, url: URL, plan: Plan, scale: float, label: str, say: Say) -> Run:
    started = now()
    with connect(engine_of(url)) as connection:
        say(f"vacuum, {label}")
        _settle(connection)
        (revision,) = current_revisions(connection)
        queries, left_out = askable(connection, plan.queries, plan.seed)
        run = Run(label, revision, scale, plan.seed, started)
        if "storage" in plan.parts:
            run = dataclasses.replace(run, storage=storage.measure(connection))
        if "latency" in plan.parts:
            effort = latency.QUICK if plan.quick else None
            cases = latency.measure(connection, queries, plan.seed, effort, say)
            run = dataclasses.replace(run, latency=cases)
    # In a minute there is time for one side of these.
    is_whole = not plan.quick or label == "after"
    if "concurrency" in plan.parts and is_whole:
        loads, why = concurrency.measure(
            url, queries, plan.seed, concurrency.QUICK if plan.quick else None,
            with_pooler=plan.with_pooler, say=say,
        )  # fmt: skip
        left_out |= why
        run = dataclasses.replace(run, concurrency=loads)
    if plan.compacted and label == "before":
        say("storage, a copy compacted by VACUUM FULL")
        with copy_of(server, url) as copied:
            run = dataclasses.replace(run, compacted=storage.compacted(copied))
    if "ingest" in plan.parts and is_whole:
        with copy_of(server, url) as copied:
            rows = ingest.measure(copied, ingest.QUICK if plan.quick else None, say)
        run = dataclasses.replace(run, ingest=rows)
    return dataclasses.replace(run, left_out=left_out, finished_at=now())


def _settle(connection: Connection) -> None:
    """Statistics, visibility map and clean pages, so that both sides begin alike."""
    connection.exec_driver_sql("VACUUM (ANALYZE)")
    if connection.execute(_MAY_CHECKPOINT).scalar_one():
        connection.exec_driver_sql("CHECKPOINT")
