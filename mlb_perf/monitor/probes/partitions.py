"""Partitions: months and hash partitions that are missing, and operations left half done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import plural
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows
from mlb_perf.monitor.thresholds import Thresholds

_COUNTED = "(SELECT *, 1 AS problems FROM performance_monitoring.partition_health) AS answer"
# An insert fails now, or will when the month begins.
_INSERTS_FAIL = ("months missing ahead", "hash partitions missing")
# Between seasons there are no rows; loads and promotions create the month of a late row.
_PAST_GAP = "gap"
# The probe ``statistics`` judges these, by its thresholds.
_JUDGED_ELSEWHERE = "stale statistics"


def _problems(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if row.problem in (_PAST_GAP, _JUDGED_ELSEWHERE):
            continue
        urgent = row.problem in _INSERTS_FAIL
        yield Finding(
            Severity.CRITICAL if urgent else Severity.WARNING, "partition_health", _name(row),
            f"{row.problem}: {row.detail}", remedy=row.remedy,
        )  # fmt: skip


def _name(row: Any) -> str:
    return f"{row.schema_name}.{row.partition_name or row.table_name}"


def _healthy(rows: Rows, _limits: Thresholds) -> Finding:
    said = "the months ahead exist"
    if gaps := sum(row.problem == _PAST_GAP for row in rows):
        said += f"; {plural(gaps, 'gap')} in the past, created when a row needs them"
    return Finding(Severity.OK, "partition_health", "partitions", said)


PROBES = (
    Probe(
        "partition_health", _COUNTED, _problems, _healthy,
        (Metric("partition_problems", "Problems of partitions", "problems",
                ("problem",), combine=sum, empty=True),),
    ),
)  # fmt: skip
