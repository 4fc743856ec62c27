"""A rebuild from its current phase to its end."""

from __future__ import annotations

import logging
from dataclasses import replace

from mlb_perf.online.locks import under_lock
from mlb_perf.online.rebuild import build_indexes, cleanup, drift, dropped_columns, state
from mlb_perf.online.rebuild.attributes import Attributes
from mlb_perf.online.rebuild.begin import (
    named_by_table,
    one_session,
    refuse_moved,
    refuse_other_table,
    refused_by_shape,
    require_copy,
    require_journal,
)
from mlb_perf.online.rebuild.copy import copy, follow_partitions
from mlb_perf.online.rebuild.dependents import (
    snapshot,
    statistics,
    table_objects,
    views,
)
from mlb_perf.online.rebuild.dependents.snapshot import Dependents
from mlb_perf.online.rebuild.dependents.table_objects import TableObjects
from mlb_perf.online.rebuild.partitions import partitions_of, settle_rest
from mlb_perf.online.rebuild.prepare import create_shadow, keep_in_step, prepare
from mlb_perf.online.rebuild.rehearsal import give_all, rehearse
from mlb_perf.online.rebuild.state import State, read_state
from mlb_perf.online.rebuild.swap import ChangedMeanwhile, exchange, swap
from mlb_perf.online.rebuild.target import Rebuild, has_rows, search_path
from mlb_perf.online.rebuild.verify import verify

log = logging.getLogger("alembic.mlb_perf")


def run(given: Rebuild) -> None:
    """Continue in the phase of the state; without a state, begin.

    The connection is in autocommit mode; each phase has its own transactions.
    """
    require_journal(given)
    with one_session(given), named_by_table(given):
        phase = _phase(given)
        if phase == "finished":
            return
        if phase != "swapped":
            known = replace(given, search_path=search_path(given.connection))
            _to_the_swap(drift.with_shapes(known), phase)
        cleanup.finish(given)


def _phase(rebuild: Rebuild) -> str | None:
    found = read_state(rebuild)
    return found.phase if found is not None else None


def _with(rebuild: Rebuild, objects: TableObjects) -> Rebuild:
    to = table_objects.added_to(rebuild.target.to, objects)
    return replace(rebuild, target=replace(rebuild.target, to=to))


def _to_the_swap(given: Rebuild, phase: str | None) -> None:
    if phase is not None:
        require_copy(given)
    elif _begin(given):
        return
    if phase in (None, "prepared"):
        keep_in_step(given)
    if phase == "verified":  # by an earlier run: rows may have changed without a trigger since
        state.advance(given, phase="copying")
    while not _prepare_and_swap(given):
        log.info("%s: the table has changed meanwhile; preparing again", given.target.live)


def _begin(given: Rebuild) -> bool:
    """Create the shadow; True if the table is empty and has been swapped already."""
    refuse_other_table(given)
    found = snapshot.read(given)  # first: what arrives after it differs from it at the swap
    table_objects.refuse_unmovable(given)
    dropped_columns.refuse_needed(given)
    table_objects.refuse_kept(given)
    columns = drift.wanted(given)
    objects = table_objects.read(given)
    rebuild = _with(given, objects)
    with refused_by_shape(given):
        if _short_way(rebuild, found, objects, columns):
            return True
        prepare(given, objects.triggers, columns, lambda: rehearse(rebuild, found))
    return False


def _prepare_and_swap(given: Rebuild) -> bool:
    """Carry over the objects of this moment; False if they have changed before the swap."""
    found = snapshot.read(given)
    refuse_moved(given)
    table_objects.refuse_unmovable(given)
    dropped_columns.refuse_needed(given)
    columns = drift.wanted(given)
    objects = table_objects.read(given)
    rebuild = _with(given, objects)
    drift.follow(rebuild, columns)
    _copy_and_verify(rebuild)
    statistics.make(rebuild, found.statistics)
    build_indexes.analyze(rebuild)
    views.make_views(rebuild, found.views)
    views.make_references(rebuild)
    give_all(rebuild)
    try:
        swap(rebuild, found, objects.triggers)
    except ChangedMeanwhile:
        return False
    return True


def _copy_and_verify(rebuild: Rebuild) -> None:
    follow_partitions(rebuild, _state(rebuild))
    copy(rebuild, _state(rebuild))
    settle_rest(rebuild)
    build_indexes.drop_others(rebuild)
    build_indexes.pack_keys(rebuild)
    build_indexes.add_indexes(rebuild)
    build_indexes.add_checks(rebuild)
    build_indexes.add_foreign_keys(rebuild)
    if _state(rebuild).phase != "verified":
        digest = verify(rebuild)
        state.advance(rebuild, phase="verified", content_hash=digest)


def _state(rebuild: Rebuild) -> State:
    found = read_state(rebuild)
    assert found is not None
    return found


def _short_way(
    rebuild: Rebuild, found: Dependents, objects: TableObjects, columns: Attributes
) -> bool:
    """Change an empty table under one lock; False, with nothing done, if it has rows."""
    if has_rows(rebuild) or views.read_references(rebuild):
        return False
    wanted = partitions_of(rebuild)
    done = False

    def work() -> None:
        nonlocal done
        if not has_rows(rebuild) and snapshot.is_unchanged(rebuild, found):
            create_shadow(rebuild, wanted, columns)
            state.begin(rebuild, "copying")
            build_indexes.add_all_at_once(rebuild)
            statistics.create(rebuild, found.statistics)
            views.create_views(rebuild, found.views)
            give_all(rebuild)
            rebuild.run(exchange(rebuild, found, [], objects.triggers))
            state.advance(rebuild, phase="swapped")
            done = True

    under_lock(rebuild.step, [rebuild.target.live], "ACCESS EXCLUSIVE", work, rebuild.patience)
    return done
