"""The steps of a command: an interrupted revision first, and each operation knows its revision."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep

from mlb_perf.online.half_done import steps_to_finish
from mlb_perf.online.journal import RUNNING, Running, journal_of, whole_revision
from mlb_perf.online.rebuild.state import finish_revision

BEGUN = "mlb_perf_steps"
"""The key of the context's option that says that the command has begun to run revisions."""

Plan = Callable[[Any, MigrationContext], Iterable[MigrationStep]]
"""The function of an Alembic command that gives its steps."""


def changes_revisions(context: MigrationContext) -> bool:
    """Whether the command is an upgrade or a downgrade: not a stamp, which alone can purge."""
    return "destination_rev" in context.opts and "purge" not in context.opts


def planned(plan: Plan) -> Plan:
    """The plan, after the steps that finish an interrupted revision."""

    def run(heads: Any, context: MigrationContext) -> Iterator[MigrationStep]:
        steps = list(plan(heads, context))
        if not changes_revisions(context):
            yield from steps
            return
        if not context.as_sql:
            yield from announced(to_finish(steps, heads, context), context)
        yield from announced(steps, context)

    return run


def to_finish(
    steps: Sequence[MigrationStep], heads: Any, context: MigrationContext
) -> list[RevisionStep]:
    """The steps that finish an interrupted revision, and take it back if it is not wanted."""
    assert context.script is not None
    applied = {r.revision for r in context.script.iterate_revisions(tuple(heads), "base")}
    own = [step for step in steps if isinstance(step, RevisionStep)]
    return steps_to_finish(context, own, applied)


def announced(steps: Iterable[MigrationStep], context: MigrationContext) -> Iterator[MigrationStep]:
    """Each step, after its operations know the revision that they belong to."""
    for step in steps:
        context.opts[BEGUN] = True
        if isinstance(step, RevisionStep):
            _announce(step, context)
        yield step


def _announce(step: RevisionStep, context: MigrationContext) -> None:
    run, journal = step.migration_fn, journal_of(context)
    direction = "upgrade" if step.is_upgrade else "downgrade"

    @functools.wraps(run)
    def announced(**arguments: Any) -> None:
        context.opts[RUNNING] = Running(step.revision.revision, direction, step.revision.doc)
        if context.as_sql:
            run(**arguments)
            return
        with whole_revision(context):
            run(**arguments)
            assert context.connection is not None
            if journal is not None:
                finish_revision(context.connection, journal, step.revision.revision, direction)

    step.migration_fn = announced
