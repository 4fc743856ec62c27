"""How long each question of the catalogue takes, beside a primary-key probe.

All questions take turns, and so do the databases that are compared: within a round each answers
a question's share before the next question is asked, so that what the machine does in one minute
and not in another changes all of them. Before each execution the same connection reads one row
by its primary key. A machine that is busy slows both down, so that the multiple of the probe
holds where the milliseconds do not. Each round has new sessions, since one server process may be
slower than another for as long as it lives, and each shares a processor with the client where the
system lets it. Times are the client's: from sending the statement with its values in it (psycopg2
writes them there, so every execution is planned again) to having all rows. An execution that
reaches the time limit is ended, and counts as long as that.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import Any

from sqlalchemy import Connection

from mlb_perf.bench.document import Case
from mlb_perf.bench.measure import pages
from mlb_perf.bench.tools import probe
from mlb_perf.bench.tools.catalogue_runs import (
    Draws,
    Took,
    execute,
    statement_of,
)
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.bench.tools.server_cpu import Clock, one_processor
from mlb_perf.engine import connect
from mlb_perf.progress import Say, silent
from mlb_perf.queries import Query

_PROBES = 64  # games a round


@dataclass(frozen=True)
class Effort:
    """How much is measured: executions a question, and the time after which one has had enough."""

    executions: int = 300
    sets: int = 50
    """Different sets of values for a question, by turns: to draw one takes longer than to ask."""
    rounds: int = 10
    warm_up: int = 2
    """Executions of each question in a new session."""
    seconds_per_question: float = 10.0
    at_least: int = 20
    limit_ms: int = 10_000
    """Of one execution."""
    counted: int = 50
    """Sets of values whose pages are counted."""


QUICK = Effort(executions=40, sets=10, rounds=4, warm_up=1, seconds_per_question=0.25, at_least=8)
WITHOUT_INDEXES = Effort(executions=60, rounds=1, warm_up=1, at_least=3, counted=1)
"""As many executions as there is time for, in one session."""


@dataclass
class _Asked:
    """A question with its parameters, and the executions so far, each with its probe's pace."""

    query: Query
    statement: str
    draws: list[dict[str, Any]]
    parameters: list[dict[str, Any]]
    took: list[Took] = field(default_factory=list)
    probes: list[Took] = field(default_factory=list)
    used: list[dict[str, Any]] = field(default_factory=list)
    spent: float = 0.0


@dataclass(frozen=True)
class _Side:
    """A database with the questions that it is asked."""

    connection: Connection
    ids: range
    """Of the probe's rows."""
    asked: dict[str, _Asked]


@dataclass(frozen=True)
class _Session:
    """A side's server process of one round."""

    connection: Connection
    clock: Clock
    asked: dict[str, _Asked]


def measure(
    connection: Connection,
    queries: Sequence[Query],
    seed: int,
    effort: Effort | None = None,
    say: Say = silent,
    draws: Draws | None = None,
) -> list[Case]:
    """Time and pages of each question of the catalogue beside a primary-key probe.

    A case for each question; the connection commits each statement. The same seed on the same
    rows asks the same, and so do the same ``draws``.
    """
    return measure_by_turns([(connection, queries)], seed, effort, say, draws)[0]


def measure_by_turns(
    databases: Sequence[tuple[Connection, Sequence[Query]]],
    seed: int,
    effort: Effort | None = None,
    say: Say = silent,
    draws: Draws | None = None,
) -> list[list[Case]]:
    """The same of several databases at the same time; their cases, in that order."""
    effort = effort or Effort()
    draws = draws or Draws(seed, effort.sets)
    # All values before anything is timed, for drawing reads the same pages, and has no limit.
    sides = [_side(connection, queries, draws, effort) for connection, queries in databases]
    _ask(sides, Random(seed), effort, say)  # noqa: S311
    say("latency, pages")
    return [_cases(side, effort) for side in sides]


def _side(connection: Connection, queries: Sequence[Query], draws: Draws, effort: Effort) -> _Side:
    asked = {query.name: _asked(query, draws.of(connection, query), effort) for query in queries}
    return _Side(connection, probe.prepare(connection), asked)


