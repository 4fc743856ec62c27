"""Indexes that are invalid, unused, duplicate or missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number, plural
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, count_of
from mlb_perf.monitor.thresholds import Thresholds

_DAY = 86400


def _invalid(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        yield Finding(
            Severity.WARNING, "invalid_indexes", f"{row.schema_name}.{row.index_name}",
            f"a concurrent build on {row.table_name} did not finish: writes maintain it, but no "
            "query uses it",
            float(row.index_bytes), "bytes", None, str(row.remedy),
        )  # fmt: skip


def _all_valid(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(Severity.OK, "invalid_indexes", "indexes", "every index is valid", 0, "count", 0)


def _duplicate(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if row.index_bytes >= limits.duplicate_index_minimum_bytes:
            how = "is the same as" if row.kind == "duplicate" else "has the leading columns of"
            yield Finding(
                Severity.WARNING, "duplicate_indexes", f"{row.schema_name}.{row.index_name}",
                f"{how} {row.covered_by} on {row.table_name}, which serves the same queries: each "
                "write maintains both",
                float(row.index_bytes), "bytes", limits.duplicate_index_minimum_bytes,
                str(row.drop_statement),
            )  # fmt: skip


def _no_duplicate(rows: Rows, limits: Thresholds) -> Finding:
    return _small(
        rows, "duplicate_indexes", "covered by another", limits.duplicate_index_minimum_bytes
    )


def _unused(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        age = number(row.statistics_age) or 0
        if (
            age >= limits.unused_index_minimum_days * _DAY
            and row.index_bytes >= limits.unused_index_minimum_bytes
        ):
            yield Finding(
                Severity.WARNING, "unused_indexes", f"{row.schema_name}.{row.index_name}",
                f"on {row.table_name}, not scanned in {in_words(age, 'seconds')} of statistics; "
                f"each write maintains it. {_before_dropping(row)}",
                float(row.index_bytes), "bytes", limits.unused_index_minimum_bytes,
                str(row.drop_statement),
            )  # fmt: skip


def _before_dropping(row: Any) -> str:
    if row.serves_foreign_key:
        return "It covers a foreign key: without it, a DELETE of a referenced row scans the table"
    return "Before you drop it, check the replicas, which have their own statistics"


def _all_used(rows: Rows, limits: Thresholds) -> Finding:
    ages = [number(row.statistics_age) or 0 for row in rows]
    if ages and max(ages) < limits.unused_index_minimum_days * _DAY:
        return Finding(
            Severity.OK, "unused_indexes", "indexes",
            f"not judged yet: statistics are {in_words(max(ages), 'seconds')} old",
            unit="days", threshold=limits.unused_index_minimum_days,
        )  # fmt: skip
    return _small(rows, "unused_indexes", "without a scan", limits.unused_index_minimum_bytes)


def _small(rows: Rows, probe: str, what: str, limit: float) -> Finding:
    total = float(sum(row.index_bytes for row in rows))
    said = f"{plural(len(rows), 'small index', 'small indexes')} {what}" if rows else f"none {what}"
    return Finding(Severity.OK, probe, "indexes", said, total, "bytes", limit)


def _missing(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if (
            row.table_rows >= limits.foreign_key_minimum_rows
            and row.referenced_deletes >= limits.foreign_key_deleted_minimum_rows
        ):
            yield Finding(
                Severity.WARNING, "missing_fk_indexes",
                f"{row.schema_name}.{row.table_name} {row.constraint_name}",
                f"no index begins with {', '.join(row.columns)}: each DELETE in "
                f"{row.referenced_table} ({row.referenced_deletes:,} so far) reads the whole table",
                float(row.table_rows), "rows", limits.foreign_key_minimum_rows,
                _built(str(row.create_statement)),
            )  # fmt: skip


def _built(statement: str) -> str:
    if "CONCURRENTLY" in statement:
        return statement
    return f"{statement} -- blocks writers meanwhile; op.create_index_online does not"


def _none_missing(rows: Rows, limits: Thresholds) -> Finding:
    said = (
        f"{plural(len(rows), 'key')} without an index, of small tables or without deletes"
        if rows
        else "every foreign key has an index"
    )
    most = float(max((row.table_rows for row in rows), default=0))
    return Finding(
        Severity.OK, "missing_fk_indexes", "foreign keys", said, most, "rows",
        limits.foreign_key_minimum_rows,
    )  # fmt: skip


def _usage(_rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    """The use is a figure to export; ``unused_indexes`` reports problems."""
    return iter(())


def _used(rows: Rows, _limits: Thresholds) -> Finding:
    used = sum(row.scans > 0 for row in rows)
    return Finding(
        Severity.OK, "index_usage", "indexes",
        f"{used:,} of {plural(len(rows), 'index', 'indexes')} used so far",
        used / len(rows) if rows else None, "ratio",
    )  # fmt: skip


def _count(name: str, help_: str) -> Metric:
    return Metric(name, help_, "index_bytes", combine=count_of, empty=True)


_INDEX = ("schema_name", "table_name", "index_name")

PROBES = (
    Probe(
        "invalid_indexes", "performance_monitoring.invalid_indexes", _invalid, _all_valid,
        (_count("invalid_indexes", "Indexes left behind by a concurrent build that failed"),),
    ),
    Probe(
        "missing_fk_indexes", "performance_monitoring.missing_fk_indexes",
        _missing, _none_missing,
        (Metric("missing_fk_indexes", "Foreign keys without an index", "table_rows",
                combine=count_of, empty=True),),
    ),
    Probe(
        "duplicate_indexes", "performance_monitoring.duplicate_indexes",
        _duplicate, _no_duplicate,
        (_count("duplicate_indexes", "Indexes that another one makes needless"),),
    ),
    Probe(
        "unused_indexes", "performance_monitoring.unused_indexes", _unused, _all_used,
        (_count("unused_indexes", "Indexes without a scan that no constraint needs"),),
    ),
    Probe(
        "index_usage", "performance_monitoring.index_usage", _usage, _used,
        (
            Metric("index_scans_total", "Scans since the statistics were reset", "scans", _INDEX,
                   kind="counter"),
            Metric("index_size_bytes", "Size, with all partitions", "index_bytes", _INDEX),
        ),
    ),
)  # fmt: skip
