"""How long each question of the catalogue takes, beside a primary-key probe.

All questions take turns, and before each execution the same connection reads one game by
its primary key. A machine that is busy slows both down, so that the multiple of the probe
holds where the milliseconds do not. Times are the client's: from sending the statement
with its values in it (psycopg2 writes them there, so every execution is planned anew) to
having all rows.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import Connection

from mlb_perf.bench.asking import PROBE, drawn, probe_ids, statement_of
from mlb_perf.bench.document import Case
from mlb_perf.bench.plans import Explainer
from mlb_perf.queries import Query

_PROBES = 64  # games a round
_EXPLAINED = 4  # executions whose pages are counted, from the quickest to the slowest


@dataclass(frozen=True)
class Effort:
    """How much is measured: executions a question, and the time after which one has had enough."""

    executions: int = 300
    sets: int = 50
    """Different sets of values for a question, by turns: to draw one takes longer than to ask."""
    rounds: int = 10
    warm_up: int = 5
    seconds_per_question: float = 10.0
    at_least: int = 20


QUICK = Effort(executions=40, sets=10, rounds=4, warm_up=2, seconds_per_question=0.25, at_least=8)


@dataclass
class _Asked:
    """A question with its parameters, and the times so far."""

    query: Query
    statement: str
    parameters: list[dict[str, Any]]
    times: list[float] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    used: list[dict[str, Any]] = field(default_factory=list)
    spent: float = 0.0


def measure(
    connection: Connection,
    queries: Sequence[Query],
    seed: int,
    effort: Effort | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Case]:
    """A case for each question; the connection commits each statement.

    The same seed on the same rows asks the same.
    """
    effort = effort or Effort()
    asked = [_prepared(connection, query, seed, effort) for query in queries]
    random = Random(seed)  # noqa: S311
    ids = probe_ids(connection)
    for number in range(effort.rounds):
        tell(f"latency, round {number + 1} of {effort.rounds}")
        for one in random.sample(asked, len(asked)):
            _round(connection, one, number, effort, random.choices(ids, k=_PROBES))
    explainer = Explainer(connection)
    return [_case(one, explainer) for one in asked]


def _prepared(connection: Connection, query: Query, seed: int, effort: Effort) -> _Asked:
    """Draw all values before anything is timed, for drawing reads the same pages; warm up."""
    values = drawn(connection, query, seed, effort.sets)
    turns = itertools.islice(itertools.cycle(values), effort.executions)
    one = _Asked(query, statement_of(query.sql), list(turns))
    for parameters in values[: effort.warm_up]:
        _execute(connection, one.statement, parameters)
    return one


def _round(
    connection: Connection, one: _Asked, number: int, effort: Effort, ids: list[int]
) -> None:
    """One share of a question's executions, each after a probe; fewer if it has had its time."""
    # A stretch, not every tenth: with as many sets as rounds that would be one set a round.
    length = -(-len(one.parameters) // effort.rounds)
    share = range(number * length, min((number + 1) * length, len(one.parameters)))
    probes: list[float] = []
    for place, probe_id in zip(share, itertools.cycle(ids), strict=False):
        if one.spent > effort.seconds_per_question and len(one.times) >= effort.at_least:
            break
        probe_ms, _ = _execute(connection, PROBE, {"game_id": probe_id})
        took, rows = _execute(connection, one.statement, one.parameters[place])
        probes.append(probe_ms)
        one.times.append(took)
        one.rows.append(rows)
        one.used.append(one.parameters[place])
        one.spent += (took + probe_ms) / 1000
    if probes:
        # One probe jitters by half of itself; the round's median is the pace of the machine.
        one.probes += [statistics.median(probes)] * len(probes)


def _execute(
    connection: Connection, statement: str, parameters: Mapping[str, Any]
) -> tuple[float, int]:
    """Milliseconds to the last row, and the number of rows."""
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None
    with driver_connection.cursor() as cursor:
        start = time.perf_counter_ns()
        cursor.execute(statement, parameters)
        rows = len(cursor.fetchall()) if cursor.description else cursor.rowcount
        return (time.perf_counter_ns() - start) / 1e6, rows


def _case(one: _Asked, explainer: Explainer) -> Case:
    """The question's times, and the plan of the execution that took the median of them."""
    by_time = sorted(range(len(one.times)), key=one.times.__getitem__)
    middle = by_time[len(by_time) // 2]
    plan = explainer.explain(one.statement, one.used[middle])
    others = [one.used[n] for n in by_time[:: max(1, len(by_time) // _EXPLAINED)]]
    plans = [plan, *(explainer.explain(one.statement, values) for values in others)]
    return Case(
        one.query.name,
        one.query.category,
        [round(value, 4) for value in one.times],
        [round(value, 4) for value in one.probes],
        target_ms=one.query.target_ms,
        row_count=one.rows[middle],
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
            "pages": statistics.median(p.buffers_hit + p.buffers_read for p in plans),
        },
    )
