"""Statements and queries in one line, each on a connection of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

AS_IT_IS = {"no_parameters": True}
"""A percent sign or a colon in a statement stands for itself."""


def rows(engine: Engine, query: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query, whose changes are committed; with ``values`` it has ``:name``s."""
    with engine.begin() as connection:
        if values:
            return [tuple(row) for row in connection.execute(text(query), values)]
        return [tuple(row) for row in connection.exec_driver_sql(query, execution_options=AS_IT_IS)]


def value(engine: Engine, query: str, /, **values: Any) -> Any:
    """The value of a query that gives one row of one column."""
    [(answer,)] = rows(engine, query, **values)
    return answer


def run(engine: Engine, *statements: str) -> None:
    """Run statements, each in a transaction of its own as psql does it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement, execution_options=AS_IT_IS)
