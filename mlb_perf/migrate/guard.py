"""Checks before the first step of an upgrade or a downgrade.

A revision is one transaction, but a command runs several: what would stop the
fifth is better said before the first.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from alembic.runtime.migration import (
    MigrationContext,
    MigrationStep,
    RevisionStep,
    StampStep,
)
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import ForeignObjects, NameConflict
from mlb_perf.migrate.adopt import baseline
from mlb_perf.migrate.half_done import steps_to_finish
from mlb_perf.models import metadata
from mlb_perf.online.journal import RUNNING, Running, whole_revision
from mlb_perf.online.routines import identity

_MAX_NAMED = 20


_STEPS = "mlb_perf_steps"


def has_steps(migration: MigrationContext) -> bool:
    """Whether the command got as far as having revisions to run."""
    return bool(migration.opts.get(_STEPS))


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
        if not any(isinstance(step, StampStep) for step in steps):
            refuse_absent(heads, context)
        assert context.connection is not None
        check(context.connection, steps)
        if "destination_rev" in context.opts:  # an upgrade or a downgrade, and no check
            steps = [*_to_finish(steps, heads, context), *steps]
        context.opts[_STEPS] = steps
        for step in steps:
            _announce(step, context)
        return steps

    migration._migrations_fn = checked


def _to_finish(
    steps: Sequence[MigrationStep], heads: Any, context: MigrationContext
) -> list[RevisionStep]:
    assert context.connection is not None
    assert context.script is not None
    return steps_to_finish(
        context.connection,
        context.script,
        [step for step in steps if isinstance(step, RevisionStep)],
        _applied(heads, context),
    )


def _announce(step: MigrationStep, context: MigrationContext) -> None:
    """Let the operations of a revision know which one they belong to, for the log."""
    if not isinstance(step, RevisionStep):
        return
    run = step.migration_fn
    direction = "upgrade" if step.is_upgrade else "downgrade"

    @functools.wraps(run)
    def announced(**arguments: Any) -> None:
        context.opts[RUNNING] = Running(step.revision.revision, direction, step.revision.doc)
        with whole_revision(context):
            run(**arguments)

    step.migration_fn = announced


def check(connection: Connection, steps: Iterable[MigrationStep]) -> None:
    """Raise before anything is changed if a step cannot be taken.

    :class:`~mlb_perf.errors.NameConflict` names the tables and views that an
    upgrade would make and that are there already;
    :class:`~mlb_perf.errors.ForeignObjects` names what a downgrade would have
    to drop although it is somebody else's, or what depends on what it drops.
    """
    revisions = [step for step in steps if isinstance(step, RevisionStep)]
    making = [step.revision.module for step in revisions if step.is_upgrade]
    dropping = [step.revision.module for step in revisions if step.is_downgrade]
    if made := _tables(making) + _routines(making, "VIEW"):
        _refuse_conflicts(connection, made)
    _refuse_foreign(connection, dropping)


def _refuse_unknown(heads: Iterable[str], context: MigrationContext) -> None:
    assert context.script is not None
    known = {revision.revision for revision in context.script.walk_revisions()}
    unknown = [head for head in heads if head not in known]
    if unknown:
        raise NameConflict(
            f"{context.version_table} holds {_listed(unknown)}, which is no revision of mlb_perf; "
            "nothing was changed. If another application keeps its revision there, set "
            "version_table in alembic.ini to another name; if a newer mlb_perf wrote it, "
            "install that one; if it is a revision of yours that is gone, say where the database "
            "stands with `alembic stamp --purge REVISION`"
        )


def _applied(heads: Iterable[str], context: MigrationContext) -> set[str]:
    assert context.script is not None
    return {r.revision for r in context.script.iterate_revisions(tuple(heads), "base")}


def refuse_absent(heads: Iterable[str], context: MigrationContext) -> None:
    """A revision of ours without any of its tables was written by somebody else.

    Numbers are short: another application's version table may hold 0007 too.
    """
    assert context.script is not None
    assert context.connection is not None
    applied = [r.module for r in context.script.iterate_revisions(tuple(heads), "base")]
    tables = _tables(applied)
    if tables and not _names(context.connection, "catalog/present.sql", tables):
        raise NameConflict(
            f"{context.version_table} says {_listed(list(heads))}, but none of the tables of that "
            "revision is there. If another application keeps its revision in that table, set "
            "version_table in alembic.ini to another name; if the tables were dropped by hand, "
            "say so with `alembic stamp --purge base`"
        )


def tables_of_all_revisions(script: ScriptDirectory) -> frozenset[str]:
    """Every table, as schema.name, that some revision makes."""
    return frozenset(_tables(revision.module for revision in script.walk_revisions()))


def _tables(modules: Iterable[ModuleType]) -> list[str]:
    return [
        f"{module.SCHEMA}.{table}" for module in modules for table in getattr(module, "TABLES", ())
    ]


def _routines(modules: Iterable[ModuleType], *kinds: str) -> list[str]:
    """The views or functions that the revisions make: ``schema.name``, ``schema.name(types)``."""
    made = [identity(name) for module in modules for name in getattr(module, "ROUTINES", ())]
    return [name for kind, _, name in (it.partition(" ") for it in made) if kind in kinds]


def _refuse_conflicts(connection: Connection, tables: list[str]) -> None:
    present = _names(connection, "catalog/present.sql", tables)
    if present:
        raise NameConflict(
            f"the database already has {_listed(present)}, and its version table does not say "
            "that mlb_perf made them; nothing was changed. If it is a database of the same schema, "
            "compare it with `mlb-perf adopt --check` and take it over with `mlb-perf adopt`; if "
            "its revision is in another version_table, name that in alembic.ini; otherwise name "
            "another database, or rename those tables"
        )


def _refuse_foreign(connection: Connection, dropping: list[ModuleType]) -> None:
    foreign = _names(
        connection,
        "catalog/foreign.sql",
        _tables(dropping),
        columns=known_columns(),
        relations=_routines(dropping, "VIEW"),
        functions=_routines(dropping, "FUNCTION", "PROCEDURE"),
    )
    if foreign:
        raise ForeignObjects(
            f"the downgrade would drop schemas or tables that hold, carry or are needed by "
            f"{_listed(foreign)}, which mlb_perf did not make; nothing was changed. Move what can "
            "be moved to another schema (ALTER ... SET SCHEMA), drop what is not needed, and run "
            "again"
        )


def known_columns() -> list[str]:
    """The columns (schema.table.column) of the baseline and of the models."""
    prefix = "column "
    old = [key.removeprefix(prefix) for key in baseline() if key.startswith(prefix)]
    new = [f"{t.fullname}.{c.name}" for t in metadata.tables.values() for c in t.columns]
    return sorted({*old, *new})


def _names(connection: Connection, query: str, tables: list[str], **values: list[str]) -> list[str]:
    parameters = {"tables": tables, **values}
    return list(connection.execute(text(sql.read(query)), parameters).scalars())


def _listed(names: list[str]) -> str:
    rest = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")
