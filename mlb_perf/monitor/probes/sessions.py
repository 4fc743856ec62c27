"""Sessions: lock waits, long transactions, used connections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number, one_line, plural, printable
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, count_of, from_file, known
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import literal

_SHOWN = 100


def _waits(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    waiting = {row.waiting_pid for row in rows}
    for row in rows:
        waited = number(row.waiting_for)
        severity, limit = grade(
            waited or 0, limits.lock_wait_warning_seconds, limits.lock_wait_critical_seconds
        )
        if waited is None:  # another role's wait: only its existence is visible
            severity = Severity.WARNING
        if severity:
            # End the session at the head of the queue, not one that waits in it. Pid 0 is a
            # prepared transaction; the probe ``long_transactions`` reports it.
            heads = row.blocking_pid and row.blocking_pid not in waiting
            remedy = str(row.end_statement) if heads else None
            yield Finding(
                severity, "blocking_locks", str(row.waiting_for_object), _wait(row, waited),
                waited, "seconds", limit, remedy,
            )  # fmt: skip


def _wait(row: Any, waited: float | None) -> str:
    how_long = "duration not visible" if waited is None else in_words(waited, "seconds")
    return (
        f"pid {row.waiting_pid} ({row.waiting_role}) has waited for {row.waiting_for_mode}, "
        f"{how_long}: {one_line(row.waiting_query, _SHOWN)}; {_blocker(row)}"
    )


def _blocker(row: Any) -> str:
    if not row.blocking_pid:
        return "a prepared transaction blocks it"
    state = row.blocking_state or "state not visible"
    return (
        f"pid {row.blocking_pid} ({row.blocking_role}, {state}) blocks it: "
        f"{one_line(row.blocking_query, _SHOWN)}"
    )


def _no_wait(rows: Rows, limits: Thresholds) -> Finding:
    longest = max((waited for _, waited in known(rows, "waiting_for")), default=0.0)
    said = (
        f"{plural(len(rows), 'short wait')} for a lock" if rows else "no session waits for a lock"
    )
    return Finding(
        Severity.OK, "blocking_locks", "sessions", said, longest, "seconds",
        limits.lock_wait_warning_seconds,
    )  # fmt: skip


def _transactions(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, age in known(rows, "transaction_age"):
        severity, limit = grade(
            age, limits.transaction_warning_seconds, limits.transaction_critical_seconds
        )
        idle = number(row.idle_for)
        if idle is not None:
            by_idle = grade(
                idle,
                limits.idle_transaction_warning_seconds,
                limits.idle_transaction_critical_seconds,
            )
            if by_idle[0] >= severity:
                severity, limit, age = *by_idle, idle
        if severity:
            yield Finding(
                severity, "long_transactions", _who(row), _transaction(row, idle),
                age, "seconds", limit, str(row.end_statement),
            )  # fmt: skip


def _who(row: Any) -> str:
    return f"pid {row.pid}" if row.pid else "prepared transaction"


def _transaction(row: Any, idle: float | None) -> str:
    does = (
        "is still active"
        if idle is None
        else f"is {row.state} for {in_words(idle, 'seconds')} after"
    )
    return (
        f"{row.role_name} ({row.application_name or 'no application_name'}) opened a transaction "
        f"{in_words(number(row.transaction_age) or 0, 'seconds')} ago and {does}: "
        f"{one_line(row.query, _SHOWN)}; VACUUM cannot remove rows deleted since"
    )


def _no_transaction(rows: Rows, limits: Thresholds) -> Finding:
    ages = [age for _, age in known(rows, "transaction_age")]
    hidden = len(rows) - len(ages)
    unseen = f"; {plural(hidden, 'session')} not visible" if hidden else ""
    said = f"{plural(len(ages), 'open transaction')}, none long" if ages else "no open transaction"
    return Finding(
        Severity.OK, "long_transactions", "sessions", said + unseen, max(ages, default=0.0),
        "seconds", limits.transaction_warning_seconds,
    )  # fmt: skip


def _connections(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, ratio in list(known(rows, "used_ratio"))[:1]:  # the same in every row
        severity, limit = grade(
            ratio, limits.connections_warning_ratio, limits.connections_critical_ratio
        )
        if severity:
            yield Finding(
                severity, "connection_usage", "connections",
                f"{_taken(row)}, by {printable(row.holders)}. A pool of each application should "
                "be no larger than its share; PgBouncer lets many clients share few connections",
                ratio, "ratio", limit, _room(row, limits.idle_connection_minimum_seconds),
            )  # fmt: skip


def _room(row: Any, seconds: float) -> str:
    if row.idle_application is None:
        return "ALTER SYSTEM SET max_connections = ... and restart the server"
    return (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle' AND "  # noqa: S608
        "datname = current_database() AND application_name = "
        f"{literal(row.idle_application)} AND state_change <= now() - interval '{seconds:g} s' "
        f"-- {plural(row.idle_connections, 'idle session')}; then make its pool smaller"
    )


def _taken(row: Any) -> str:
    return f"{row.connections_of_all:,.0f} of {row.available:,.0f} connections used"


def _few_connections(rows: Rows, limits: Thresholds) -> Finding:
    ratio = max((ratio for _, ratio in known(rows, "used_ratio")), default=None)
    return Finding(
        Severity.OK, "connection_usage", "connections",
        _taken(rows[0]) if rows else "no session is visible",
        ratio, "ratio", limits.connections_warning_ratio,
    )  # fmt: skip


PROBES = (
    Probe(
        "blocking_locks", "performance_monitoring.blocking_locks", _waits, _no_wait,
        (
            Metric("lock_waits", "Sessions that wait for a lock",
                   "waiting_pid", combine=count_of, empty=True),
            Metric("lock_wait_max_seconds", "Longest present wait for a lock",
                   "waiting_for", empty=True),
        ),
    ),
    Probe(
        "long_transactions", "performance_monitoring.long_transactions",
        _transactions, _no_transaction,
        (
            Metric("transaction_max_age_seconds", "Age of the oldest open transaction",
                   "transaction_age", empty=True),
            Metric("transaction_idle_max_seconds",
                   "Longest idle time of an open transaction", "idle_for", empty=True),
        ),
    ),
    Probe(
        "connection_usage", from_file("connections"),
        _connections, _few_connections,
        (
            Metric("connections", "Connections by role, database and state", "connections",
                   ("role_name", "database_name", "state"), sum),
            Metric("connections_available", "All connections that the server allows", "available"),
        ),
    ),
)  # fmt: skip
