"""The feeds: silent against their own rhythm, and the share of what is rejected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, known
from mlb_perf.monitor.thresholds import Thresholds

_FEW_GAPS = 10
_RETRY = (
    "mlb-perf promote --retry -- prints the reasons and the unknown names; add these with "
    "mlb-perf alias, and run it again"
)


def _silent(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, gap in known(rows, "usual_gap"):
        age = (number(row.age) or 0) - (number(row.usual_delay) or 0)
        if row.gaps < _FEW_GAPS or not row.is_expected or age < limits.silence_minimum_seconds:
            continue
        severity, limit = grade(
            age / gap, limits.silence_warning_times, limits.silence_critical_times
        )
        if severity:
            yield Finding(
                severity, "feed_freshness", f"raw_data.{row.raw_table}", _silence(row, gap),
                age / gap, "times", limit,
                "restart the program that polls it, or load its files: mlb-perf load FILE",
            )  # fmt: skip


def _silence(row: Any, gap: float) -> str:
    return (
        f"silent since {row.newest_at:%Y-%m-%d %H:%M}; it usually speaks every "
        f"{in_words(gap, 'seconds')}, and spoke at this time of day on {row.days_at_this_time} of "
        f"the last {row.days} days"
    )


def _all_speak(rows: Rows, limits: Thresholds) -> Finding:
    judged = [row for row in rows if row.gaps >= _FEW_GAPS and row.is_expected]
    resting = [row.raw_table for row in rows if row not in judged]
    said = f"{len(judged)} of {len(rows)} feeds expected now, none silent"
    if resting:
        said += f"; not expected: {', '.join(resting)}"
    return Finding(
        Severity.OK, "feed_freshness", "feeds", said, unit="times",
        threshold=limits.silence_warning_times,
    )  # fmt: skip


def _rejected(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    row = rows[0]
    share, before = number(row.share), number(row.share_before)
    if share is None or row.rejected < limits.rejected_minimum_rows:
        return
    severity, limit = grade(share, limits.rejected_warning_ratio, limits.rejected_critical_ratio)
    if not severity and before and share / before >= limits.rejected_warning_times:
        severity, limit = Severity.WARNING, before * limits.rejected_warning_times
    if severity:
        was = "" if before is None else f", in the week before {in_words(before, 'ratio')}"
        yield Finding(
            severity, "rejection_share", "staging.rejected_records",
            f"{row.rejected:,} of {row.handled:,} records of the last day rejected{was}; most of "
            f"them: {row.most_source}, {row.most_reason_code} ({row.most_records:,})",
            share, "ratio", limit, _RETRY,
        )  # fmt: skip


def _few_rejected(rows: Rows, limits: Thresholds) -> Finding:
    row = rows[0]
    return Finding(
        Severity.OK, "rejection_share", "staging.rejected_records",
        f"of {row.handled:,} records of the last day rejected", number(row.share), "ratio",
        limits.rejected_warning_ratio,
    )  # fmt: skip


PROBES = (
    Probe(
        "feed_freshness", "performance_monitoring.feed_freshness", _silent, _all_speak,
        (
            Metric("feed_newest_timestamp_seconds", "Time of a feed's newest row", "newest_at",
                   ("raw_table",)),
            Metric("feed_usual_gap_seconds", "Median of a feed's last gaps", "usual_gap",
                   ("raw_table",)),
        ),
        is_late=True,
    ),
    Probe(
        "rejection_share", "performance_monitoring.rejection_share", _rejected, _few_rejected,
        (
            Metric("rejected_records", "Standing rejections of the last day", "rejected"),
            Metric("rejected_ratio", "Their share of all records handled", "share"),
        ),
        is_late=True,
    ),
)  # fmt: skip
