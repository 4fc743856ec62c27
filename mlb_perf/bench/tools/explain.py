"""What EXPLAIN says of a question: its plan's shape, the indexes in it, the buffers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.engine import driver

_EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, VERBOSE, FORMAT JSON) "


@dataclass(frozen=True)
class Plan:
    """One execution, explained. ``outline``: a line a node, indented."""

    fingerprint: str
    indexes: list[str]
    buffers_hit: int
    buffers_read: int
    planning_ms: float
    execution_ms: float
    partitions: int
    is_parallel: bool
    outline: str


class Explainer:
    """Explains statements; partitions and their indexes go by the name of their topmost parent."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        found = connection.execute(text(sql.read("bench/roots.sql"))).all()
        self._roots: dict[str, str] = {row.leaf: row.root for row in found}

    def explain(self, statement: str, parameters: Mapping[str, Any]) -> Plan:
        """Execute a statement in psycopg2's style and say how; what it wrote is rolled back."""
        with driver(self._connection).cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                cursor.execute(_EXPLAIN + statement, parameters)
                (answer,) = cursor.fetchone()[0]
            finally:
                cursor.execute("ROLLBACK")
        return self._read(answer)

    def _read(self, answer: dict[str, Any]) -> Plan:
        nodes = list(_nodes(answer["Plan"]))
        top = answer["Plan"]
        shape = "\n".join(dict.fromkeys(self._line(node, depth) for depth, node in nodes))
        indexes = {self._root(node["Index Name"]) for _, node in nodes if "Index Name" in node}
        leaves = [node for _, node in nodes if node.get("Relation Name", "") in self._roots]
        return Plan(
            hashlib.sha256(shape.encode()).hexdigest()[:16],
            sorted(indexes),
            top.get("Shared Hit Blocks", 0),
            top.get("Shared Read Blocks", 0),
            answer["Planning Time"],
            answer["Execution Time"],
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


def _nodes(node: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    yield depth, node
    for child in node.get("Plans", ()):
        yield from _nodes(child, depth + 1)
