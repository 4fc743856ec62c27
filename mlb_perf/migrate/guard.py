"""Checks before the first step of an upgrade or a downgrade.

A revision is one transaction, but a command runs several: what would stop the
fifth is better said before the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import ForeignObjects, NameConflict

_MAX_NAMED = 20


def install(migration: MigrationContext) -> None:
    """Let the context check its steps before it takes the first.

    Alembic has no hook between planning and running; the function that plans
    is an attribute of the context.
    """
    plan = migration._migrations_fn
    assert plan is not None

    def checked(heads: Any, context: MigrationContext) -> list[RevisionStep]:
        _refuse_unknown(heads, context)
        steps = list(plan(heads, context))
        assert context.connection is not None
        check(context.connection, steps)
        return steps

    migration._migrations_fn = checked


def check(connection: Connection, steps: Iterable[MigrationStep]) -> None:
    """Raise before anything is changed if a step cannot be taken.

    :class:`~mlb_perf.errors.NameConflict` names the tables that an upgrade
    would make and that are there already;
    :class:`~mlb_perf.errors.ForeignObjects` names what a downgrade would have
    to drop although it is somebody else's, or what depends on what it drops.
    """
    revisions = [step for step in steps if isinstance(step, RevisionStep)]
    made = _tables(step.revision.module for step in revisions if step.is_upgrade)
    dropped = _tables(step.revision.module for step in revisions if step.is_downgrade)
    if made:
        _refuse_conflicts(connection, made)
    if dropped:
        _refuse_foreign(connection, dropped)


def _refuse_unknown(heads: Iterable[str], context: MigrationContext) -> None:
    assert context.script is not None
    known = {revision.revision for revision in context.script.walk_revisions()}
    unknown = [head for head in heads if head not in known]
    if unknown:
        raise NameConflict(
            f"{context.version_table} holds {_listed(unknown)}, which is no revision of mlb_perf; "
            "nothing was changed. If another application keeps its revision there, set "
            "version_table in alembic.ini to another name; if a newer mlb_perf wrote it, "
            "install that one"
        )


def _tables(modules: Iterable[ModuleType]) -> list[str]:
    return [
        f"{module.SCHEMA}.{table}" for module in modules for table in getattr(module, "TABLES", ())
    ]


def _refuse_conflicts(connection: Connection, tables: list[str]) -> None:
    present = _names(connection, "catalog/present.sql", tables)
    if present:
        raise NameConflict(
            f"the database already has {_listed(present)}, which mlb_perf did not make; nothing "
            "was changed. If it is a database of the same schema, compare it with "
            "`mlb-perf adopt --check` and take it over with `mlb-perf adopt`; otherwise name "
            "another database, or rename those tables"
        )


def _refuse_foreign(connection: Connection, tables: list[str]) -> None:
    foreign = _names(connection, "catalog/foreign.sql", tables)
    if foreign:
        raise ForeignObjects(
            f"the downgrade would drop schemas or tables that hold or carry {_listed(foreign)}, "
            "which mlb_perf did not make; nothing was changed. Move it to another schema "
            "(ALTER ... SET SCHEMA), or drop it if it is not needed, and run again"
        )


def _names(connection: Connection, query: str, tables: list[str]) -> list[str]:
    return list(connection.execute(text(sql.read(query)), {"tables": tables}).scalars())


def _listed(names: list[str]) -> str:
    rest = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")
