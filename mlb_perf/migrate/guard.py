"""Checks before the first step of an upgrade or a downgrade.

A revision is one transaction, but a command runs several: an obstacle to the
fifth is better reported before the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.engine import plain_search_path
from mlb_perf.errors import ForeignObjects, NameConflict
from mlb_perf.migrate.adopt import baseline
from mlb_perf.migrate.revision_tables import tables_of
from mlb_perf.migrate.version_table import listed, refuse_unknown
from mlb_perf.online.distributed import refuse_distributed
from mlb_perf.online.routines import identity
from mlb_perf.online.steps import BEGUN, announced, to_finish
from mlb_perf.online.temporary import refuse_temporary

_STEPS = "the rebuilds or drops of these revisions"
_STAMPS = "purge"  # an option of the context that `alembic stamp` alone sets


def has_steps(migration: MigrationContext) -> bool:
    """Whether the command has begun to run revisions."""
    return bool(migration.opts.get(BEGUN))


def install(migration: MigrationContext) -> None:
    """Let the context check its steps before it takes the first.

    Alembic has no hook between planning and running; the function that plans
    is an attribute of the context. `alembic stamp` runs no revision, so nothing is checked or
    finished for it.
    """
    plan = migration._migrations_fn
    assert plan is not None

    def checked(heads: Any, context: MigrationContext) -> Iterator[Any]:
        assert context.connection is not None
        refuse_unknown(heads, context)
        with plain_search_path(context.connection):  # autogenerate compares here
            steps = list(plan(heads, context))
        if _STAMPS in context.opts:
            yield from steps
            return
        refuse_absent(heads, context)
        if "destination_rev" in context.opts:  # an upgrade or a downgrade, not a check
            yield from announced(to_finish(steps, heads, context), context)
        # After the interrupted revision, whose shadows and triggers are gone by now.
        check(context.connection, steps)
        yield from announced(steps, context)

    migration._migrations_fn = checked


def check(connection: Connection, steps: Iterable[MigrationStep]) -> None:
    """Raise before anything is changed if a step cannot be taken.

    :class:`~mlb_perf.errors.NameConflict` names the tables, views and functions that
    an upgrade would create and that exist already;
    :class:`~mlb_perf.errors.ForeignObjects` names objects of other users that a
    downgrade would have to drop, or that depend on objects that it drops.
    """
    revisions = [step for step in steps if isinstance(step, RevisionStep)]
    making = [step.revision.module for step in revisions if step.is_upgrade]
    dropping = [step.revision.module for step in revisions if step.is_downgrade]
    _refuse_distributed(connection, making, dropping)
    if made := tables_of(making) + _routines(making, "VIEW", "FUNCTION", "PROCEDURE"):
        _refuse_conflicts(connection, made)
    _refuse_foreign(connection, dropping)


def _refuse_distributed(
    connection: Connection, making: list[ModuleType], dropping: list[ModuleType]
) -> None:
    """A revision that rebuilds or drops a distributed table is refused before the first step."""
    rebuilt = [
        f"{schema}.{table}"
        for module in (*making, *dropping)
        for schema, table in getattr(module, "REBUILT", ())
    ]
    refuse_distributed(connection, [*rebuilt, *tables_of(dropping)], _STEPS)


def refuse_absent(heads: Iterable[str], context: MigrationContext) -> None:
    """Refuse a revision of ours without any of its tables: another application wrote it.

    Numbers are short: another application's version table may hold 0007 too.
    """
    assert context.script is not None
    assert context.connection is not None
    applied = [r.module for r in context.script.iterate_revisions(tuple(heads), "base")]
    tables = tables_of(applied)
    if tables and not _names(context.connection, "catalog/present.sql", tables):
        raise NameConflict(
            f"{context.version_table} says {listed(list(heads))}, but none of the tables of that "
            "revision exists. If another application keeps its revision in that table, set "
            "version_table in alembic.ini to another name; if the tables were dropped by hand, "
            "correct the version table with `alembic stamp --purge base`"
        )


def _routines(modules: Iterable[ModuleType], *kinds: str) -> list[str]:
    """The views or functions that the revisions make: ``schema.name``, ``schema.name(types)``."""
    made = [identity(name) for module in modules for name in getattr(module, "ROUTINES", ())]
    return [name for kind, _, name in (it.partition(" ") for it in made) if kind in kinds]


def _refuse_conflicts(connection: Connection, tables: list[str]) -> None:
    present = _names(connection, "catalog/present.sql", tables)
    if present:
        raise NameConflict(
            f"the database already has {listed(present)}, and its version table does not say "
            "that mlb_perf created them; nothing was changed. If it is a database of the same "
            "schema, compare it with `mlb-perf adopt --check` and take it over with `mlb-perf "
            "adopt`; if its revision is in another version_table, name that in alembic.ini; "
            "otherwise name another database, or rename those objects"
        )


def _refuse_foreign(connection: Connection, dropping: list[ModuleType]) -> None:
    foreign = _names(
        connection,
        "catalog/foreign.sql",
        tables_of(dropping),
        schemas=[module.SCHEMA for module in dropping if hasattr(module, "COMMENT")],
        columns=known_columns(),
        relations=_routines(dropping, "VIEW"),
        functions=_routines(dropping, "FUNCTION", "PROCEDURE"),
    )
    refuse_temporary(connection, "what the downgrade drops", foreign)
    if foreign:
        raise ForeignObjects(
            f"the downgrade would drop schemas or tables that hold, carry or are needed by "
            f"{listed(foreign)}, which mlb_perf did not create; nothing was changed. Move these "
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
