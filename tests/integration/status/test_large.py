"""status on 350 relations and 24,386 queued games: on a monitor's only connection, and a standby.

Seconds depend on the machine; the statements and the rows that they read do not.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, Engine, event

from mlb_perf.monitor import Report, Severity, assess, probing
from mlb_perf.monitor.probes import PROBES
from tests.support.databases import Server, needs_embedded_server
from tests.support.sql import run, value
from tests.support.standby import standby
from tests.support.waiting import eventually

QUEUED, HOT, COUNTED = 24_386, 24_000, 20_001
MONITOR = "mlb_perf_test_monitor"
_FACTS = 8
"""Statements before the first probe: about the session, the server and its revision."""
_READ = (
    "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_all_tables"
    " WHERE schemaname = '{}' AND relname LIKE '{}%'"
)


@pytest.fixture(scope="module")
def large(shared_head: Engine) -> Iterator[Engine]:
    """The relations and the queues, and a monitor that may have one connection."""
    run(
        shared_head,
        "CREATE SCHEMA many",
        "DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format("
        "'CREATE TABLE many.t%s (id bigint PRIMARY KEY)', i); END LOOP; END $$",
        f"INSERT INTO staging.curation_queue (game_id) SELECT generate_series(1, {QUEUED})",
        "INSERT INTO raw_data.mlb_stats_api_games (external_game_id, collected_at, payload)"
        f" SELECT 'g', now() - n * interval '1 min', '{{}}' FROM generate_series(1, {HOT}) AS n",
        "ANALYZE staging.curation_queue, raw_data.mlb_stats_api_games",
        f"DROP ROLE IF EXISTS {MONITOR}",
        f"CREATE ROLE {MONITOR} LOGIN PASSWORD 'p' CONNECTION LIMIT 1 IN ROLE pg_monitor",
        f"GRANT USAGE ON SCHEMA performance_monitoring TO {MONITOR}",
    )
    yield shared_head
    run(shared_head, f"DROP OWNED BY {MONITOR}", f"DROP ROLE {MONITOR}")


def _as_monitor(url: URL) -> URL:
    return url.set(username=MONITOR, password="p")


def _assessed(url: URL) -> Report:
    """The report, in which every probe has an answer."""
    with probing(url) as connection:
        report = assess(connection)
    assert [answer.findings for answer in report.answers if answer.rows is None] == []
    return report


def _sees_the_queues(report: Report) -> bool:
    said = {finding.probe: finding.meaning for finding in report.findings}
    return said["curation_backlog"].startswith(f"{QUEUED:,} games") and said["hot_rows"].startswith(
        f"{COUNTED - 1:,} rows"
    )


def test_a_monitor_with_one_free_slot_reads_each_queue_once(large: Engine) -> None:
    statements: list[str] = []

    def noted(*given: object) -> None:
        statements.append(str(given[2]))

    sources = {"curation_queue": "staging", "mlb_stats_api_games": "raw_data"}
    before = {name: value(large, _READ.format(schema, name)) for name, schema in sources.items()}
    event.listen(Engine, "before_cursor_execute", noted)
    try:
        report = _assessed(_as_monitor(large.url))
    finally:
        event.remove(Engine, "before_cursor_execute", noted)
    assert _sees_the_queues(report)
    assert len(statements) <= len(PROBES) + _FACTS
    eventually(
        lambda: value(large, _READ.format("staging", "curation_queue")) > before["curation_queue"]
    )
    read = {
        name: value(large, _READ.format(schema, name)) - before[name]
        for name, schema in sources.items()
    }
    # The backlog and the parked games are two views of the queue. Of the raw rows the hot ones are
    # counted to a limit, and the rhythm of a feed without an index is one scan.
    assert read["curation_queue"] <= 2 * QUEUED
    assert read["mlb_stats_api_games"] <= COUNTED + HOT + 500


@needs_embedded_server
def test_a_standby(large: Engine, server: Server) -> None:
    """Every probe answers there, and its own delay is the standby's finding."""
    with standby(server) as url:
        report = _assessed(_as_monitor(url.set(database=large.url.database)))
        assert _sees_the_queues(report)
        (delay,) = [finding for finding in report.findings if finding.probe == "standbys"]
        assert (delay.severity, delay.object) == (Severity.OK, "standbys")
        assert delay.figure is not None, "its own delay"
