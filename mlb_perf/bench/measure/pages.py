"""How many pages each question reads: with the plan for its values, and with a generic plan.

A page is one buffer that the execution touches, in memory or not; the server counts it, and the
count does not depend on how busy the machine is. Pages that planning reads do not count: they
are the catalog's, and depend on what the session has planned before. Applications that prepare
their statements (psycopg 3, asyncpg, JDBC) get a generic plan, which serves all values, where the
server does not expect it to cost more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from mlb_perf.bench.tools.catalogue_runs import TIME_LIMIT, numbered, statement_of
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.diagnosis import sqlstate
from mlb_perf.engine import execute
from mlb_perf.queries import Query

_PREPARED = "mlb_perf_question"

Draws = Sequence[Mapping[str, Any]]


def counted(explainer: Explainer, query: Query, draws: Draws) -> list[int]:
    """Pages of each set of values, planned for it; fewer if the time limit ended one."""
    return _pages(explainer, statement_of(query.sql), draws)


def generic(connection: Connection, explainer: Explainer, query: Query, draws: Draws) -> list[int]:
    """The same of the generic plan."""
    with _prepared(connection, query) as statement:
        return _pages(explainer, statement, draws)


def _pages(explainer: Explainer, statement: str, draws: Draws) -> list[int]:
    found: list[int] = []
    for values in draws:
        try:
            found.append(explainer.explain(statement, values, timing=False).pages)
        except OperationalError as error:
            if sqlstate(error) != TIME_LIMIT:
                raise
            break
    return found


@contextmanager
def _prepared(connection: Connection, query: Query) -> Iterator[str]:
    """The statement, in psycopg2's style, that executes the question by its generic plan."""
    sql, names = numbered(query.sql)
    execute(connection, f"PREPARE {_PREPARED} AS {sql.strip().rstrip(';')}")
    execute(connection, "SET plan_cache_mode = force_generic_plan")
    try:
        given = ", ".join(f"%({name})s" for name in names)
        yield f"EXECUTE {_PREPARED} ({given})" if names else f"EXECUTE {_PREPARED}"
    finally:
        execute(connection, "RESET plan_cache_mode")
        execute(connection, f"DEALLOCATE {_PREPARED}")
