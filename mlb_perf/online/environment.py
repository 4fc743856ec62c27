"""The options that ``env.py`` gives to ``context.configure``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import alembic.context
from alembic.autogenerate.rewriter import Rewriter
from alembic.operations import ops
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext

from mlb_perf.online import compare, index, proposals
from mlb_perf.online.journal import JOURNAL, Journal
from mlb_perf.online.locks import PATIENCE, Patience
from mlb_perf.online.rebuild.target import KEEP
from mlb_perf.online.steps import planned

indexes_online = Rewriter()
"""Autogenerate builds an index on a table that exists already while others write."""


@indexes_online.rewrites(ops.ModifyTableOps)
def _online(
    _context: MigrationContext, _heads: Iterable[str | None], found: ops.ModifyTableOps
) -> ops.ModifyTableOps:
    found.ops = [index.online(item) for item in found.ops]
    return found


def options(
    *, patience: Patience | None = None, journal: Journal | None = None, keep: bool = False
) -> dict[str, Any]:
    """The arguments for ``context.configure`` in ``env.py``.

    ``patience``: with locks, for the whole project. ``journal``: the tables in which steps are
    logged and rebuilds keep their progress; ``op.rebuild_table`` needs it. ``keep``: keep each
    rebuilt table beside the new one.
    """
    found = shared(patience=patience, journal=journal, keep=keep)
    environment: EnvironmentContext | None = getattr(alembic.context, "_proxy", None)
    plan = environment.context_opts.get("fn") if environment is not None else None
    return found if plan is None else {**found, "fn": planned(plan)}


def shared(
    *, patience: Patience | None = None, journal: Journal | None = None, keep: bool = False
) -> dict[str, Any]:
    """The same without the plan of the command, for an environment that has its own."""
    return {
        "transaction_per_migration": True,
        "autogenerate_plugins": ["alembic.autogenerate.*", compare.PLUGIN, proposals.PLUGIN],
        "process_revision_directives": indexes_online,
        PATIENCE: patience or Patience(),
        JOURNAL: journal,
        KEEP: keep,
    }
