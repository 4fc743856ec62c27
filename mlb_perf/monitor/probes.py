"""All probes, in the order in which equals are named: what hurts now before what costs."""

from __future__ import annotations

from mlb_perf.monitor import (
    indexes,
    limits,
    partitions,
    queries,
    sessions,
    statistics,
    storage,
    upkeep,
)
from mlb_perf.monitor.probe import Probe

PROBES: tuple[Probe, ...] = (
    *sessions.PROBES,
    *limits.PROBES,
    *partitions.PROBES,
    *queries.PROBES,
    *upkeep.PROBES,
    *statistics.PROBES,
    *storage.PROBES,
    *indexes.PROBES,
)
