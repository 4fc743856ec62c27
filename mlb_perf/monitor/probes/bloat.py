"""Bloat of tables and indexes, and the autovacuum that should prevent it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, plural
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, from_file, known
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import literal, qualified, shell_word

_TABLE = ("schema_name", "table_name")
_MOSTLY_DEAD = 0.2


def _bloat(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if not row.is_known:
            continue  # the probe ``statistics`` or ``rights`` says why
        if row.bloat_bytes >= limits.bloat_minimum_bytes:
            ratio = float(row.bloat_ratio)
            severity, limit = grade(ratio, limits.bloat_warning_ratio, limits.bloat_critical_ratio)
            if severity:
                yield _bloated(row, severity, ratio, limit)


def _bloated(row: Any, severity: Severity, ratio: float, limit: float) -> Finding:
    table = qualified(row.schema_name, row.table_name)
    return Finding(
        severity, "table_bloat", f"{row.schema_name}.{row.table_name}",
        f"{in_words(row.bloat_bytes, 'bytes')} of {in_words(row.heap_bytes, 'bytes')} are bloat "
        f"(estimated; table_bloat_exact({literal(table)}) reads the table), "
        f"{_dead(row)}",
        ratio, "ratio", limit, _repack(row, table),
    )  # fmt: skip


def _dead(row: Any) -> str:
    dead = plural(row.dead_rows, "dead row") if row.dead_rows else "no dead rows"
    return dead if _has_dead(row) else f"{dead}: VACUUM would not make it smaller, a repack does"


def _has_dead(row: Any) -> bool:
    """Whether VACUUM would free a good part of the bloat; NULL if all rows are dead."""
    return bool(row.dead_rows) and (
        row.dead_bytes is None or row.dead_bytes >= _MOSTLY_DEAD * row.bloat_bytes
    )


def _repack(row: Any, table: str) -> str:
    if _has_dead(row):
        return f"VACUUM (ANALYZE) {table} -- makes the space usable again"
    if row.partition_of:
        return f"VACUUM FULL {table} -- blocks its readers and writers meanwhile"
    return f"mlb-perf rebuilds start {shell_word(table)} -- readers and writers continue"


def _no_bloat(rows: Rows, limits: Thresholds) -> Finding:
    total = float(sum(bloat for _, bloat in known(rows, "bloat_bytes")))
    unknown = sum(not row.is_known and (row.heap_bytes or 0) > 0 for row in rows)
    said = "estimate for all tables"
    said += f" except {plural(unknown, 'table')} without statistics" if unknown else ""
    return Finding(
        Severity.OK, "table_bloat", "tables", said, total, "bytes",
        limits.bloat_minimum_bytes,
    )  # fmt: skip


def _index_bloat(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, bloat in known(rows, "bloat_bytes"):
        ratio = float(row.bloat_ratio)
        severity, limit = grade(
            ratio, limits.index_bloat_warning_ratio, limits.index_bloat_critical_ratio
        )
        if severity and bloat >= limits.bloat_minimum_bytes:
            index = qualified(row.schema_name, row.index_name)
            yield Finding(
                severity, "index_bloat", f"{row.schema_name}.{row.index_name}",
                f"{in_words(bloat, 'bytes')} of {in_words(row.index_bytes, 'bytes')} of this index "
                f"on {row.table_name} are empty (estimated)",
                ratio, "ratio", limit, f"REINDEX INDEX CONCURRENTLY {index}",
            )  # fmt: skip


def _no_index_bloat(rows: Rows, limits: Thresholds) -> Finding:
    total = float(sum(max(bloat, 0) for _, bloat in known(rows, "bloat_bytes")))
    unknown = sum(not row.is_known for row in rows)
    said = "estimate for all B-trees"
    if unknown:
        said += (
            f" except {plural(unknown, 'index', 'indexes')} of text without statistics: ANALYZE "
            "the tables, and GRANT SELECT on them to this role"
        )
    return Finding(
        Severity.OK, "index_bloat", "indexes", said, total, "bytes", limits.bloat_minimum_bytes
    )


def _autovacuum(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if row.is_off:
            yield _off(row)
            continue
        late = row.dead_rows / row.threshold_rows if row.threshold_rows else 0.0
        severity, limit = grade(late, limits.autovacuum_warning_times)
        if severity and row.dead_rows >= limits.autovacuum_minimum_rows:
            since = f"{row.last_vacuum_at:%Y-%m-%d %H:%M}" if row.last_vacuum_at else "never"
            yield Finding(
                severity, "autovacuum", row.table_name,
                f"{plural(row.dead_rows, 'dead row')}, autovacuum should begin at "
                f"{row.threshold_rows:,.0f}; last VACUUM {since}. If long_transactions names none, "
                "raise autovacuum_max_workers or autovacuum_vacuum_cost_limit",
                late, "times", limit, f"VACUUM (ANALYZE) {row.table_name}",
            )  # fmt: skip


def _off(row: Any) -> Finding:
    if row.table_name is None:
        return Finding(
            Severity.WARNING, "autovacuum", "server",
            "autovacuum is off: dead rows gather, statistics age, and transaction ids run out",
            remedy="ALTER SYSTEM SET autovacuum = on; ALTER SYSTEM SET track_counts = on; "
            "SELECT pg_reload_conf()",
        )  # fmt: skip
    return Finding(
        Severity.WARNING, "autovacuum", row.table_name,
        f"autovacuum is off for this table; it has {plural(row.dead_rows, 'dead row')}",
        remedy=f"ALTER TABLE {row.table_name} RESET (autovacuum_enabled)",
    )  # fmt: skip


def _vacuumed(rows: Rows, limits: Thresholds) -> Finding:
    late = max(
        (row.dead_rows / row.threshold_rows for row in rows if row.threshold_rows), default=0.0
    )
    return Finding(
        Severity.OK, "autovacuum", "tables",
        "dead rows of the worst table, relative to the number at which autovacuum begins",
        late, "times", limits.autovacuum_warning_times,
    )  # fmt: skip


PROBES = (
    Probe(
        "autovacuum", from_file("autovacuum"), _autovacuum, _vacuumed,
        (Metric("autovacuum_off", "Tables that autovacuum leaves alone, and the server's setting",
                "is_off", combine=sum),),
    ),
    Probe(
        "table_bloat", "performance_monitoring.table_bloat", _bloat, _no_bloat,
        (
            Metric("table_bloat_bytes", "Estimated bloat of the heap", "bloat_bytes", _TABLE),
            Metric("table_dead_rows", "Estimated dead rows", "dead_rows", _TABLE),
            Metric("table_heap_bytes", "Size of the heap", "heap_bytes", _TABLE),
        ),
    ),
    Probe(
        "index_bloat", from_file("index_bloat"), _index_bloat, _no_index_bloat,
        (Metric("index_bloat_bytes", "Estimated empty part of a B-tree", "bloat_bytes",
                ("schema_name", "table_name", "index_name")),),
    ),
)  # fmt: skip
