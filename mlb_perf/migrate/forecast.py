"""A forecast of an upgrade or a downgrade: its steps, their locks, space and time.

The revisions run with an ``op`` that only records its calls, so that the
forecast is of the same code that will run. Nothing reaches the database: a
revision that asks for a connection is reported as one that cannot be planned.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from alembic.operations import MigrateOperation, Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.migrate.config import current_revisions, scripts
from mlb_perf.online.index import CreateIndexOnlineOp, DropIndexOnlineOp
from mlb_perf.online.journal import DEFAULT_SCHEMA
from mlb_perf.online.rebuild_table import RebuildTableOp


@dataclass(frozen=True)
class Rates:
    """The speed of this machine; docs/deployment.md says how the defaults were measured.

    ``copied`` and ``verified``: rows a second of a rebuild, under load; ``indexed``: entries a
    second of one index; ``step_seconds``: the duration of a step without rows.
    """

    copied: float = 20_000
    verified: float = 150_000
    indexed: float = 250_000
    step_seconds: float = 0.3


@dataclass(frozen=True)
class Sizes:
    """A table in the catalog: rows by its statistics, bytes without and with indexes."""

    rows: int
    table_bytes: int
    total_bytes: int
    indexes: int


@dataclass(frozen=True)
class Expected:
    """One step. ``lock`` is the strongest that it takes on ``on``, and its duration.

    ``moves_columns``: the table's columns change places.
    """

    revision: str
    what: str
    on: str
    lock: str
    rows: int
    extra_bytes: int
    seconds: float
    moves_columns: bool = False


@dataclass(frozen=True)
class Forecast:
    """All steps; ``space`` is the largest amount of disk that they need at one time."""

    steps: tuple[Expected, ...]

    @property
    def seconds(self) -> float:
        return sum(step.seconds for step in self.steps)

    @property
    def space(self) -> int:
        """A rebuild's shadow goes when the next begins, an index stays."""
        kept = sum(s.extra_bytes for s in self.steps if s.what == "build an index")
        shadows = [s.extra_bytes for s in self.steps if s.what == "rebuild"]
        return kept + max(shadows, default=0)


def forecast(connection: Connection, destination: str, rates: Rates) -> Forecast:
    """From the current revision to ``destination``, as Alembic names revisions, up or down."""
    script = scripts()
    now = current_revisions(connection)
    steps: list[Expected] = []
    for revision, is_upgrade in _path(script, now, destination):
        for operation in _asked(revision, is_upgrade=is_upgrade):
            steps += _expected(connection, revision.revision, operation, rates)
    return Forecast(tuple(steps))


def _path(
    script: ScriptDirectory, now: Sequence[str], destination: str
) -> Iterator[tuple[Script, bool]]:
    """The steps, as `alembic upgrade` or `downgrade` to the destination would take them."""
    goes_down = _is_below(script, now, destination)
    plan: Any = script._downgrade_revs if goes_down else script._upgrade_revs
    for step in plan(destination, tuple(now)):
        yield step.revision, step.is_upgrade


def _is_below(script: ScriptDirectory, now: Sequence[str], destination: str) -> bool:
    """Whether the destination (a name, a label, ``heads``, ``+1``, ``-1``, base) is applied."""
    if destination == "base" or re.search(r"-\d+$", destination):
        return True
    if re.search(r"\+\d+$", destination):
        return False
    applied = {r.revision for r in script.iterate_revisions(tuple(now), "base")} if now else set()
    wanted = {r.revision for r in script.get_revisions(destination) if r is not None}
    return wanted <= applied and not wanted <= set(now)


class AsksDatabase(MigrateOperation):
    """A revision asked for the connection: its further steps are unknown before it runs."""


class _NeedsConnection(Exception):
    """A revision used the connection that a forecast does not have."""


class _NoConnection:
    """Stands in for the connection of a revision, and refuses all use."""

    def in_transaction(self) -> bool:
        """An autocommit_block asks for that, and for nothing else."""
        return False

    def __getattr__(self, name: str) -> NoReturn:
        raise _NeedsConnection(name)


def _asked(revision: Script, *, is_upgrade: bool) -> list[MigrateOperation]:
    """The operations that the revision calls."""
    asked: list[MigrateOperation] = []
    # Offline, so that an autocommit_block has nothing to commit.
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": io.StringIO()}
    )
    nothing: Any = _NoConnection()
    context.connection = context.impl.connection = nothing
    notes = Operations(context)
    notes.invoke = asked.append  # type: ignore[method-assign, assignment]
    notes._install_proxy()
    try:
        (revision.module.upgrade if is_upgrade else revision.module.downgrade)()
    except _NeedsConnection:
        asked.append(AsksDatabase())
    finally:
        notes._remove_proxy()
    return asked


def _expected(
    connection: Connection, revision: str, operation: MigrateOperation, rates: Rates
) -> Iterator[Expected]:
    if isinstance(operation, RebuildTableOp):
        yield _rebuild(connection, revision, operation, rates)
    elif isinstance(operation, CreateIndexOnlineOp):
        sizes = sizes_of(connection, operation.shape.qualified_table)
        seconds = rates.step_seconds + sizes.rows / rates.indexed
        # 50 bytes an entry: a text key and its overhead.
        yield Expected(
            revision, "build an index", operation.shape.qualified_table,
            "SHARE UPDATE EXCLUSIVE", sizes.rows, 50 * sizes.rows, seconds,
        )  # fmt: skip
    elif isinstance(operation, DropIndexOnlineOp):
        yield Expected(
            revision, "drop an index", operation.shape.qualified_table,
            "SHARE UPDATE EXCLUSIVE", 0, 0, rates.step_seconds,
        )  # fmt: skip
    elif isinstance(operation, AsksDatabase):
        yield Expected(
            revision, "cannot be planned: it reads the database", "", "unknown", 0, 0, 0.0
        )
    else:
        yield Expected(revision, "change the catalog", type(operation).__name__, "", 0, 0, 0.0)


def _rebuild(
    connection: Connection, revision: str, operation: RebuildTableOp, rates: Rates
) -> Expected:
    old, shape = operation.shapes(DEFAULT_SCHEMA)
    sizes = sizes_of(connection, shape.qualified)
    a_row = 1 / rates.copied + 2 / rates.verified + sizes.indexes / rates.indexed
    return Expected(
        revision, "rebuild", shape.qualified, "ACCESS EXCLUSIVE for the swap, some 50 ms",
        sizes.rows, sizes.total_bytes, rates.step_seconds + sizes.rows * a_row,
        old.column_names != shape.column_names,
    )  # fmt: skip


def sizes_of(connection: Connection, table: str) -> Sizes:
    """Rows and bytes of a table with its partitions; 0 for a table that does not exist yet."""
    query = text(sql.read("online/rebuild/sizes.sql"))
    row = connection.execute(query, {"table": table}).one()
    return Sizes(row.rows, row.table_bytes, row.total_bytes, row.indexes)
