"""How long questions take, in the server, and by which indexes they are answered."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf.queries import Query

Parameters = Mapping[str, Any]

# TIMING OFF: a clock read at each row would cost more than the rows.
_EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS, FORMAT JSON) "


@dataclass(frozen=True)
class Run:
    """One run: milliseconds of planning and execution, rows, and the plan's indexes and nodes."""

    ms: float
    rows: int
    indexes: frozenset[str]
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Timing:
    """Milliseconds over several runs."""

    p50: float
    p95: float


def draw(connection: Connection, query: Query, count: int, seed: int) -> list[dict[str, Any]]:
    """``count`` sets of parameters: the same for the same rows and the same seed.

    Raises ``LookupError`` where the tables have nothing to draw from.
    """
    random = Random(f"{seed} {query.name}")  # noqa: S311 - a sample, not a secret
    return [query.sample(connection, random) for _ in range(count)]


def run(connection: Connection, query: Query, parameters: Parameters) -> Run:
    """Run a question as the server runs it when it plans anew with literal parameters."""
    (found,) = connection.execute(text(_EXPLAIN + query.sql), parameters).scalar_one()
    plan = found["Plan"]
    nodes = list(_nodes(plan))
    return Run(
        found["Planning Time"] + found["Execution Time"],
        int(plan["Actual Rows"]),
        frozenset(node["Index Name"] for node in nodes if "Index Name" in node),
        tuple(_describe(node) for node in nodes if node["Node Type"] not in _PLAIN),
    )


def timing(runs: Sequence[Run]) -> Timing:
    """Median and 95th percentile (of 20 or more runs; else the slowest)."""
    times = sorted(one.ms for one in runs)
    return Timing(statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))])


def side_by_side(
    connections: Sequence[Connection], query: Query, parameters: Sequence[Parameters], rounds: int
) -> list[list[Run]]:
    """Runs of the same parameters on several databases, in turn, after one that is not counted.

    What disturbs the machine disturbs all of them.
    """
    for connection in connections:
        for one in parameters:
            run(connection, query, one)
    found: list[list[Run]] = [[] for _ in connections]
    for _ in range(rounds):
        for one in parameters:
            for connection, runs in zip(connections, found, strict=True):
                runs.append(run(connection, query, one))
    return found


def without_index(
    connection: Connection, index: str, query: Query, parameters: Sequence[Parameters]
) -> list[Run]:
    """Runs with the index dropped, in a transaction that is rolled back.

    The other indexes stay. Locks the table while it lasts.
    """
    connection.rollback()
    connection.execute(text(f"DROP INDEX {index}"))
    (runs,) = side_by_side([connection], query, parameters, 1)
    connection.rollback()
    return runs


_PLAIN = frozenset({"Result", "Append", "Limit", "Subquery Scan", "Gather", "Gather Merge"})


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _describe(node: Mapping[str, Any]) -> str:
    where = node.get("Index Name") or node.get("Relation Name")
    return f"{node['Node Type']} {where}" if where else str(node["Node Type"])
