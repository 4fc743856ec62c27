"""WAL and its readers: slots, standbys, the archiver, the WAL's size, checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number, plural
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, from_file, known
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import literal

_FEW_CHECKPOINTS = 20


def _slots(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, kept in known(rows, "retained_bytes"):
        severity, limit = grade(kept, limits.slot_warning_bytes, limits.slot_critical_bytes)
        if row.wal_status in ("unreserved", "lost"):
            severity = Severity.CRITICAL
        if severity:
            yield Finding(
                severity, "replication_slots", f"slot {row.slot_name}", _slot(row, kept),
                kept, "bytes", limit, _drop(row),
            )  # fmt: skip


def _slot(row: Any, kept: float) -> str:
    if row.wal_status == "lost":
        return "its WAL has been removed: its consumer must begin again with a new copy"
    since = number(row.inactive_for)
    how_long = f" for {in_words(since, 'seconds')}" if since is not None else ""
    state = "is behind" if row.is_active else f"has had no consumer{how_long}"
    return (
        f"{state}: the server keeps {in_words(kept, 'bytes')} of WAL for it, without limit until "
        "the disk is full, unless max_slot_wal_keep_size is set"
    )


def _drop(row: Any) -> str:
    if row.is_active:
        return "SELECT * FROM pg_stat_replication -- and look why the consumer is slow"
    drop = f"SELECT pg_drop_replication_slot({literal(row.slot_name)})"
    return f"{drop} -- unless its consumer returns; then start that"


def _no_slot(rows: Rows, limits: Thresholds) -> Finding:
    most = max((kept for _, kept in known(rows, "retained_bytes")), default=0.0)
    said = f"WAL kept for {plural(len(rows), 'slot')}" if rows else "no replication slot"
    return Finding(
        Severity.OK, "replication_slots", "slots", said, most, "bytes", limits.slot_warning_bytes
    )


def _standbys(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, delay in known(rows, "delay"):
        severity, limit = grade(
            delay, limits.standby_warning_seconds, limits.standby_critical_seconds
        )
        if severity:
            yield Finding(
                severity, "standbys", row.name,
                f"{row.state}; {in_words(number(row.behind_bytes) or 0, 'bytes')} of WAL are not "
                "applied there: its readers see old rows",
                delay, "seconds", limit,
                "SELECT * FROM pg_stat_replication -- on the primary; on the standby look for "
                "long queries (long_transactions) and a full disk",
            )  # fmt: skip


def _no_standby(rows: Rows, limits: Thresholds) -> Finding:
    longest = max((delay for _, delay in known(rows, "delay")), default=None)
    hidden = sum(row.state is None for row in rows)
    said = f"delay of the slowest of {len(rows)}" if rows else "no standby is connected"
    said += f"; {hidden} not visible to this role: GRANT pg_monitor" if hidden else ""
    return Finding(
        Severity.OK, "standbys", "standbys", said, longest, "seconds",
        limits.standby_warning_seconds,
    )  # fmt: skip


def _archiver(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    row = rows[0]
    if row.is_failing:
        yield Finding(
            Severity.CRITICAL, "archiver", "archiver",
            f"the last attempt failed, for {row.last_failed_wal}; {row.failed_count:,} failures. "
            "The WAL stays until it is archived, and backups cannot reach the present",
            number(row.since_success), "seconds", None,
            "SHOW archive_command -- correct it (the server's log has its error), and reload: "
            "SELECT pg_reload_conf()",
        )  # fmt: skip


def _archives(rows: Rows, _limits: Thresholds) -> Finding:
    row = rows[0]
    said = "archive_mode is off: no backup can reach a moment between two of them"
    if row.archive_mode != "off":
        said = f"{plural(row.archived_count, 'file')} archived"
    return Finding(Severity.OK, "archiver", "archiver", said)


def _wal(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    row = rows[0]
    times = row.wal_bytes / row.limit_bytes
    severity, limit = grade(times, limits.wal_warning_times, limits.wal_critical_times)
    if severity:
        yield Finding(
            severity, "wal_size", "pg_wal",
            f"{in_words(float(row.wal_bytes), 'bytes')} in {plural(row.files, 'file')}; "
            f"max_wal_size is {in_words(float(row.limit_bytes), 'bytes')}. A slot or the archiver "
            "keeps it (replication_slots, archiver), or it is written faster than checkpoints end",
            times, "times", limit, "CHECKPOINT -- after the cause is fixed",
        )  # fmt: skip


def _small_wal(rows: Rows, limits: Thresholds) -> Finding:
    row = rows[0]
    return Finding(
        Severity.OK, "wal_size", "pg_wal",
        f"{in_words(float(row.wal_bytes), 'bytes')}, relative to max_wal_size",
        row.wal_bytes / row.limit_bytes, "times", limits.wal_warning_times,
    )  # fmt: skip


def _checkpoints(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    row = rows[0]
    total = row.timed + row.requested
    ratio = row.requested / total if total else 0.0
    severity, limit = grade(ratio, limits.checkpoint_warning_ratio)
    if severity and total >= _FEW_CHECKPOINTS:
        yield Finding(
            severity, "checkpoints", "checkpointer",
            f"{row.requested:,} of {total:,} checkpoints were requested before their time, as a "
            f"full WAL does (max_wal_size is {row.max_wal_size}): each writes all changed pages",
            ratio, "ratio", limit,
            "ALTER SYSTEM SET max_wal_size = ... -- twice as much; then SELECT pg_reload_conf(); "
            f"SELECT pg_stat_reset_shared('{row.counters}')",
        )  # fmt: skip


def _by_time(rows: Rows, limits: Thresholds) -> Finding:
    row = rows[0]
    total = row.timed + row.requested
    return Finding(
        Severity.OK, "checkpoints", "checkpointer", f"of {total:,} checkpoints were requested",
        row.requested / total if total else None, "ratio", limits.checkpoint_warning_ratio,
    )  # fmt: skip


PROBES = (
    Probe(
        "replication_slots", from_file("replication_slots"), _slots, _no_slot,
        (Metric("slot_retained_bytes", "WAL that is kept for a slot", "retained_bytes",
                ("slot_name",)),),
    ),
    Probe(
        "standbys", from_file("standbys"), _standbys, _no_standby,
        (Metric("standby_delay_seconds", "How far a standby is behind", "delay", ("name",)),),
    ),
    Probe(
        "archiver", from_file("archiver"), _archiver, _archives,
        (Metric("archiver_failing", "Whether the archiver's last attempt failed", "is_failing"),),
    ),
    Probe(
        "wal_size", from_file("wal_size"), _wal, _small_wal,
        (Metric("wal_bytes", "Size of the WAL's directory", "wal_bytes"),),
    ),
    Probe(
        "checkpoints", from_file("checkpoints"), _checkpoints, _by_time,
        (
            Metric("checkpoints_timed_total", "Checkpoints by time", "timed", kind="counter"),
            Metric("checkpoints_requested_total", "Checkpoints before their time", "requested",
                   kind="counter"),
        ),
        older=(17, from_file("checkpoints_before_17")),
    ),
)  # fmt: skip
