"""All probes, in the order of their findings on the screen: urgent subjects first."""

from __future__ import annotations

from mlb_perf.monitor.probes import (
    activity,
    bloat,
    feeds,
    indexes,
    integrity,
    limits,
    maintenance_probes,
    partitions,
    pipeline,
    replication,
    sessions,
    statements,
    statistics,
    storage,
)
from mlb_perf.monitor.probes.probe import Probe

PROBES: tuple[Probe, ...] = (
    *sessions.PROBES,
    *limits.PROBES,
    *replication.PROBES,
    *partitions.PROBES,
    *pipeline.PROBES,
    *feeds.PROBES,
    *statements.PROBES,
    *maintenance_probes.PROBES,
    *integrity.PROBES,
    *statistics.PROBES,
    *bloat.PROBES,
    *storage.PROBES,
    *activity.PROBES,
    *indexes.PROBES,
)
