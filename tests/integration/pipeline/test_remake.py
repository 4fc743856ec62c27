"""The whole paths of games are made again at a cost that follows their quotes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from mlb_perf import engine
from mlb_perf.pipeline.promote import queue_games, session
from tests.integration.pipeline.live import polls, promoter, store

WRITES = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:INSERT|UPDATE|DELETE|WITH)")


def test_each_step_reads_as_many_rows_for_a_quote_behind_a_longer_history(
    head: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that the nodes of its plans give and remove; a quadratic join has four times as many."""
    every = list(polls(400))
    effort = {}
    with ExitStack() as stack:
        worker = promoter(stack, head)
        for begin, end in ((0, 100), (100, 400)):
            store(head, itertools.chain(*every[begin:end]))
            worker.drain()
            with head.begin() as connection:
                queue_games(connection)
            with monkeypatch.context() as patch:
                visited: Counter[str] = Counter()
                patch.setattr(session, "ask", _explaining(session.ask, visited))
                worker.drain()
            effort[end] = {name: rows / end for name, rows in visited.items()}
    assert effort[400].keys() >= {"curate_movements.sql", "curate_arbitrage.sql"}
    grown = {
        name: f"{effort[100][name]:.0f} rows a poll behind 100, {rows:.0f} behind 400"
        for name, rows in effort[400].items()
        if rows > 1.5 * effort[100][name] + 10
    }
    assert grown == {}


def _explaining(ask: Any, visited: Counter[str]) -> Any:
    """Runs each statement of the steps, and counts the rows that it visits by the file's name."""

    def explained(connection: Connection, name: str, values: Any = None, parts: Any = None) -> Any:
        if not name.startswith("curate_") or name == "curate_claim.sql":
            return ask(connection, name, values, parts)
        whole = session.fill(session.text_of(connection, name, parts or {}), values or {})
        for statement in filter(str.strip, whole.split(";\n")):
            explain = "EXPLAIN (ANALYZE, FORMAT JSON) " if WRITES.match(statement) else ""
            done = engine.execute(connection, explain + statement)
            if explain:
                visited[name] += round(sum(map(_rows, _nodes(done.scalar_one()[0]["Plan"]))))
        return done

    return explained


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> float:
    removed = sum(value for key, value in node.items() if key.startswith("Rows Removed by"))
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])
