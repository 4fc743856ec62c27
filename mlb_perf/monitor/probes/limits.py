"""Hard limits of the server: numbers of a sequence, transaction ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import plural
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, known
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import qualified, shell_word

_HEADROOM = (
    "(SELECT w.*, coalesce(d.datallowconn, true) AS takes_connections"
    " FROM performance_monitoring.wraparound_headroom AS w"
    " LEFT JOIN pg_database AS d ON w.scope = 'database' AND d.datname = w.object_name) AS answer"
)


def _sequences(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, used in known(rows, "used_ratio"):
        severity, limit = grade(used, limits.sequence_warning_ratio, limits.sequence_critical_ratio)
        if severity:
            column = f" for {row.table_name}.{row.column_name}" if row.table_name else ""
            yield Finding(
                severity, "sequence_headroom", f"{row.schema_name}.{row.sequence_name}",
                f"{row.values_left:,} numbers left{column}; then every INSERT fails",
                used, "ratio", limit, _wider(row),
            )  # fmt: skip


def _wider(row: Any) -> str:
    sequence = f"ALTER SEQUENCE {qualified(row.schema_name, row.sequence_name)} AS bigint"
    if row.table_name is None:
        return sequence
    column = qualified(row.column_name)
    return (
        f"{sequence}; ALTER TABLE {row.table_name} ALTER COLUMN {column} TYPE bigint "
        "-- locks the table during the rewrite; op.rebuild_table (docs/migrations.md) does not"
    )


def _room_in_sequences(rows: Rows, limits: Thresholds) -> Finding:
    seen = list(known(rows, "used_ratio"))
    hidden = sum(not row.is_visible for row in rows)
    unseen = f"; {plural(hidden, 'sequence')} not visible to this role" if hidden else ""
    if not seen:
        said, most = "no sequence has been used", None
    else:
        row, most = max(seen, key=lambda pair: pair[1])
        said = f"fullest of {plural(len(seen), 'sequence')}: {row.sequence_name}"
    return Finding(
        Severity.OK, "sequence_headroom", "sequences", said + unseen, most, "ratio",
        limits.sequence_warning_ratio,
    )  # fmt: skip


def _wraparound(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, used in known(rows, "used_ratio"):
        severity, limit = grade(
            used, limits.wraparound_warning_ratio, limits.wraparound_critical_ratio
        )
        if severity:
            yield Finding(
                severity, "wraparound_headroom", f"{row.scope} {row.object_name}",
                f"{row.ids_left:,} transaction ids left; at the end the server refuses writes. "
                "Autovacuum has not kept up: look for long transactions, unused replication "
                "slots and prepared transactions",
                used, "ratio", limit, _freeze(row),
            )  # fmt: skip


def _freeze(row: Any) -> str:
    if row.scope == "table":
        return f"VACUUM (FREEZE) {row.object_name}"
    freeze = f"vacuumdb --freeze --dbname {shell_word(row.object_name)}"
    if row.takes_connections:
        return freeze
    allow = f"ALTER DATABASE {qualified(row.object_name)} ALLOW_CONNECTIONS"
    before, after = (f"psql -c {shell_word(f'{allow} {to}')}" for to in ("true", "false"))
    return f"{before} && {freeze} && {after}"


def _room_in_ids(rows: Rows, limits: Thresholds) -> Finding:
    used = max((used for _, used in known(rows, "used_ratio")), default=None)
    return Finding(
        Severity.OK, "wraparound_headroom", "transaction ids", "used by the oldest database",
        used, "ratio", limits.wraparound_warning_ratio,
    )  # fmt: skip


PROBES = (
    Probe(
        "wraparound_headroom", _HEADROOM,
        _wraparound, _room_in_ids,
        (
            Metric("wraparound_used_ratio", "Used transaction ids or multixacts, relative to 2^31",
                   "used_ratio", ("scope",)),
        ),
    ),
    Probe(
        "sequence_headroom", "performance_monitoring.sequence_headroom",
        _sequences, _room_in_sequences,
        (
            Metric("sequence_used_ratio", "Used numbers of a sequence, relative to all",
                   "used_ratio", ("schema_name", "sequence_name")),
        ),
    ),
)  # fmt: skip
