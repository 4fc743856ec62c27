"""Statements: slower ones, slow ones, missed targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, one_line, plural
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, count_of, known
from mlb_perf.monitor.thresholds import Thresholds

_MS = 0.001


def _trends(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, ratio in known(rows, "ratio"):
        if row.ms_lost < limits.slower_minimum_ms:
            continue
        severity, limit = grade(ratio, limits.slower_warning_times, limits.slower_critical_times)
        if severity:
            yield Finding(
                severity, "query_trends", f"query {row.query_id} of {row.role_name}",
                f"mean {in_words(row.recent_mean_ms, 'ms')}, in the week before "
                f"{in_words(row.earlier_mean_ms, 'ms')}: "
                f"{one_line(row.query_text)}",
                ratio, "times", limit,
                "EXPLAIN (ANALYZE, BUFFERS) ... -- compare the plan; then ANALYZE its tables",
            )  # fmt: skip


def _no_trend(rows: Rows, limits: Thresholds) -> Finding:
    most = max((ratio for _, ratio in known(rows, "ratio")), default=None)
    said = "largest slowdown of a statement against the week before"
    if most is None:
        said = "not judged yet: a week of snapshots is needed"
    return Finding(Severity.OK, "query_trends", "statements", said, most, "times",
                   limits.slower_warning_times)  # fmt: skip


def _slow(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if row.note:  # the last row, if something is not visible; the note has the fix
            gap, _, remedy = row.note.partition("; run: ")
            said = f"slow statements are unknown or incomplete: {gap}"
            yield Finding(
                Severity.WARNING, "slow_queries", "pg_stat_statements", said, remedy=remedy or None
            )
    for row, mean in known(rows, "mean_ms"):
        severity, limit = grade(mean, limits.slow_query_warning_ms, limits.slow_query_critical_ms)
        if severity and row.calls >= limits.slow_query_minimum_count:
            yield Finding(
                severity, "slow_queries", f"query {row.query_id} of {row.role_name}",
                f"mean of {plural(row.calls, 'call')}, {in_words(row.total_ms, 'ms')} in total: "
                f"{one_line(row.query_text)}",
                mean, "ms", limit,
                "EXPLAIN (ANALYZE, BUFFERS) ... -- look for a large sequential scan; then count "
                f"again: SELECT pg_stat_statements_reset(0, 0, {row.query_id})",
            )  # fmt: skip


def _none_slow(rows: Rows, limits: Thresholds) -> Finding:
    slow = [mean for row, mean in known(rows, "mean_ms")]
    said = "mean of a rarely called statement" if slow else "no statement is slow"
    return Finding(Severity.OK, "slow_queries", "statements", said, max(slow, default=None), "ms",
                   limits.slow_query_warning_ms)  # fmt: skip


def _targets(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if not row.target_ms:
            continue
        ratio = float(row.p95_ms / row.target_ms)
        severity, limit = grade(ratio, limits.target_warning_times, limits.target_critical_times)
        if severity and ratio > limits.target_warning_times:
            yield _missed(row, severity, limit)


def _missed(row: Any, severity: Severity, limit: float) -> Finding:
    changed = "; its plan has changed" if row.plan_changed else ""
    return Finding(
        severity, "performance_targets", f"{row.category}.{row.name}",
        f"the p95 is {in_words(row.p95_ms, 'ms')}, the target "
        f"{in_words(row.target_ms, 'ms')} (measured {row.measured_at:%Y-%m-%d %H:%M}){changed}",
        row.p95_ms, "ms", row.target_ms * limit,
        "SELECT * FROM performance_monitoring.performance_test_summary -- has its plan; then "
        "measure again: mlb-perf bench, or benchmark_query_detailed() for a query of your own",
    )  # fmt: skip


def _met(rows: Rows, _limits: Thresholds) -> Finding:
    having = [row for row in rows if row.target_ms]
    said = f"{plural(len(having), 'target')} met" if having else "not judged yet: nothing measured"
    return Finding(Severity.OK, "performance_targets", "targets", said)


_CASE = ("category", "name")

PROBES = (
    Probe(
        "query_trends", "performance_monitoring.query_trends", _trends, _no_trend,
        (Metric("query_slowdown_max_ratio", "Largest ratio of a statement's mean of the last "
                "day to that of the week before", "ratio"),),
    ),
    Probe(
        "slow_queries",
        "performance_monitoring.get_slow_queries(CAST(:slow_query_warning_ms AS float8), 20)",
        _slow, _none_slow,
        (Metric("slow_queries", "Statements with a mean above the warning, at most 20", "mean_ms",
                combine=count_of, empty=True),),
    ),
    Probe(
        "performance_targets", "performance_monitoring.performance_test_summary", _targets, _met,
        (
            Metric("benchmark_p95_seconds", "95th percentile at the last measurement", "p95_ms",
                   _CASE, factor=_MS),
            Metric("benchmark_target_seconds", "Its target", "target_ms", _CASE, factor=_MS),
        ),
    ),
)  # fmt: skip
