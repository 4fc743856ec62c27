"""The sides of a comparison, each a database at one revision, and what is measured of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import URL, Connection

from mlb_perf.bench.database import copy_of, engine_of
from mlb_perf.bench.document import KEYS, Run
from mlb_perf.bench.measure import concurrency, latency, secondary_indexes, storage, write_batches
from mlb_perf.bench.measurements import now
from mlb_perf.bench.plan import Plan
from mlb_perf.bench.tools.catalogue_runs import Draws, askable
from mlb_perf.engine import connect
from mlb_perf.migrate.config import current_revisions
from mlb_perf.progress import Say
from mlb_perf.queries import CATALOGUE, Query


@dataclass(frozen=True)
class Side:
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
        """Whether that part is measured."""
        return part in self.parts

    @property
    def is_whole(self) -> bool:
        """In a minute there is time for one side of loading and of many clients."""
        return not self.plan.quick or self.label == "after"

    def questions_alone(self, label: str) -> Side:
        """The same database, of which only the questions are measured."""
        return dataclasses.replace(self, label=label, parts=["latency"])


@dataclass(frozen=True)
class _Open:
    """A side whose database is connected to, the questions that it can answer, and its run."""

    side: Side
    connection: Connection
    queries: list[Query]
    run: Run


def measured(sides: Sequence[Side]) -> list[Run]:
    """The parts of all sides, in their order; questions and clients by turns."""
    with ExitStack() as connections:
        opened = [_opened(side, connections) for side in sides]
        for one in opened:
            has_storage = one.side.has("storage")
            one.run.storage.extend(storage.measure(one.connection) if has_storage else ())
        _add_latency([one for one in opened if one.side.has("latency")])
    _add_concurrency([one for one in opened if one.side.has("concurrency") and one.side.is_whole])
    for one in opened:
        _add_of_copies(one.side, one.run)
    return [dataclasses.replace(one.run, finished_at=now()) for one in opened]


def _opened(side: Side, connections: ExitStack) -> _Open:
    connection = connections.enter_context(connect(engine_of(side.url)))
    queries, left_out = askable(connection, CATALOGUE, side.plan.seed)
    return _Open(side, connection, queries, _run(side, connection, left_out))


def _add_of_copies(side: Side, run: Run) -> None:
    """What changes a database is measured on a copy of it."""
    if side.plan.compacted and side.label == "before":
        side.say("storage, a copy compacted by VACUUM FULL")
        with copy_of(side.server, side.url) as copied:
            run.compacted.extend(storage.compacted(copied))
    if side.has("ingest") and side.is_whole:
        batches = write_batches.QUICK if side.plan.quick else None
        with copy_of(side.server, side.url) as copied:
            run.ingest.extend(write_batches.measure(copied, batches, side.say))


def _run(side: Side, connection: Connection, left_out: dict[str, str]) -> Run:
    (revision,) = current_revisions(connection)
    return Run(side.label, revision, side.scale, side.plan.seed, now(), left_out=left_out)


def effort(plan: Plan) -> latency.Effort:
    """How often each question is asked."""
    return latency.QUICK if plan.quick else latency.Effort()


def _add_latency(opened: Sequence[_Open]) -> None:
    if not opened:
        return
    side = opened[0].side
    databases = [(one.connection, one.queries) for one in opened]
    cases = latency.measure_by_turns(
        databases, side.plan.seed, effort(side.plan), side.say, side.draws
    )
    for one, found in zip(opened, cases, strict=True):
        one.run.latency.extend(found)


def _add_concurrency(opened: Sequence[_Open]) -> None:
    if not opened:
        return
    plan = opened[0].side.plan
    loads, left_out = concurrency.measure_by_turns(
        [(one.side.url, one.queries) for one in opened], plan.seed,
        concurrency.QUICK if plan.quick else None,
        with_pooler=not plan.no_pooler, say=opened[0].side.say,
    )  # fmt: skip
    for one, found in zip(opened, loads, strict=True):
        one.run.concurrency.extend(found)
        one.run.left_out.update(left_out)


def with_keys_alone(after: Side) -> Run:
    """The questions of a copy without secondary indexes; the values were drawn with them."""
    side = after.questions_alone(KEYS)
    with connect(engine_of(side.url)) as connection:
        queries, left_out = askable(connection, CATALOGUE, side.plan.seed)
    side.say("a copy without secondary indexes")
    asks = latency.QUICK if side.plan.quick else latency.WITHOUT_INDEXES
    with copy_of(side.server, side.url) as copied, connect(engine_of(copied)) as connection:
        dropped = secondary_indexes.drop(connection)
        run = _run(side, connection, left_out)
        cases = latency.measure(connection, queries, side.plan.seed, asks, side.say, side.draws)
    details = {"dropped": dropped}
    return dataclasses.replace(run, latency=cases, details=details, finished_at=now())
