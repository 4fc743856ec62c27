"""The swap: the shadow takes the table's name, under a lock of some milliseconds.

The old table moves to a schema of its own with its indexes, so that no name is
used twice; the shadow's indexes wait in another schema under their final names.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.names import qualified, quote
from mlb_perf.online.locks import under_lock
from mlb_perf.online.rebuild import sequences, state
from mlb_perf.online.rebuild.dependents import publications, snapshot, statistics, views
from mlb_perf.online.rebuild.dependents.snapshot import Dependents
from mlb_perf.online.rebuild.partitions import rest_is_empty, without_rest
from mlb_perf.online.rebuild.prepare import same_files, storage, storage_of
from mlb_perf.online.rebuild.target import (
    TRIGGER,
    TRUNCATE_TRIGGER,
    UNDEFINED_TABLE,
    Rebuild,
)
from mlb_perf.online.shadows import SHADOWS

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
        state.advance(rebuild, phase="swapped")

    try:
        held = under_lock(rebuild.step, locked, "ACCESS EXCLUSIVE", work, rebuild.patience)
    except DBAPIError as error:
        if diagnosis.sqlstate(error) != UNDEFINED_TABLE:
            raise
        raise ChangedMeanwhile from error  # a view, or a table that refers to this one, is gone
    swapped = rebuild.step.part("swap_table")
    swapped.rows = rebuild.step.rows
    swapped.write("succeeded", duration_ms=held)
    log.info("%s: swapped, under a lock of %.0f ms", rebuild.target.live, held)


def require_prepared(rebuild: Rebuild, found: Dependents) -> None:
    """Nobody can change the table or its dependents now: compare them with the preparation."""
    begun = state.read_state(rebuild)
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
    statements = [f"CREATE SCHEMA IF NOT EXISTS {quote(target.before_schema)}"]
    statements += [
        f"DROP TRIGGER IF EXISTS {name} ON {target.live}" for name in (TRIGGER, TRUNCATE_TRIGGER)
    ]
    counting = sequences.read(rebuild)
    statements += sequences.release(counting)
    statements += without_rest(rebuild, is_referenced=bool(keys))
    statements += _moved(rebuild, target.live, target.schema, target.before_schema)
    statements += _moved(rebuild, target.shadow, SHADOWS, target.schema)
    statements += sequences.hand_over(rebuild, counting)
    statements += views.swap_references(keys)
    statements += views.swap_views(found.views)
    statements += statistics.swap(found.statistics)
    statements += publications.swap(target, found.publications)
    return ";\n".join([*statements, *triggers])


def _moved(rebuild: Rebuild, table: str, before: str, after: str) -> list[str]:
    """The table to another schema, and its partitions if both sides have some of one name."""
    leaves = [position.name for position in storage_of(rebuild, table).values()]
    if not (rebuild.target.was.is_partitioned and rebuild.target.to.is_partitioned):
        leaves = []
    prefix = f"{quote(before)}."
    moving = [n for n in leaves if n.startswith(prefix) and n not in (table, rebuild.target.rest)]
    return [f"ALTER TABLE {name} SET SCHEMA {quote(after)}" for name in (*moving, table)]
