"""``op.create_routine``, ``op.replace_routine``, ``op.drop_routine``: functions and views.

Each is one frozen file below ``mlb_perf/sql``. Its first line says how to drop
it; for a function this includes the signature::

    -- drop: FUNCTION performance_monitoring.capture_snapshot(interval)
"""

from __future__ import annotations

import re

from alembic.operations import MigrateOperation, Operations

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import ConfigurationError
from mlb_perf.names import IDENTIFIER

_HEADER = re.compile(
    rf"-- drop: ((?:FUNCTION|PROCEDURE|VIEW) {IDENTIFIER}\.{IDENTIFIER}(?:\(.*\))?)"
)


def identity(name: str) -> str:
    """The words that follow ``DROP``: ``VIEW performance_monitoring.cache_hit``.

    Raises :class:`~mlb_perf.errors.ConfigurationError` if the file's first line
    does not say it.
    """
    first = sql.read(f"{name}.sql").partition("\n")[0]
    found = _HEADER.fullmatch(first)
    if found is None:
        raise ConfigurationError(
            f"mlb_perf/sql/{name}.sql must begin with a line like "
            f"-- drop: VIEW performance_monitoring.name; it begins with {first!r}"
        )
    return found[1]


@Operations.register_operation("create_routine")
class CreateRoutineOp(MigrateOperation):
    """Create a function or a view from its file."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def create_routine(cls, operations: Operations, name: str) -> None:
        """Run ``mlb_perf/sql/<name>.sql``; takes no lock on an object that exists."""
        operations.invoke(cls(name))

    def reverse(self) -> MigrateOperation:
        return DropRoutineOp(self.name)


@Operations.register_operation("drop_routine")
class DropRoutineOp(MigrateOperation):
    """Drop a function or a view."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def drop_routine(cls, operations: Operations, name: str) -> None:
        """Emit ``DROP``; RESTRICT, so that objects of other users that depend on it stay."""
        operations.invoke(cls(name))

    def reverse(self) -> MigrateOperation:
        return CreateRoutineOp(self.name)


@Operations.register_operation("replace_routine")
class ReplaceRoutineOp(MigrateOperation):
    """Replace a function or a view by its next version."""

    def __init__(self, name: str, previous: str) -> None:
        self.name = name
        self.previous = previous

    @classmethod
    def replace_routine(cls, operations: Operations, name: str, *, previous: str) -> None:
        """Drop ``previous`` and create ``name``, in the revision's transaction.

        Not CREATE OR REPLACE, which refuses another result or other columns and
        keeps properties that the new file does not mention.
        """
        operations.invoke(cls(name, previous))

    def reverse(self) -> MigrateOperation:
        return ReplaceRoutineOp(self.previous, self.name)


@Operations.implementation_for(CreateRoutineOp)
def _create(operations: Operations, operation: CreateRoutineOp) -> None:
    identity(operation.name)
    run_statements(operations, sql.read(f"{operation.name}.sql"))


@Operations.implementation_for(DropRoutineOp)
def _drop(operations: Operations, operation: DropRoutineOp) -> None:
    run_statements(operations, f"DROP {identity(operation.name)};")


@Operations.implementation_for(ReplaceRoutineOp)
def _replace(operations: Operations, operation: ReplaceRoutineOp) -> None:
    _drop(operations, DropRoutineOp(operation.previous))
    _create(operations, CreateRoutineOp(operation.name))


def run_statements(operations: Operations, statements: str) -> None:
    """Run SQL as it is, or write it if the command is offline."""
    context = operations.get_context()
    if context.as_sql:
        context.impl.static_output(statements.rstrip() + "\n")
        return
    assert context.connection is not None
    execute(context.connection, statements)
