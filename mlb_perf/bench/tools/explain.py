"""What EXPLAIN says of a question: its plan's shape, the indexes in it, the buffers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2.extensions
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.tools.catalogue_runs import statement_of
from mlb_perf.engine import driver
from mlb_perf.queries import Query

_EXPLAIN = "EXPLAIN (VERBOSE, SUMMARY, FORMAT JSON{}) "
_RUN = ", ANALYZE, BUFFERS, TIMING {}"
_IDLE = psycopg2.extensions.TRANSACTION_STATUS_IDLE


@dataclass(frozen=True)
class Plan:
    """One execution, explained. ``outline``: a line a node, indented."""

    fingerprint: str
    indexes: list[str]
    rows: int
    buffers_hit: int
    buffers_read: int
    planning_ms: float
    execution_ms: float
    partitions: int
    is_parallel: bool
    outline: str

    @property
    def pages(self) -> int:
        """Read from memory or not."""
        return self.buffers_hit + self.buffers_read

    @property
    def server_ms(self) -> float:
        """Planning and execution together."""
        return self.planning_ms + self.execution_ms


class Explainer:
    """Explains statements; partitions and their indexes are named after their topmost parent."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        found = connection.execute(text(sql.read("bench/roots.sql"))).all()
        self._roots: dict[str, str] = {row.leaf: row.root for row in found}

    def explain(
        self,
        statement: str,
        parameters: Mapping[str, Any],
        *,
        timing: bool = True,
        run: bool = True,
    ) -> Plan:
        """Execute a statement in psycopg2's style and say how; what it wrote is rolled back.

        Without ``timing`` the server reads no clock at each row, which can cost more than the row.
        Unless it is to ``run`` it is only planned; its rows, buffers and time are 0 then.
        """
        begin, end = self._undoing()
        how = _RUN.format("ON" if timing else "OFF") if run else ""
        explained = _EXPLAIN.format(how) + statement
        self._connection.exec_driver_sql(begin)
        try:
            answer = self._connection.exec_driver_sql(explained, dict(parameters)).scalar_one()
        finally:
            self._connection.exec_driver_sql(end)
        return self._read(answer[0])

    def _undoing(self) -> tuple[str, str]:
        """What begins and undoes a statement's writes, and leaves a transaction as it is."""
        session = driver(self._connection)
        if session.autocommit and session.info.transaction_status == _IDLE:
            return "BEGIN", "ROLLBACK"
        return "SAVEPOINT explained", "ROLLBACK TO SAVEPOINT explained"

    def _read(self, answer: dict[str, Any]) -> Plan:
        nodes = list(_nodes(answer["Plan"]))
        top = answer["Plan"]
        shape = "\n".join(dict.fromkeys(self._line(node, depth) for depth, node in nodes))
        indexes = {self._root(node["Index Name"]) for _, node in nodes if "Index Name" in node}
        leaves = [node for _, node in nodes if node.get("Relation Name", "") in self._roots]
        return Plan(
            hashlib.sha256(shape.encode()).hexdigest()[:16],
            sorted(indexes),
            int(top.get("Actual Rows", 0)),
            top.get("Shared Hit Blocks", 0),
            top.get("Shared Read Blocks", 0),
            answer["Planning Time"],
            answer.get("Execution Time", 0.0),
            len({node["Relation Name"] for node in leaves}),
            any(node["Node Type"].startswith("Gather") for _, node in nodes),
            shape,
        )

    def _line(self, node: dict[str, Any], depth: int) -> str:
        """A node without its costs, so that the same plan of other rows is the same text.

        Partitions read the same way become one line, however many there are.
        """
        words = ["  " * depth + node["Node Type"]]
        if "Relation Name" in node:
            schema = node.get("Schema", "")
            words.append("on " + self._root(node["Relation Name"], schema))
        if "Index Name" in node:
            words.append("by " + self._root(node["Index Name"]))
        return " ".join(words)

    def _root(self, name: str, schema: str = "") -> str:
        return self._roots.get(name) or (f"{schema}.{name}" if schema else name)


def side_by_side(
    explainers: Sequence[Explainer],
    query: Query,
    parameters: Sequence[Mapping[str, Any]],
    rounds: int,
) -> list[list[Plan]]:
    """Runs of the same parameters on several databases, in turn, after one that is not counted.

    Other work on the machine disturbs all of them alike.
    """
    statement = statement_of(query.sql)
    found: list[list[Plan]] = [[] for _ in explainers]
    for number in range(rounds + 1):
        for one in parameters:
            for explainer, plans in zip(explainers, found, strict=True):
                plan = explainer.explain(statement, one, timing=False)
                if number:
                    plans.append(plan)
    return found


def without_index(
    connection: Connection,
    explainer: Explainer,
    index: str,
    query: Query,
    parameters: Sequence[Mapping[str, Any]],
) -> list[Plan]:
    """Runs with the index dropped, in a transaction that is rolled back.

    The other indexes stay. Locks the table while it lasts.
    """
    connection.rollback()
    connection.execute(text(f"DROP INDEX {index}"))
    (plans,) = side_by_side([explainer], query, parameters, 1)
    connection.rollback()
    return plans


def _nodes(node: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    yield depth, node
    for child in node.get("Plans", ()):
        yield from _nodes(child, depth + 1)


def planning_ms(connection: Connection, statement: str) -> float:
    """Milliseconds to plan a statement, which is not executed."""
    found = connection.exec_driver_sql(f"EXPLAIN (SUMMARY, FORMAT JSON) {statement}").scalar_one()
    return float(found[0]["Planning Time"])
