"""Space on the disk of the data directory, which SQL cannot see."""

from __future__ import annotations

import shutil
from pathlib import Path

from mlb_perf.formatting import in_words
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.server_info import Facts
from mlb_perf.monitor.thresholds import Thresholds


def disk_finding(facts: Facts, limits: Thresholds) -> Finding:
    """How full the disk is, if it is one of this machine."""
    directory = facts.data_directory
    if directory is None or not Path(directory).exists():
        return Finding(
            Severity.OK, "disk", "disk",
            "not visible from here: the server is on another machine, or this role cannot read "
            "its settings; watch the disk there",
        )  # fmt: skip
    space = shutil.disk_usage(directory)
    used = 1 - space.free / space.total
    severity, limit = grade(used, limits.disk_warning_ratio, limits.disk_critical_ratio)
    said = f"used of the disk of {directory}; {in_words(float(space.free), 'bytes')} are free"
    remedy = None
    if severity:
        said += ": when it is full, the server stops"
        remedy = (
            "SELECT * FROM performance_monitoring.table_growth -- move old months to archives "
            "(docs/archives.md), look at wal_size and replication_slots, or add space"
        )
    return Finding(severity, "disk", directory, said, used, "ratio", limit, remedy)
