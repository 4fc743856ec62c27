"""A whole run: make a database, fill it, measure, upgrade it, measure again, drop it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

import mlb_perf
from mlb_perf.bench.database import BASELINE, NAME, copy_of, engine_of, own_database, upgrade
from mlb_perf.bench.document import Document, Run, Stall
from mlb_perf.bench.measure import concurrency, ingestion, latency, sizes, stalling
from mlb_perf.bench.tools import machine, monitoring_history
from mlb_perf.bench.tools.catalogue_runs import askable
from mlb_perf.bench.tools.clients import Load
from mlb_perf.dataset import generate
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import alembic_config, current_revisions
from mlb_perf.queries import CATALOGUE, Query

PARTS = ("latency", "ingest", "concurrency", "storage", "stall")
"""The schema as a team writes it first, with its reference rows: what the data set needs."""
QUICK_SCALE = 0.01
WRITERS = 2
"""Processes that make the data set."""
STALL_ROWS_A_SEASON = 1_000_000

_MAY_CHECKPOINT = text("SELECT pg_has_role('pg_checkpoint', 'USAGE')")

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is to be measured, on which data, at which revisions."""

    parts: tuple[str, ...] = PARTS
    scales: tuple[float, ...] = (1.0,)
    seed: int = 1
    from_revision: str = BASELINE
    to_revision: str = "head"
    quick: bool = False
    with_pooler: bool = True
    statements: tuple[str, ...] = ()
    """SQL that is executed after the upgrade, such as DROP INDEX, to see what it does."""
    database: str = NAME
    keep: bool = False
    stall_rows: int | None = None
    """Raw rows while it is upgraded under load; None for a million times the largest scale."""
    queries: Sequence[Query] = CATALOGUE

    @property
    def sides(self) -> bool:
        """Whether anything is measured before and after: a stall has a database of its own."""
        return any(part != "stall" for part in self.parts)


def bench(server: URL, plan: Plan, command: str, tell: Tell = lambda _: None) -> Document:
    """Measure as planned in a database of the benchmark's own on that server.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed`, :class:`~mlb_perf.errors.ConfigurationError`.
    """
    plan = _resolved(plan)
    started, where = _now(), machine.machine()
    runs: list[Run] = []
    stalls: list[Stall] = []
    for scale in plan.scales if plan.sides else ():
        with own_database(server, plan.database, keep=plan.keep) as url:
            runs += _at_scale(server, url, plan, scale, tell)
    if "stall" in plan.parts:
        rows = plan.stall_rows or round(STALL_ROWS_A_SEASON * max(plan.scales))
        tell(f"stall, {rows:,} raw rows, up and down")
        stalls.append(stalling.measure(server, Load(rows=rows), f"{plan.database}_stall"))
    with connect(engine_of(server)) as connection:
        told = machine.server(connection)
    return Document(command, started, _now(), where, told, runs, stalls, mlb_perf.__version__)


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
            f"revision {name} has no tables to measure; name one from {BASELINE} on"
        )
    return str(found.revision)


def _at_scale(server: URL, url: URL, plan: Plan, scale: float, tell: Tell) -> list[Run]:
    runs = []
    upgrade(url, BASELINE)
    tell(f"generate scale {scale:g}")
    generate(url, scale, plan.seed, workers=WRITERS, progress=_tenths(tell))
    with connect(migration_engine(url, {"timezone": "UTC"})) as connection, connection.begin():
        monitoring_history.write(connection)
    # The rows come to a later revision as a user's do, by its migrations.
    upgrade(url, plan.from_revision)
    if plan.from_revision != plan.to_revision:
        runs.append(_measured(server, url, plan, scale, "before", tell))
        tell(f"upgrade to {plan.to_revision}")
        upgrade(url, plan.to_revision)
    with connect(engine_of(url)) as connection:
        for statement in plan.statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    runs.append(_measured(server, url, plan, scale, "after", tell))
    return runs


def _tenths(tell: Tell) -> Callable[[str, int, int], None]:
    """Tell of the data set's progress ten times, whatever it counts."""
    told = -1

    def progress(what: str, done: int, of: int) -> None:
        nonlocal told
        if of and (tenth := done * 10 // of) > told:
            told = tenth
            tell(f"generate, {what}: {done:,} of {of:,}")

    return progress


def _measured(server: URL, url: URL, plan: Plan, scale: float, label: str, tell: Tell) -> Run:
    started = _now()
    with connect(engine_of(url)) as connection:
        tell(f"vacuum, {label}")
        _settle(connection)
        (revision,) = current_revisions(connection)
        queries, left_out = askable(connection, plan.queries, plan.seed)
        run = Run(label, revision, scale, plan.seed, started)
        if "storage" in plan.parts:
            run = dataclasses.replace(run, storage=sizes.measure(connection))
        if "latency" in plan.parts:
            effort = latency.QUICK if plan.quick else None
            cases = latency.measure(connection, queries, plan.seed, effort, tell)
            run = dataclasses.replace(run, latency=cases)
    # In a minute there is time for one side of these.
    is_whole = not plan.quick or label == "after"
    if "concurrency" in plan.parts and is_whole:
        loads, why = concurrency.measure(
            url, queries, plan.seed, concurrency.QUICK if plan.quick else None,
            with_pooler=plan.with_pooler, tell=tell,
        )  # fmt: skip
        left_out |= why
        run = dataclasses.replace(run, concurrency=loads)
    if "ingest" in plan.parts and is_whole:
        with copy_of(server, url) as copied:
            rows = ingestion.measure(copied, ingestion.QUICK if plan.quick else None, tell)
        run = dataclasses.replace(run, ingest=rows)
    return dataclasses.replace(run, left_out=left_out, finished_at=_now())


def _settle(connection: Connection) -> None:
    """Statistics, visibility map and clean pages, so that both sides begin alike."""
    connection.exec_driver_sql("VACUUM (ANALYZE)")
    if connection.execute(_MAY_CHECKPOINT).scalar_one():
        connection.exec_driver_sql("CHECKPOINT")


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
