"""Tables: growth, cache hits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number, plural
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.probes.activity import RESET
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, known
from mlb_perf.monitor.thresholds import Thresholds

_TABLE = ("schema_name", "table_name")
_DAY = 86400


def _name(row: Any) -> str:
    return f"{row.schema_name}.{row.table_name}"


def _growth(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        days = (row.last_at - row.first_at).total_seconds() / _DAY
        if days < limits.growth_minimum_days:
            continue
        found = _near_its_limit(row, limits) or _multiplies(row, limits)
        if found is not None:
            yield found


def _near_its_limit(row: Any, limits: Thresholds) -> Finding | None:
    left = number(row.days_to_limit)
    if left is None or left > limits.growth_warning_days:
        return None
    urgent = left <= limits.growth_critical_days
    return Finding(
        Severity.CRITICAL if urgent else Severity.WARNING, "table_growth", _name(row),
        f"{_pace(row)}: close to its limit of {in_words(float(row.limit_bytes), 'bytes')}",
        left, "days", limits.growth_critical_days if urgent else limits.growth_warning_days,
        "SELECT * FROM performance_monitoring.table_growth -- archive old rows, or add space",
    )  # fmt: skip


def _multiplies(row: Any, limits: Thresholds) -> Finding | None:
    later, now = number(row.bytes_in_30_days) or 0, number(row.total_bytes) or 0
    if later < limits.growth_minimum_bytes or now == 0 or later / now < limits.growth_warning_times:
        return None
    return Finding(
        Severity.WARNING, "table_growth", _name(row),
        f"{_pace(row)}: {in_words(later, 'bytes')} in 30 days",
        later / now, "times", limits.growth_warning_times,
        "SELECT * FROM performance_monitoring.table_growth -- table_history has its history",
    )  # fmt: skip


def _pace(row: Any) -> str:
    pace = in_words(number(row.bytes_per_day) or 0, "bytes")
    return f"{in_words(number(row.total_bytes) or 0, 'bytes')}, {pace} more per day"


def _no_growth(rows: Rows, limits: Thresholds) -> Finding:
    longest = max(((row.last_at - row.first_at).total_seconds() / _DAY for row in rows), default=0)
    if longest < limits.growth_minimum_days:
        said = f"not judged yet: {longest:.1f} days of snapshots"
        return Finding(Severity.OK, "table_growth", "tables", said, None, "days",
                       limits.growth_minimum_days)  # fmt: skip
    pace = sum(max(pace, 0) for _, pace in known(rows, "bytes_per_day"))
    return Finding(
        Severity.OK, "table_growth", "tables", "growth of all tables per day", pace, "bytes"
    )


def _cache(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        ratio = number(row.hit_ratio)
        if (
            row.table_name is not None
            or ratio is None
            or _reads(row) < limits.cache_hit_minimum_blocks
        ):
            continue
        if ratio <= limits.cache_hit_warning_ratio:
            yield Finding(
                Severity.WARNING, "cache_hit", "database",
                f"of {_reads(row):,} block reads served by shared_buffers; the others went to the "
                "operating system or the disk",
                ratio, "ratio", limits.cache_hit_warning_ratio,
                "SELECT * FROM performance_monitoring.cache_hit ORDER BY blocks_read DESC -- then "  # noqa: S608
                "raise shared_buffers, or reduce the reads of the first tables; then count again: "
                f"{RESET}",
            )  # fmt: skip


def _reads(row: Any) -> int:
    return int((row.blocks_hit or 0) + (row.blocks_read or 0))


def _cached(rows: Rows, limits: Thresholds) -> Finding:
    whole = next((row for row in rows if row.table_name is None), None)
    read = _reads(whole) if whole else 0
    if whole is None or read < limits.cache_hit_minimum_blocks:
        return Finding(Severity.OK, "cache_hit", "database",
                       f"not judged yet: {plural(read, 'block')} read so far", None, "ratio",
                       limits.cache_hit_warning_ratio)  # fmt: skip
    return Finding(
        Severity.OK, "cache_hit", "database",
        f"of {read:,} block reads served by shared_buffers",
        number(whole.hit_ratio), "ratio", limits.cache_hit_warning_ratio,
    )  # fmt: skip


def _blocks(name: str, what: str, column: str, labels: tuple[str, ...] = ()) -> Metric:
    """Of each table, or of the database (the row without a table)."""
    return Metric(
        name, f"Blocks of the {'table' if labels else 'database'} {what}", column, labels,
        sum, "counter", only=lambda row: (row.table_name is None) is not bool(labels),
    )  # fmt: skip


PROBES = (
    Probe(
        "table_growth", "performance_monitoring.table_growth", _growth, _no_growth,
        (
            Metric("table_size_bytes", "Heap, TOAST and indexes at the last snapshot",
                   "total_bytes", _TABLE),
        ),
    ),
    Probe(
        "cache_hit", "performance_monitoring.cache_hit", _cache, _cached,
        (
            _blocks("database_blocks_hit_total", "found in the cache", "blocks_hit"),
            _blocks("database_blocks_read_total", "not found there", "blocks_read"),
            _blocks("table_blocks_hit_total", "found in the cache", "blocks_hit", _TABLE),
            _blocks("table_blocks_read_total", "not found there", "blocks_read", _TABLE),
        ),
    ),
)  # fmt: skip
