"""Run operations as a revision runs them, without a revision."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine

import mlb_perf.migrate  # noqa: F401  registers the operations
from mlb_perf.online.journal import RUNNING, Running


@contextmanager
def revision(
    engine: Engine,
    name: str = "9999",
    direction: str = "upgrade",
    *,
    options: Mapping[str, Any] | None = None,
) -> Iterator[Any]:
    """``op`` inside a revision's transaction, which is committed at the end."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"transaction_per_migration": True, **(options or {})}
        )
        context.opts[RUNNING] = Running(name, direction)
        with context.begin_transaction(_per_migration=True):
            yield Operations(context)


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql(query, execution_options={"no_parameters": True})
        return [tuple(row) for row in found]


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so; a machine may be slow, but not for ever."""

    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)
