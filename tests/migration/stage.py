"""Run operations as a revision runs them, without a revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine

import mlb_perf.migrate.environment  # noqa: F401  registers the operations
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