def _ask(sides: Sequence[_Side], random: Random, effort: Effort, say: Say) -> None:
    """Each round asks all questions in another order, and each database first as often as last."""
    names = list(dict.fromkeys(name for side in sides for name in side.asked))
    for number in range(effort.rounds):
        say(f"latency, round {number + 1} of {effort.rounds}")
        with ExitStack() as opened:
            sessions = [opened.enter_context(_session(side, effort)) for side in sides]
            for place, name in enumerate(random.sample(names, len(names))):
                ids = random.choices(sides[0].ids, k=_PROBES)
                first = (number + place) % len(sides)
                for session in (*sessions[first:], *sessions[:first]):
                    if name in session.asked:
                        _round(session, session.asked[name], number, effort, ids)


@contextmanager
def _session(side: _Side, effort: Effort) -> Iterator[_Session]:
    """A new one, which has looked up in the catalogs what the questions need."""
    with connect(side.connection.engine) as connection, _limited(connection, effort):
        clock = Clock(connection)
        for one in side.asked.values():
            for parameters in one.draws[: effort.warm_up]:
                execute(connection, clock, one.statement, parameters, effort.limit_ms)
        with one_processor(clock):
            yield _Session(connection, clock, side.asked)


def _asked(query: Query, draws: list[dict[str, Any]], effort: Effort) -> _Asked:
    turns = itertools.islice(itertools.cycle(draws), effort.executions)
    return _Asked(query, statement_of(query.sql), draws, list(turns))


@contextmanager
def _limited(connection: Connection, effort: Effort) -> Iterator[None]:
    """End each statement that takes longer than the limit."""
    connection.exec_driver_sql(f"SET statement_timeout = {effort.limit_ms}")
    yield
    connection.exec_driver_sql("RESET statement_timeout")


def _round(session: _Session, one: _Asked, number: int, effort: Effort, ids: list[int]) -> None:
    """One share of a question's executions, each after a probe; fewer if it has had its time."""
    # A stretch, not every tenth: with as many sets as rounds that would be one set a round.
    length = -(-len(one.parameters) // effort.rounds)
    share = range(number * length, min((number + 1) * length, len(one.parameters)))
    probes: list[Took] = []
    connection, clock = session.connection, session.clock
    for place, probe_id in zip(share, itertools.cycle(ids), strict=False):
        if one.spent > effort.seconds_per_question and len(one.took) >= effort.at_least:
            break
        probes.append(execute(connection, clock, probe.STATEMENT, {"id": probe_id}))
        values = one.parameters[place]
        one.took.append(execute(connection, clock, one.statement, values, effort.limit_ms))
        one.used.append(values)
        one.spent += (one.took[-1].ms + probes[-1].ms) / 1000
    if probes:
        # One probe jitters by half of itself; the round's median is the pace of the machine.
        pace = Took(median(p.ms for p in probes), median(p.cpu_ms for p in probes), 1)
        one.probes += [pace] * len(probes)


def _cases(side: _Side, effort: Effort) -> list[Case]:
    with _limited(side.connection, effort):
        explainer, clock = Explainer(side.connection), Clock(side.connection)
        asked = side.asked.values()
        return [_case(side.connection, one, explainer, clock, effort) for one in asked]


def _case(
    connection: Connection, one: _Asked, explainer: Explainer, clock: Clock, effort: Effort
) -> Case:
    """The question's times, the plan of the execution with the median of them, and pages."""
    by_time = sorted(range(len(one.took)), key=lambda n: one.took[n].ms)
    middle = by_time[len(by_time) // 2]
    ended = sum(took.was_ended for took in one.took)
    plan = explainer.explain(one.statement, one.used[middle], run=not ended)
    draws = one.draws[: effort.counted] if not ended else []
    read = pages.counted(explainer, one.query, draws)
    is_known = clock.is_known and not plan.is_parallel
    sides = (one.took, one.probes) if is_known else ([], [])
    cpu_ms, probe_cpu_ms = ([round(took.cpu_ms, 4) for took in side] for side in sides)
    return Case(
        one.query.name,
        one.query.category,
        [round(took.ms, 4) for took in one.took],
        [round(took.ms, 4) for took in one.probes],
        cpu_ms,
        probe_cpu_ms,
        ended=ended,
        limit_ms=effort.limit_ms,
        pages=read,
        generic_pages=pages.generic(connection, explainer, one.query, draws),
        target_ms=one.query.target_ms,
        row_count=one.took[middle].rows,
        buffers_hit=plan.buffers_hit,
        buffers_read=plan.buffers_read,
        indexes_used=plan.indexes,
        plan_fingerprint=plan.fingerprint,
        plan=plan.outline,
        details={
            "question": one.query.question,
            "planning_ms": plan.planning_ms,
            "execution_ms": plan.execution_ms,
            "partitions": plan.partitions,
            "pages": median(read or [0]),
        },
    )
