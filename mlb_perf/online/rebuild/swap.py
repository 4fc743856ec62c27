"""The swap: the shadow takes the table's name, under a lock of some milliseconds.

The old table moves to a schema of its own with its indexes, so that no name is
used twice; the shadow's indexes wait in another schema under their final names.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Row

from mlb_perf.names import qualified, quote
from mlb_perf.online.journal import Step
from mlb_perf.online.lock_ladder import under_lock
from mlb_perf.online.rebuild import state
from mlb_perf.online.rebuild.dependents import publications, snapshot, statistics, views
from mlb_perf.online.rebuild.dependents.snapshot import Dependents
from mlb_perf.online.rebuild.partitions import rest_is_empty, without_rest
from mlb_perf.online.rebuild.prepare import same_files, sequences, storage
from mlb_perf.online.rebuild.target import TRIGGER, TRUNCATE_TRIGGER, Rebuild

log = logging.getLogger("alembic.mlb_perf")


class ChangedMeanwhile(Exception):
    """The table or its dependents changed after the preparation: prepare again."""


def swap(rebuild: Rebuild, found: Dependents, triggers: tuple[str, ...]) -> None:
    """Change places; raises :class:`ChangedMeanwhile` with nothing done.

    Views are locked before the table, as their readers do, so that a reader who
    holds a view and waits for the table does not hold up the swap in turn.
    """
    keys = views.read_references(rebuild)
    plain = [v for v in reversed(found.views) if not v.is_materialised]
    locked = [qualified(v.schema_name, v.name) for v in plain]
    locked += [*{key.table_name for key in keys}, rebuild.target.live]
    statements = exchange(rebuild, found, keys, triggers)

    def work() -> None:
        require_prepared(rebuild, found)
        rebuild.run(statements)
        state.advance(rebuild.connection, rebuild.target, phase="swapped")

    held = under_lock(rebuild.step, locked, "ACCESS EXCLUSIVE", work, rebuild.patience)
    swapped = Step(rebuild.connection, rebuild.step.revision, "swap_table", rebuild.target.live)
    swapped.rows = rebuild.step.rows
    swapped.write("succeeded", duration_ms=held)
    log.info("%s: swapped, under a lock of %.0f ms", rebuild.target.live, held)


def require_prepared(rebuild: Rebuild, found: Dependents) -> None:
    """Nobody can change the table or its dependents now: compare them with the preparation."""
    begun = state.read_state(rebuild.connection, rebuild.target)
    if begun is None or not same_files(storage(rebuild), begun.positions):
        raise ChangedMeanwhile
    if not rest_is_empty(rebuild):
        raise ChangedMeanwhile
    if not snapshot.is_unchanged(rebuild, found):
        raise ChangedMeanwhile


def exchange(
    rebuild: Rebuild, found: Dependents, keys: list[Row[Any]], triggers: tuple[str, ...]
) -> str:
    """Catalog changes alone, for the transaction that holds the lock; sent as one string.

    Each round trip would hold the lock for some more milliseconds on a busy machine.
    """
    target = rebuild.target
    statements = [f"CREATE SCHEMA IF NOT EXISTS {target.before_schema}"]
    statements += [
        f"DROP TRIGGER IF EXISTS {name} ON {target.live}" for name in (TRIGGER, TRUNCATE_TRIGGER)
    ]
    owned = sequences(rebuild)
    statements += [f"ALTER SEQUENCE {sequence} OWNED BY NONE" for _, sequence in owned]
    statements += without_rest(rebuild, is_referenced=bool(keys))
    statements.append(f"ALTER TABLE {target.live} SET SCHEMA {target.before_schema}")
    statements.append(f"ALTER TABLE {target.shadow} SET SCHEMA {quote(target.schema)}")
    statements += [f"ALTER SEQUENCE {s} OWNED BY {target.live}.{column}" for column, s in owned]
    statements += views.swap_references(keys)
    statements += views.swap_views(found.views)
    statements += statistics.swap(found.statistics)
    statements += publications.swap(target, found.publications)
    return ";\n".join([*statements, *triggers])
