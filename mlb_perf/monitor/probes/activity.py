"""What the statistics count: scans of whole tables, deadlocks, temporary files, checksums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number, plural
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, from_file, known
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import literal, qualified

_DAY = 86400
RESET = "SELECT pg_stat_reset() -- starts these counts again, and those of index scans"

_FIND = (
    "SELECT * FROM performance_monitoring.get_slow_queries(1, 20) -- CREATE INDEX CONCURRENTLY on "
    "the columns that they filter"
)


def _scans(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, read in known(rows, "rows_of_a_scan"):
        share = float(row.share)
        if (
            row.sequential_scans >= limits.sequential_scan_minimum_count
            and read >= limits.sequential_scan_minimum_rows
            and share >= limits.sequential_scan_warning_ratio
        ):
            table = qualified(row.schema_name, row.table_name)
            yield Finding(
                Severity.WARNING, "sequential_scans", f"{row.schema_name}.{row.table_name}",
                f"read as a whole {plural(row.sequential_scans, 'time')}, {read:,.0f} rows each; "
                f"by an index {plural(row.index_scans, 'time')}",
                share, "ratio", limits.sequential_scan_warning_ratio,
                f"{_FIND}; then count again: {_again(row, table)}",
            )  # fmt: skip


def _again(row: Any, table: str) -> str:
    if not row.is_partitioned:
        return f"SELECT pg_stat_reset_single_table_counters({literal(table)}::regclass)"
    leaves = f"pg_partition_tree({literal(table)})"
    return f"SELECT pg_stat_reset_single_table_counters(relid) FROM {leaves}"  # noqa: S608


def _few_scans(_rows: Rows, limits: Thresholds) -> Finding:
    return Finding(
        Severity.OK, "sequential_scans", "tables",
        "no large table is often read as a whole", None, "ratio",
        limits.sequential_scan_warning_ratio,
    )  # fmt: skip


def _rare(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, writes in known(rows, "writes_of_a_scan"):
        age = number(row.statistics_age) or 0
        if (
            writes >= limits.rare_index_warning_times
            and row.index_bytes >= limits.rare_index_minimum_bytes
            and age >= limits.unused_index_minimum_days * _DAY
        ):
            yield Finding(
                Severity.WARNING, "rare_indexes", f"{row.schema_name}.{row.index_name}",
                f"on {row.table_name}, scanned {plural(row.scans, 'time')} in "
                f"{in_words(age, 'seconds')}, for {row.writes:,} rows written: it costs more than "
                "it gives, unless a rare query needs it",
                writes, "times", limits.rare_index_warning_times, row.drop_statement,
            )  # fmt: skip


def _none_rare(rows: Rows, limits: Thresholds) -> Finding:
    ages = [number(row.statistics_age) or 0 for row in rows]
    said = "no large index is rarely used"
    if ages and max(ages) < limits.unused_index_minimum_days * _DAY:
        said = f"not judged yet: statistics are {in_words(max(ages), 'seconds')} old"
    return Finding(
        Severity.OK, "rare_indexes", "indexes", said, None, "times",
        limits.rare_index_warning_times,
    )  # fmt: skip


def _events(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    row = rows[0]
    if row.checksum_failures:
        yield Finding(
            Severity.CRITICAL, "database_events", "checksums",
            f"{plural(row.checksum_failures, 'page')} read with a wrong checksum, the last on "
            f"{row.checksum_last_failure:%Y-%m-%d %H:%M}: the disk or the memory is faulty",
            float(row.checksum_failures), "count", 0,
            "restore the last good backup on another machine (docs/operations.md); the server's "
            f"log names the file. {RESET}",
        )  # fmt: skip
    if row.deadlocks_per_day >= limits.deadlock_warning_count:
        yield Finding(
            Severity.WARNING, "database_events", "deadlocks",
            f"{plural(row.deadlocks, 'deadlock')} in {_days(row)}: programs lock the same rows in "
            "different orders; the server's log has both statements",
            row.deadlocks_per_day, "count", limits.deadlock_warning_count,
            f"lock rows in one order everywhere, e.g. by key; {RESET}",
        )  # fmt: skip
    if row.temp_bytes_per_day >= limits.temporary_warning_bytes:
        yield Finding(
            Severity.WARNING, "database_events", "temporary files",
            f"{in_words(float(row.temp_bytes), 'bytes')} in {plural(row.temp_files, 'file')} in "
            f"{_days(row)}: sorts and hashes do not fit into work_mem",
            row.temp_bytes_per_day, "bytes", limits.temporary_warning_bytes,
            "ALTER SYSTEM SET log_temp_files = '10MB' -- and raise work_mem for the roles whose "
            f"statements it logs; {RESET}",
        )  # fmt: skip


def _days(row: Any) -> str:
    return in_words(row.days * _DAY, "seconds")


def _no_events(rows: Rows, limits: Thresholds) -> Finding:
    row = rows[0]
    return Finding(
        Severity.OK, "database_events", "database",
        f"{plural(row.deadlocks, 'deadlock')}, {in_words(float(row.temp_bytes), 'bytes')} of "
        f"temporary files, no checksum failure in {_days(row)}",
        row.deadlocks_per_day, "count", limits.deadlock_warning_count,
    )  # fmt: skip


PROBES = (
    Probe(
        "database_events", from_file("database_events"), _events, _no_events,
        (
            Metric("deadlocks_total", "Deadlocks", "deadlocks", kind="counter"),
            Metric("temporary_bytes_total", "Temporary files", "temp_bytes", kind="counter"),
            Metric("checksum_failures_total", "Pages with a wrong checksum", "checksum_failures",
                   kind="counter"),
        ),
    ),
    Probe(
        "sequential_scans", from_file("sequential_scans"), _scans, _few_scans,
        (Metric("table_sequential_scans_total", "Scans of the whole table", "sequential_scans",
                ("schema_name", "table_name"), kind="counter"),),
    ),
    Probe("rare_indexes", from_file("rare_indexes"), _rare, _none_rare),
)  # fmt: skip
