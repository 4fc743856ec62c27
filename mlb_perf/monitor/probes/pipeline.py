"""The pipeline: failed runs, rows and games that wait, parked games, followers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlb_perf.formatting import in_words, number, one_line, plural
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, from_file, known
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import shell_word

_PARKED = (
    "(SELECT reason, count(*) AS games, min(game_id) AS game_id"
    " FROM performance_monitoring.parked_games GROUP BY reason ORDER BY games DESC) AS answer"
)
_PROMOTE = "mlb-perf promote"
_STAYS = f"{_PROMOTE} -- and keep one running: mlb-perf promote --follow"


def _runs(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        severity, limit = grade(
            row.failures, limits.run_failed_warning_count, limits.run_failed_critical_count
        )
        if severity:
            yield Finding(
                severity, "pipeline_runs", _run_name(row),
                f"failed, and has not succeeded since; the last attempt began "
                f"{in_words(number(row.age) or 0, 'seconds')} ago: "
                f"{one_line(row.error_message)} [SQLSTATE {row.error_sqlstate}]",
                float(row.failures), "count", limit, _again(row),
            )  # fmt: skip
        elif (number(row.age) or 0) >= limits.run_unfinished_warning_seconds:
            yield Finding(
                Severity.WARNING, "pipeline_runs", _run_name(row),
                "began and has not ended: its process was killed, or it hangs",
                number(row.age), "seconds", limits.run_unfinished_warning_seconds, _again(row),
            )  # fmt: skip


def _run_name(row: Any) -> str:
    return " ".join(part for part in (row.stage, row.source, row.file_name) if part)


def _again(row: Any) -> str:
    if row.stage != "load":
        return f"{_PROMOTE} -- after the cause is fixed"
    return f"mlb-perf load {shell_word(row.file_name or 'FILE')} -- after the cause is fixed"


def _no_failed_run(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(
        Severity.OK, "pipeline_runs", "runs", "no load or promotion of the last 7 days has failed"
    )


def _hot(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, waited in known(rows, "waiting_for"):
        severity, limit = grade(
            waited, limits.waiting_warning_seconds, limits.waiting_critical_seconds
        )
        if severity:
            yield Finding(
                severity, "hot_rows", f"raw_data.{row.raw_table}",
                f"{'more than ' if row.is_more else ''}{plural(row.hot_rows, 'row')} not promoted, "
                f"the first of them loaded {row.waiting_since:%Y-%m-%d %H:%M}",
                waited, "seconds", limit, _STAYS,
            )  # fmt: skip


def _none_hot(rows: Rows, limits: Thresholds) -> Finding:
    count = sum(row.hot_rows for row in rows)
    longest = max((waited for _, waited in known(rows, "waiting_for")), default=0.0)
    return Finding(
        Severity.OK, "hot_rows", "raw_data", f"{plural(count, 'row')} to be promoted", longest,
        "seconds", limits.waiting_warning_seconds,
    )  # fmt: skip


def _backlog(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row, waited in known(rows, "waiting_for"):
        severity, limit = grade(
            waited, limits.waiting_warning_seconds, limits.waiting_critical_seconds
        )
        if severity:
            yield Finding(
                severity, "curation_backlog", "staging.curation_queue",
                f"{plural(row.waiting_games, 'game')} with new quotes not curated: their lines, "
                "movements and features are out of date",
                waited, "seconds", limit, _STAYS,
            )  # fmt: skip


def _no_backlog(rows: Rows, limits: Thresholds) -> Finding:
    return Finding(
        Severity.OK, "curation_backlog", "staging.curation_queue",
        f"{plural(rows[0].waiting_games, 'game')} to be curated",
        number(rows[0].waiting_for) or 0.0, "seconds", limits.waiting_warning_seconds,
    )  # fmt: skip


def _parked(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        if row.games >= limits.parked_minimum_count:
            yield Finding(
                Severity.WARNING, "parked_games", _games(row),
                f"could not be curated: {one_line(row.reason)}", float(row.games), "count",
                limits.parked_minimum_count, "mlb-perf promote --retry, once the reason is gone",
            )  # fmt: skip


def _games(row: Any) -> str:
    others = f" and {plural(row.games - 1, 'other')}" if row.games > 1 else ""
    return f"game {row.game_id}{others}"


def _none_parked(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(Severity.OK, "parked_games", "curation", "no game is parked")


def _followers(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    row = rows[0]
    silent = number(row.silent_for)
    if row.followers and silent is not None and silent >= limits.follower_warning_seconds:
        why = "a lock holds it up (see blocking_locks)" if row.is_waiting else "its process hangs"
        yield Finding(
            Severity.WARNING, "followers", "mlb-perf promote --follow",
            f"connected, and has not looked for new rows since: {why}, or its batch is large",
            silent, "seconds", limits.follower_warning_seconds,
            "end the session that blocks it, or restart it: systemctl restart mlb-perf-follow",
        )  # fmt: skip


def _heartbeat(rows: Rows, limits: Thresholds) -> Finding:
    row = rows[0]
    said = "no follower is connected"
    if row.followers:
        said = f"{plural(row.followers, 'follower')} connected, time since the last look for rows"
    return Finding(
        Severity.OK, "followers", "followers", said,
        number(row.silent_for) if row.followers else None, "seconds",
        limits.follower_warning_seconds,
    )  # fmt: skip


PROBES = (
    Probe(
        "pipeline_runs", "performance_monitoring.pipeline_runs", _runs, _no_failed_run,
        (Metric("failed_runs", "Loads and promotions that failed since their last success",
                "failures", ("stage",), combine=sum, empty=True),),
        is_late=True,
    ),
    Probe(
        "hot_rows", "performance_monitoring.hot_rows", _hot, _none_hot,
        (
            Metric("hot_rows", "Raw rows to be promoted, counted up to 20000", "hot_rows",
                   ("raw_table",)),
            Metric("hot_rows_waiting_seconds", "How long the first of them has waited",
                   "waiting_for", ("raw_table",)),
        ),
        is_late=True,
    ),
    Probe(
        "curation_backlog", "performance_monitoring.curation_backlog", _backlog, _no_backlog,
        (
            Metric("curation_waiting_games", "Games to be curated", "waiting_games"),
            Metric("curation_waiting_seconds", "How long the first of them has waited",
                   "waiting_for", empty=True),
        ),
        is_late=True,
    ),
    Probe(
        "parked_games", _PARKED, _parked, _none_parked,
        (Metric("parked_games", "Games that could not be curated", "games", combine=sum,
                empty=True),),
    ),
    Probe(
        "followers", from_file("followers"), _followers, _heartbeat,
        (
            Metric("followers", "Connected followers", "followers"),
            Metric("follower_silent_seconds", "Time since a follower last looked for rows",
                   "silent_for"),
        ),
    ),
)  # fmt: skip
