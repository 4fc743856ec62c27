"""Space on the disks of the data directory, the WAL and the tablespaces, which SQL cannot see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mlb_perf.formatting import in_words
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.server_info import Facts
from mlb_perf.monitor.thresholds import Thresholds


def disk_findings(facts: Facts, limits: Thresholds) -> list[Finding]:
    """How full each disk is that is too full; else the fullest, if they are of this machine."""
    found = [_graded(directory, limits) for directory in _one_of_each_disk(facts)]
    if not found:
        return [Finding(
            Severity.OK, "disk", "disk",
            "not visible from here: the server is on another machine, or this role cannot read "
            "its settings; watch the disk there",
        )]  # fmt: skip
    fullest = max(found, key=lambda finding: finding.figure or 0)
    return [finding for finding in found if finding.severity] or [fullest]


def _one_of_each_disk(facts: Facts) -> Iterator[str]:
    """The directories of the server on different disks, as far as this account may look."""
    seen: set[int] = set()
    if (data := facts.data_directory) is None or not _is_here(data):
        return  # a tablespace of that name here would be another server's
    for directory in (data, str(Path(data, "pg_wal")), *facts.tablespaces):
        with suppress(OSError):  # the account of the server alone may enter its directory
            device = Path(directory).stat().st_dev
            if device not in seen:
                seen.add(device)
                yield directory


def _is_here(directory: str) -> bool:
    try:
        return Path(directory).exists()
    except PermissionError:
        return False


def _graded(directory: str, limits: Thresholds) -> Finding:
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
