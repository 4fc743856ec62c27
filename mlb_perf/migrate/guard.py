"""Checks before the first step of an upgrade or a downgrade.

A revision is one transaction, but a command runs several: an obstacle to the
fifth is better reported before the first.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

from alembic.runtime.migration import (
    MigrationContext,
    MigrationStep,
    RevisionStep,
)
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import ConfigurationError, ForeignObjects, NameConflict
from mlb_perf.migrate.adopt import baseline
from mlb_perf.migrate.half_done import steps_to_finish
from mlb_perf.online.journal import RUNNING, Running, whole_revision
from mlb_perf.online.rebuild.state import finish_revision
from mlb_perf.online.routines import identity

_MAX_NAMED = 20


_STEPS = "mlb_perf_steps"
_STAMPS = "purge"  # an option of the context that `alembic stamp` alone sets


def has_steps(migration: MigrationContext) -> bool:
    """Whether the command has begun to run revisions."""
    return bool(migration.opts.get(_STEPS))


def install(migration: MigrationContext) -> None:
    """Let the context check its steps before it takes the first.

    Alembic has no hook between planning and running; the function that plans
    is an attribute of the context. `alembic stamp` runs no revision, so nothing is checked or
    finished for it.
    """
    plan = migration._migrations_fn
    assert plan is not None

    def checked(heads: Any, context: MigrationContext) -> Iterator[Any]:
        _refuse_unknown(heads, context)
        steps = list(plan(heads, context))
        if _STAMPS in context.opts:
            yield from steps
            return
        refuse_absent(heads, context)
        if "destination_rev" in context.opts:  # an upgrade or a downgrade, not a check
            yield from _announced(_to_finish(steps, heads, context), context)
        # After the interrupted revision, whose shadows and triggers are gone by now.
        assert context.connection is not None
        check(context.connection, steps)
        yield from _announced(steps, context)

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


def _announced(
    steps: Sequence[MigrationStep], context: MigrationContext
) -> Iterator[MigrationStep]:
    """Each step, after its operations know the revision that they belong to."""
    for step in steps:
        context.opts[_STEPS] = True
        _announce(step, context)
        yield step


def _announce(step: MigrationStep, context: MigrationContext) -> None:
    if not isinstance(step, RevisionStep):
        return
    run = step.migration_fn
    direction = "upgrade" if step.is_upgrade else "downgrade"

    @functools.wraps(run)
    def announced(**arguments: Any) -> None:
        context.opts[RUNNING] = Running(step.revision.revision, direction, step.revision.doc)
        with whole_revision(context):
            run(**arguments)
            assert context.connection is not None
            finish_revision(context.connection, step.revision.revision, direction)

    step.migration_fn = announced


def check(connection: Connection, steps: Iterable[MigrationStep]) -> None:
    """Raise before anything is changed if a step cannot be taken.

    :class:`~mlb_perf.errors.NameConflict` names the tables and views that an
    upgrade would create and that exist already;
    :class:`~mlb_perf.errors.ForeignObjects` names objects of other users that a
    downgrade would have to drop, or that depend on objects that it drops.
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
            f"{context.version_table} holds {_listed(unknown)}, which is not a revision of "
            "mlb_perf; nothing was changed. If another application keeps its revision there, set "
            "version_table in alembic.ini to another name; if a newer mlb_perf wrote it, install "
            "that version; if it is a revision of your own that no longer exists, correct the "
            "version table with `alembic stamp --purge REVISION`, which changes nothing else"
        )


def _applied(heads: Iterable[str], context: MigrationContext) -> set[str]:
    assert context.script is not None
    return {r.revision for r in context.script.iterate_revisions(tuple(heads), "base")}


def refuse_absent(heads: Iterable[str], context: MigrationContext) -> None:
    """Refuse a revision of ours without any of its tables: another application wrote it.

    Numbers are short: another application's version table may hold 0007 too.
    """
    assert context.script is not None
    assert context.connection is not None
    applied = [r.module for r in context.script.iterate_revisions(tuple(heads), "base")]
    tables = _tables(applied)
    if tables and not _names(context.connection, "catalog/present.sql", tables):
        raise NameConflict(
            f"{context.version_table} says {_listed(list(heads))}, but none of the tables of that "
            "revision exists. If another application keeps its revision in that table, set "
            "version_table in alembic.ini to another name; if the tables were dropped by hand, "
            "correct the version table with `alembic stamp --purge base`"
        )


def tables_of_all_revisions(script: ScriptDirectory) -> frozenset[str]:
    """Every table, as schema.name, that some revision makes."""
    return frozenset(_tables(revision.module for revision in script.walk_revisions()))


def _tables(modules: Iterable[ModuleType]) -> list[str]:
    return [
        f"{_schema(module)}.{table}"
        for module in modules
        for table in getattr(module, "TABLES", ())
    ]


def _schema(module: ModuleType) -> str:
    if not hasattr(module, "SCHEMA"):
        raise ConfigurationError(
            f"{module.__file__} has TABLES but no SCHEMA; add SCHEMA, the schema in which the "
            "revision creates these tables"
        )
    return str(module.SCHEMA)


def _routines(modules: Iterable[ModuleType], *kinds: str) -> list[str]:
    """The views or functions that the revisions make: ``schema.name``, ``schema.name(types)``."""
    made = [identity(name) for module in modules for name in getattr(module, "ROUTINES", ())]
    return [name for kind, _, name in (it.partition(" ") for it in made) if kind in kinds]


def _refuse_conflicts(connection: Connection, tables: list[str]) -> None:
    present = _names(connection, "catalog/present.sql", tables)
    if present:
        raise NameConflict(
            f"the database already has {_listed(present)}, and its version table does not say "
            "that mlb_perf created them; nothing was changed. If it is a database of the same "
            "schema, compare it with `mlb-perf adopt --check` and take it over with `mlb-perf "
            "adopt`; if its revision is in another version_table, name that in alembic.ini; "
            "otherwise name another database, or rename those tables"
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
            f"{_listed(foreign)}, which mlb_perf did not create; nothing was changed. Move these "
            "objects to another schema (ALTER ... SET SCHEMA) or drop them, and run again"
        )


def known_columns() -> list[str]:
    """The columns (schema.table.column) of the baseline and of the models."""
    from mlb_perf.models import metadata  # which only a downgrade needs

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
