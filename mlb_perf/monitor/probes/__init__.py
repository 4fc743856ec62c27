"""All probes, in the order of their findings on the screen: urgent subjects first."""

from __future__ import annotations

from mlb_perf.monitor.probes import (
    feeds,
    indexes,
    limits,
    maintenance_probes,
    partitions,
    pipeline,
    sessions,
    statements,
    statistics,
    storage,
)
from mlb_perf.monitor.probes.probe import Probe

PROBES: tuple[Probe, ...] = (
    *sessions.PROBES,
    *limits.PROBES,
    *partitions.PROBES,
    *pipeline.PROBES,
    *feeds.PROBES,
    *statements.PROBES,
    *maintenance_probes.PROBES,
    *statistics.PROBES,
    *storage.PROBES,
    *indexes.PROBES,
)
