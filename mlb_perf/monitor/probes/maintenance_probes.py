"""Maintenance: jobs, snapshots, failed steps of revisions, and the role's rights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number, one_line, plural
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, count_of, from_file
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import qualified, shell_word
from mlb_perf.partitions.rebuild_command import command

_MINUTE = 60
_COMMANDS = {
    "create_partition": "mlb-perf partitions apply",
    "spread_default": "mlb-perf partitions spread {table}",
    "detach_partition": "mlb-perf partitions detach TABLE",
    "finish_detach": "mlb-perf partitions detach TABLE",
    "drop_partition": "mlb-perf partitions drop TABLE",
    "restore_partition": "mlb-perf partitions restore TABLE MONTH",
    "repack_table": "mlb-perf rebuilds start {table}",
    "unpart_table": "mlb-perf partitions undo {table}",
}
"""Of steps outside of revisions."""


def _jobs(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if not row.is_enabled:
            continue
        if row.last_status == "failed":
            yield _failed(row)
        elif row.seconds_without_success >= limits.job_late_minimum_seconds:
            late = row.seconds_without_success / (row.every_minutes * _MINUTE)
            severity, limit = grade(
                late, limits.job_late_warning_times, limits.job_late_critical_times
            )
            if severity:
                yield _late(row, severity, late, limit)


def _failed(row: Any) -> Finding:
    return Finding(
        Severity.WARNING, "maintenance_jobs", str(row.name),
        f"its last run failed: {one_line(row.error_message)} [SQLSTATE {row.error_sqlstate}]; it "
        f"runs: {one_line(row.command)}",
        float(row.seconds_without_success), "seconds", None,
        f"mlb-perf maintain --job {shell_word(row.name)}",
    )  # fmt: skip


def _late(row: Any, severity: Severity, late: float, limit: float) -> Finding:
    return Finding(
        severity, "maintenance_jobs", str(row.name),
        f"due every {in_words(row.every_minutes * _MINUTE, 'seconds')}, without success for "
        f"{in_words(row.seconds_without_success, 'seconds')}: no scheduler runs it",
        late, "times", limit,
        "mlb-perf maintain -- and schedule it: mlb-perf maintain --schedule",
    )  # fmt: skip


def _on_time(rows: Rows, _limits: Thresholds) -> Finding:
    enabled = [row for row in rows if row.is_enabled]
    waiting = [row.name for row in enabled if row.last_succeeded_at is None]
    said = f"{plural(len(enabled), 'job')} on time"
    if waiting:
        said = f"not run yet: {', '.join(waiting)} (mlb-perf maintain)"
    if not enabled:
        said = "no job is enabled; mlb-perf maintain --list shows all"
    return Finding(Severity.OK, "maintenance_jobs", "jobs", said)


def _snapshots(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    age = number(rows[0].age) or 0
    if age >= limits.snapshot_warning_seconds:
        yield Finding(
            Severity.WARNING, "snapshots", "performance_monitoring.table_history",
            f"{_how_old(rows[0])}: growth and trends are out of date", age, "seconds",
            limits.snapshot_warning_seconds, "mlb-perf maintain",
        )  # fmt: skip


def _fresh(rows: Rows, limits: Thresholds) -> Finding:
    return Finding(
        Severity.OK, "snapshots", "performance_monitoring.table_history", _how_old(rows[0]),
        number(rows[0].age), "seconds", limits.snapshot_warning_seconds,
    )  # fmt: skip


def _how_old(row: Any) -> str:
    return "age of the last snapshot" if row.last_at else "no snapshot yet (mlb-perf maintain)"


def _steps(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        yield Finding(
            Severity.WARNING, "failed_steps", str(row.object_name),
            f"{row.operation}{f' of revision {row.revision}' if row.revision else ''} failed, and "
            f"has not succeeded since: {_error(row)}",
            remedy=_finish(row),
        )  # fmt: skip


def _error(row: Any) -> str:
    state = f" [SQLSTATE {row.error_sqlstate}]"
    return one_line(row.error_message).removesuffix(state) + state


def _finish(row: Any) -> str:
    """The command that the step was part of; an upgrade finishes no downgrade."""
    if row.revision is None:
        again = _COMMANDS.get(row.operation)
        table = shell_word(row.object_name)
        return again.format(table=table) if again else "run its command again"
    if row.direction == "downgrade":
        return (
            f"mlb-perf alembic downgrade {shell_word(row.revision)}-1 -- to come back then: "
            "mlb-perf alembic upgrade head"
        )
    return "mlb-perf alembic upgrade head"


def _no_failed_step(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(Severity.OK, "failed_steps", "revisions", "no failed step")


def _unfinished(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        finish = command(row.revision, row.table_name)
        past = "" if row.direction == "upgrade" else "-1"
        what = "a rebuild" if finish else f"the {row.direction} of revision {row.revision}"
        yield Finding(
            Severity.WARNING, "unfinished_rebuilds", str(row.table_name),
            f"{what} stopped here in the phase {row.phase}, and no migration is running",
            float(row.idle_seconds), "seconds", None,
            finish or f"mlb-perf alembic {row.direction} {row.revision}{past}",
        )  # fmt: skip


def _no_unfinished(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(Severity.OK, "unfinished_rebuilds", "rebuilds", "no interrupted rebuild")


def _blind(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    row = rows[0]
    if row.hidden_sessions:
        yield Finding(
            Severity.WARNING, "rights", f"role {row.role_name}",
            f"cannot see {plural(row.hidden_sessions, 'session')} of other roles: waits, "
            "transactions and connections are incomplete",
            float(row.hidden_sessions), "count", 0,
            f"GRANT pg_monitor TO {qualified(row.role_name)}",
        )  # fmt: skip


def _sees(rows: Rows, _limits: Thresholds) -> Finding:
    hidden = rows[0].hidden_tables
    said = "sees all sessions" + (
        f"; {plural(hidden, 'table')} not readable: no bloat estimate" if hidden else ""
    )
    return Finding(Severity.OK, "rights", f"role {rows[0].role_name}", said)


PROBES = (
    Probe("rights", from_file("rights"), _blind, _sees),
    Probe("failed_steps", from_file("failed_steps"), _steps, _no_failed_step,
          (Metric("failed_steps", "Steps of revisions that failed and must be run again",
                  "logged_at",
                  combine=count_of, empty=True),)),
    Probe("unfinished_rebuilds", from_file("unfinished_rebuilds"), _unfinished, _no_unfinished),
    Probe(
        "maintenance_jobs", from_file("jobs"), _jobs, _on_time,
        (
            Metric("job_last_success_timestamp_seconds", "Time of a job's last success",
                   "last_succeeded_at", ("name",)),
            Metric("job_interval_seconds", "Interval of a job", "every_minutes", ("name",),
                   factor=_MINUTE),
        ),
    ),
    Probe(
        "snapshots", from_file("snapshots"), _snapshots, _fresh,
        (Metric("snapshot_timestamp_seconds", "Time of the last snapshot", "last_at"),),
    ),
)  # fmt: skip
