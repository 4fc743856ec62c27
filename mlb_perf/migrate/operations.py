"""Operations of the baseline: schemas, and tables from frozen SQL files."""

from __future__ import annotations

from alembic.operations import MigrateOperation, Operations

from mlb_perf import sql
from mlb_perf.online.routines import run_statements


@Operations.register_operation("create_schema")
class CreateSchemaOp(MigrateOperation):
    """Create a schema unless it exists; the comment marks one that this package created."""

    def __init__(self, name: str, comment: str) -> None:
        self.name = name
        self.comment = comment

    @classmethod
    def create_schema(cls, operations: Operations, name: str, comment: str) -> None:
        """Emit ``CREATE SCHEMA`` and ``COMMENT ON SCHEMA`` where there is none of that name.

        A schema that is there already stays as it is: a database administrator
        may have made it, with grants, for a role that may not create schemas.
        """
        operations.invoke(cls(name, comment))

    def reverse(self) -> MigrateOperation:
        return DropSchemaOp(self.name, self.comment)


@Operations.register_operation("drop_schema")
class DropSchemaOp(MigrateOperation):
    """Drop a schema if its comment says that we made it, and only if it is empty."""

    def __init__(self, name: str, comment: str) -> None:
        self.name = name
        self.comment = comment

    @classmethod
    def drop_schema(cls, operations: Operations, name: str, comment: str) -> None:
        """Emit ``DROP SCHEMA`` (RESTRICT) where the comment is ours.

        PostgreSQL refuses it with SQLSTATE 2BP01 while anything is left in the
        schema: objects of other users stay.
        """
        operations.invoke(cls(name, comment))

    def reverse(self) -> MigrateOperation:
        return CreateSchemaOp(self.name, self.comment)


@Operations.register_operation("run_sql_file")
class RunSqlFileOp(MigrateOperation):
    """Run frozen files below ``mlb_perf/sql`` unchanged."""

    def __init__(self, *names: str) -> None:
        self.names = names

    @classmethod
    def run_sql_file(cls, operations: Operations, *names: str) -> None:
        """Run every statement of the files, joined, in the revision's transaction.

        Several files make one statement where a list of rows (``WITH``) serves
        both an insert and its undo. The text goes to the server unchanged: no
        parameters, so colons and percent signs are only themselves.
        """
        operations.invoke(cls(*names))


@Operations.implementation_for(CreateSchemaOp)
def _create_schema(operations: Operations, operation: CreateSchemaOp) -> None:
    run_statements(
        operations,
        f"""DO $do$ BEGIN
    IF to_regnamespace('{operation.name}') IS NULL THEN
        CREATE SCHEMA {operation.name};
        COMMENT ON SCHEMA {operation.name} IS '{operation.comment}';
    END IF;
END $do$;""",
    )


@Operations.implementation_for(DropSchemaOp)
def _drop_schema(operations: Operations, operation: DropSchemaOp) -> None:
    run_statements(
        operations,
        f"""DO $do$ BEGIN
    IF obj_description(to_regnamespace('{operation.name}'), 'pg_namespace')
        = '{operation.comment}'
    THEN
        DROP SCHEMA {operation.name};
    END IF;
END $do$;""",
    )


@Operations.implementation_for(RunSqlFileOp)
def _run_sql_file(operations: Operations, operation: RunSqlFileOp) -> None:
    run_statements(operations, "".join(sql.read(name) for name in operation.names))
