"""``op.create_journal`` and its reverse: the tables of the journal."""

from __future__ import annotations

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations

from mlb_perf.names import literal, quote
from mlb_perf.online.journal import Journal
from mlb_perf.online.routines import run_statements


class _JournalOp(MigrateOperation):
    def __init__(self, schema: str) -> None:
        self.schema = schema


@Operations.register_operation("create_journal")
class CreateJournalOp(_JournalOp):
    """Create the journal's tables."""

    @classmethod
    def create_journal(cls, operations: Operations, schema: str) -> None:
        """Create ``migration_log`` and ``rebuilds`` in the schema, which is created if absent."""
        operations.invoke(cls(schema))

    def reverse(self) -> MigrateOperation:
        return DropJournalOp(self.schema)


@Operations.register_operation("drop_journal")
class DropJournalOp(_JournalOp):
    """Drop the journal's tables."""

    @classmethod
    def drop_journal(cls, operations: Operations, schema: str) -> None:
        """Drop them, and the schema if ``create_journal`` created it and nothing else is in it.

        Refused by the server (55000) while a rebuild is unfinished: its progress is there.
        """
        operations.invoke(cls(schema))

    def reverse(self) -> MigrateOperation:
        return CreateJournalOp(self.schema)


@Operations.implementation_for(CreateJournalOp)
def _create(operations: Operations, operation: CreateJournalOp) -> None:
    run_statements(operations, _statements("create_journal.sql", operation.schema))


@Operations.implementation_for(DropJournalOp)
def _drop(operations: Operations, operation: DropJournalOp) -> None:
    run_statements(operations, _statements("drop_journal.sql", operation.schema))


def _statements(file: str, schema: str) -> str:
    """The file with the names of the tables; it has no parameters."""
    content = Journal(schema).read(file)
    return content.replace("{schema}", quote(schema)).replace("{name}", literal(quote(schema)))


@renderers.dispatch_for(CreateJournalOp)
def _render_create(_: AutogenContext, operation: CreateJournalOp) -> str:
    return f"op.create_journal({operation.schema!r})"


@renderers.dispatch_for(DropJournalOp)
def _render_drop(_: AutogenContext, operation: DropJournalOp) -> str:
    return f"op.drop_journal({operation.schema!r})"
