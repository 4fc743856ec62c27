"""A rebuild from where it stands to its end."""

from __future__ import annotations

import logging
from dataclasses import replace

from mlb_perf.online.lock_ladder import under_lock
from mlb_perf.online.rebuild import build_indexes, cleanup, default_partition, state
from mlb_perf.online.rebuild.copy import copy, follow_partitions
from mlb_perf.online.rebuild.dependents import dependents, publications, statistics, views
from mlb_perf.online.rebuild.dependents.foreign_objects import (
    Extras,
    read_extras,
    refuse_kept,
    refuse_unmovable,
    with_extras,
)
from mlb_perf.online.rebuild.partitions import partitions_of
from mlb_perf.online.rebuild.prepare import create_shadow, keep_in_step, prepare
from mlb_perf.online.rebuild.state import State, read_state
from mlb_perf.online.rebuild.swap import ChangedMeanwhile, exchange, swap
from mlb_perf.online.rebuild.target import Rebuild, has_rows
from mlb_perf.online.rebuild.verify import verify

log = logging.getLogger("alembic.mlb_perf")


def run(given: Rebuild) -> None:
    """Go on from the phase that the state names; the first time, begin.

    The connection is in autocommit mode; each phase has its own transactions.
    """
    phase = _phase(given)
    if phase == "finished":
        return
    if phase != "swapped":
        extras = read_extras(given)
        rebuild = replace(
            given, target=replace(given.target, to=with_extras(given.target.to, extras))
        )
        _to_the_swap(rebuild, phase, extras)
    cleanup.finish(given)


def _phase(rebuild: Rebuild) -> str | None:
    found = read_state(rebuild.connection, rebuild.target)
    return found.phase if found is not None else None


def _to_the_swap(rebuild: Rebuild, phase: str | None, extras: Extras) -> None:
    if phase is None:
        refuse_unmovable(rebuild)
        refuse_kept(rebuild)
        publications.refuse(rebuild, publications.read(rebuild))
        if _short_way(rebuild, extras):
            return
        prepare(rebuild, extras.triggers)
    if phase in (None, "prepared"):
        keep_in_step(rebuild)
    while True:
        _copy_and_verify(rebuild)
        found = dependents.read(rebuild)
        statistics.make(rebuild, found.statistics)
        build_indexes.analyze(rebuild)
        views.make_views(rebuild, found.views)
        views.make_references(rebuild)
        views.give(rebuild, "privileges", rebuild.target.live, rebuild.target.shadow)
        views.give(rebuild, "settings", rebuild.target.live, rebuild.target.shadow)
        try:
            swap(rebuild, found, extras.triggers)
        except ChangedMeanwhile:
            log.info("%s: something was added meanwhile; once more", rebuild.target.live)
        else:
            return


def _copy_and_verify(rebuild: Rebuild) -> None:
    follow_partitions(rebuild, _state(rebuild))
    copy(rebuild, _state(rebuild))
    default_partition.settle(rebuild)
    build_indexes.pack_keys(rebuild)
    build_indexes.add_indexes(rebuild)
    build_indexes.add_foreign_keys(rebuild)
    if _state(rebuild).phase != "verified":
        digest = verify(rebuild)
        state.advance(rebuild.connection, rebuild.target, phase="verified", content_hash=digest)


def _state(rebuild: Rebuild) -> State:
    found = read_state(rebuild.connection, rebuild.target)
    assert found is not None
    return found


def _short_way(rebuild: Rebuild, extras: Extras) -> bool:
    """An empty table is changed under one lock; False, with nothing done, if it has rows."""
    if has_rows(rebuild):
        return False
    wanted = partitions_of(rebuild)
    found, keys = dependents.read(rebuild), views.read_references(rebuild)
    if keys:
        return False
    done = False

    def work() -> None:
        nonlocal done
        if not has_rows(rebuild) and dependents.is_unchanged(rebuild, found):
            create_shadow(rebuild, wanted)
            state.begin(rebuild.connection, rebuild.target, "copying")
            build_indexes.add_all_at_once(rebuild)
            statistics.create(rebuild, found.statistics)
            views.create_views(rebuild, found.views)
            for what in ("privileges", "settings"):
                views.give(rebuild, what, rebuild.target.live, rebuild.target.shadow)
            rebuild.run(exchange(rebuild, found, [], extras.triggers))
            state.advance(rebuild.connection, rebuild.target, phase="swapped")
            done = True

    under_lock(rebuild.step, [rebuild.target.live], "ACCESS EXCLUSIVE", work, rebuild.patience)
    return done
