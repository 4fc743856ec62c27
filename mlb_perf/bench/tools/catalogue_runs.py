"""The catalogue's questions: their values, one execution, and which a revision can answer."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg2
from psycopg2.errors import QueryCanceled
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.psycopg2 import dialect
from sqlalchemy.exc import DBAPIError

from mlb_perf.bench.tools.server_cpu import Clock
from mlb_perf.diagnosis import said, sqlstate
from mlb_perf.engine import driver
from mlb_perf.queries import Query

TIME_LIMIT = "57014"
"""The SQLSTATE of a statement that the time limit ended."""
# A view, function, column or table of a later revision.
_NOT_YET = frozenset({"42P01", "42883", "42703", "3F000"})


def statement_of(sql: str) -> str:
    """The text with ``%(name)s`` for ``:name``, as SQLAlchemy hands it to psycopg2."""
    return str(text(sql).compile(dialect=dialect()))  # type: ignore[no-untyped-call]


def numbered(sql: str) -> tuple[str, list[str]]:
    """The text with ``$1`` for the first name and so on, as drivers prepare it, and the names."""
    numeric = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    compiled = text(sql).compile(dialect=numeric)
    return str(compiled), list(compiled.positiontup or ())


def drawn(connection: Connection, query: Query, seed: int, count: int) -> list[dict[str, Any]]:
    """Sets of values for a question; the same seed on the same rows draws the same."""
    random = Random(f"{seed} {query.name}")  # noqa: S311  a text seeds the same everywhere
    return [dict(query.sample(connection, random)) for _ in range(count)]


class Draws:
    """Sets of values for the questions, drawn once: all sides of a database are asked the same.

    The first side that is asked a question draws them. Without indexes drawing takes minutes.
    """

    def __init__(self, seed: int, count: int) -> None:
        self._seed, self._count = seed, count
        self._drawn: dict[str, list[dict[str, Any]]] = {}

    def of(self, connection: Connection, query: Query) -> list[dict[str, Any]]:
        """The sets of values of a question, in their order."""
        if query.name not in self._drawn:
            self._drawn[query.name] = drawn(connection, query, self._seed, self._count)
        return self._drawn[query.name]


@dataclass(frozen=True)
class Took:
    """One execution: milliseconds of the client's time and of the server's processor, rows."""

    ms: float
    cpu_ms: float
    rows: int
    was_ended: bool = False
    """By the time limit; the time is the limit's."""


def execute(
    connection: Connection,
    clock: Clock,
    statement: str,
    parameters: Mapping[str, Any],
    limit_ms: float = math.inf,
) -> Took:
    """Execute a statement in psycopg2's style and take all rows.

    ``limit_ms`` is the session's ``statement_timeout``; an error that comes before is raised.
    """
    with driver(connection).cursor() as cursor:
        cpu = clock.milliseconds()
        start = time.perf_counter_ns()
        try:
            cursor.execute(statement, parameters)
            rows = len(cursor.fetchall()) if cursor.description else cursor.rowcount
        except QueryCanceled:
            took = (time.perf_counter_ns() - start) / 1e6
            if took < limit_ms:
                raise
            return Took(took, clock.milliseconds() - cpu, 0, was_ended=True)
        took = (time.perf_counter_ns() - start) / 1e6
        return Took(took, clock.milliseconds() - cpu, rows)


def askable(
    connection: Connection, queries: Iterable[Query], seed: int
) -> tuple[list[Query], dict[str, str]]:
    """The questions that the database can plan, and why it cannot plan the others.

    Those are left out that need what a later revision brings, or rows that are not there; any
    other error is raised.
    """
    found: list[Query] = []
    left_out: dict[str, str] = {}
    for query in queries:
        try:
            (values,) = drawn(connection, query, seed, 1)
            with driver(connection).cursor() as cursor:
                cursor.execute("EXPLAIN " + statement_of(query.sql), values)
        except LookupError as error:
            left_out[query.name] = str(error)
        except (DBAPIError, psycopg2.Error) as error:
            if sqlstate(error) not in _NOT_YET:
                raise
            left_out[query.name] = f"needs what a later revision brings: {said(error)}"
        else:
            found.append(query)
    return found, left_out
