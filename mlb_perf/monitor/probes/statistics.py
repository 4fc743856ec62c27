"""The planner's statistics of the tables: absent or out of date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import plural
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, from_file
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import qualified


def _poor(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if row.is_unanalyzed and row.bytes >= limits.unanalyzed_minimum_bytes:
            yield Finding(
                Severity.WARNING, "statistics", _name(row),
                "never analyzed: the planner guesses", float(row.bytes), "bytes",
                limits.unanalyzed_minimum_bytes, _analyze(row),
            )  # fmt: skip
        elif not row.is_unanalyzed and row.changed_rows >= limits.stale_statistics_minimum_rows:
            changed = row.changed_rows / max(row.live_rows, 1)
            if changed >= limits.stale_statistics_warning_ratio:
                yield _stale(row, changed, limits)


def _stale(row: Any, changed: float, limits: Thresholds) -> Finding:
    since = f"{row.analyzed_at:%Y-%m-%d %H:%M}" if row.analyzed_at else "its last ANALYZE"
    return Finding(
        Severity.WARNING, "statistics", _name(row),
        f"{plural(row.changed_rows, 'row')} changed since {since}: the statistics are out of date",
        changed, "ratio", limits.stale_statistics_warning_ratio, _analyze(row),
    )  # fmt: skip


def _name(row: Any) -> str:
    return f"{row.schema_name}.{row.table_name}"


def _analyze(row: Any) -> str:
    return f"ANALYZE {qualified(row.schema_name, row.table_name)}"


def _good(rows: Rows, _limits: Thresholds) -> Finding:
    never = sum(row.is_unanalyzed for row in rows)
    said = f"{plural(len(rows) - never, 'table')} analyzed"
    small = f", {plural(never, 'small or empty table')} never" if never else ""
    return Finding(Severity.OK, "statistics", "tables", said + small)


PROBES = (
    Probe(
        "statistics", from_file("statistics"), _poor, _good,
        (Metric("table_changed_rows", "Rows changed since the last ANALYZE", "changed_rows",
                ("schema_name", "table_name")),),
    ),
)  # fmt: skip
