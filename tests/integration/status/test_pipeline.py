"""What status makes of the pipeline's troubles; each is made, found, and gone after the advice."""

from __future__ import annotations

import shlex
import shutil
import threading
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.errors import LoadFailed
from mlb_perf.monitor import Severity
from mlb_perf.monitor.report import assess
from mlb_perf.monitor.server_info import probing
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.promote.follow import Follower
from mlb_perf.pipeline.sample import SCHEDULE
from tests.integration.pipeline.feeds import odds_row, store
from tests.integration.status.support import is_calm, one, probed, session
from tests.support.command_line import invoke
from tests.support.sql import rows, run
from tests.support.waiting import wait_for_rows

HOURS_AGO = "now() - interval '2 hours'"
QUEUE = "staging.curation_queue"
MISSING = "UPDATE raw_data.odds_api_odds SET ingested_at"


def _load(engine: Engine, *names: str, home: str = "Boston Red Sox") -> None:
    with engine.connect() as connection:
        store(connection, [odds_row(name, home=home) for name in names])


def test_promotions_that_fail_and_rows_that_wait(head: Engine) -> None:
    """Two failures are critical; so are rows and games that have waited for two hours."""
    _load(head, "g1", "g2")
    run(head, f"{MISSING} = {HOURS_AGO}",
        "ALTER TABLE staging.betting_odds_unified RENAME TO gone")  # fmt: skip
    for failures in (1, 2):
        with pytest.raises(DBAPIError):
            promote(head.url)
        failed = one(probed(head, "pipeline_runs"), "promote")
        assert failed.severity == failures
    assert failed.figure == 2
    assert 'relation "staging.betting_odds_unified" does not exist' in failed.meaning
    assert failed.meaning.endswith("[SQLSTATE 42P01]")
    hot = one(probed(head, "hot_rows"), "raw_data.odds_api_odds")
    assert (hot.severity, hot.threshold) == (Severity.CRITICAL, 3600)
    assert hot.meaning.startswith("2 rows not promoted, the first of them loaded 20")
    assert one(probed(head, "hot_rows", waiting_critical_seconds=9999),
               "raw_data.odds_api_odds").severity is Severity.WARNING  # fmt: skip

    run(head, "ALTER TABLE staging.gone RENAME TO betting_odds_unified")
    assert failed.remedy == "mlb-perf promote -- after the cause is fixed"
    assert invoke("promote").exit_code == 0
    assert is_calm(probed(head, "pipeline_runs"))
    assert is_calm(probed(head, "hot_rows"))

    run(head, f"INSERT INTO {QUEUE} (game_id, queued_at) SELECT game_id, {HOURS_AGO} "
              "FROM curated.enhanced_games")  # fmt: skip
    waiting = one(probed(head, "curation_backlog"), QUEUE)
    assert waiting.remedy == "mlb-perf promote -- and keep one running: mlb-perf promote --follow"
    assert invoke("promote").exit_code == 0
    assert is_calm(probed(head, "curation_backlog"))


def test_games_that_wait(head: Engine) -> None:
    """24,386 of them: one finding, soon; parked, one finding of each reason."""
    run(head, f"INSERT INTO {QUEUE} (game_id, queued_at) SELECT g, {HOURS_AGO} "
              "FROM generate_series(1, 24386) AS g")  # fmt: skip
    with probing(head.url) as connection:
        report = assess(connection)
    waiting = one([f for f in report.findings if f.probe == "curation_backlog"], QUEUE)
    assert waiting.severity is Severity.CRITICAL
    assert waiting.meaning.startswith("24,386 games with new quotes not curated")
    assert next(a.seconds for a in report.answers if a.probe.name == "curation_backlog") < 1
    run(head, f"UPDATE {QUEUE} SET parked_at = now(), reason = 'refused ' || game_id % 3")
    parked = probed(head, "parked_games")
    assert {(f.object, f.figure) for f in parked} == {
        ("game 1 and 8,128 others", 8129), ("game 2 and 8,128 others", 8129),
        ("game 3 and 8,127 others", 8128),
    }  # fmt: skip
    assert is_calm(probed(head, "curation_backlog"))
    assert invoke("promote", "--retry").exit_code == 0
    assert is_calm(probed(head, "parked_games"))


def test_a_game_that_the_server_refuses(head: Engine) -> None:
    """It is parked with the server's reason; once that is gone and it is retried, it is curated."""
    _load(head, "g1")
    run(head, "ALTER TABLE curated.betting_lines_unified ADD CONSTRAINT none_today CHECK (false)"
              " NOT VALID")  # fmt: skip
    invoke("promote")
    [parked] = [f for f in probed(head, "parked_games") if f.severity]
    assert (parked.severity, parked.figure) == (Severity.WARNING, 1)
    assert 'violates check constraint "none_today"' in parked.meaning
    run(head, "ALTER TABLE curated.betting_lines_unified DROP CONSTRAINT none_today")
    command, _, _ = str(parked.remedy).partition(", ")
    assert invoke(*command.split()[1:]).exit_code == 0
    assert is_calm(probed(head, "parked_games"))
    assert rows(head, "SELECT count(*) FROM curated.betting_lines_unified") == [(2,)]


def test_a_load_that_fails(head: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays until the same file is loaded: another file's success is none of this one."""
    monkeypatch.chdir(tmp_path)
    file, other = Path("a b.jsonl.gz"), Path("c.jsonl.gz")
    for copy in (file, other):
        shutil.copy(SCHEDULE, copy)
    run(head, "ALTER TABLE raw_data.mlb_stats_api_games RENAME TO gone")
    with pytest.raises(LoadFailed, match="42P01"):
        invoke("load", file)
    run(head, "ALTER TABLE raw_data.gone RENAME TO mlb_stats_api_games")
    assert invoke("load", other).exit_code == 0
    [failed] = [f for f in probed(head, "pipeline_runs") if f.severity]
    assert failed.severity is Severity.WARNING
    assert failed.meaning.endswith("[SQLSTATE 42P01]")
    line = str(failed.remedy).removesuffix(" -- after the cause is fixed")
    assert shlex.split(line) == ["mlb-perf", "load", str(file)]
    assert invoke(*shlex.split(line)[1:]).exit_code == 0
    assert is_calm(probed(head, "pipeline_runs"))


def test_a_run_whose_process_was_killed(head: Engine) -> None:
    run(head, "INSERT INTO operational.pipeline_execution_log (stage, started_at)"
              " VALUES ('promote', now() - interval '7 hours')")  # fmt: skip
    hangs = one(probed(head, "pipeline_runs"), "promote")
    assert (hangs.severity, hangs.threshold) == (Severity.WARNING, 21600)
    assert invoke("promote").exit_code == 0
    assert is_calm(probed(head, "pipeline_runs"))


def _polls(engine: Engine, since: str, until: str, every: str) -> None:
    run(engine, f"""
        INSERT INTO raw_data.mlb_stats_api_games
            (external_game_id, collected_at, ingested_at, processed_at, payload)
        SELECT 'g', at, at + interval '20 s', at, '{{}}'
        FROM generate_series(now() - interval '{since}', now() - interval '{until}',
            interval '{every}') AS at
        """)  # fmt: skip


def test_a_feed_that_falls_silent(head: Engine) -> None:
    """It is judged by its own rhythm: every 5 minutes, or every day."""
    feed = "raw_data.mlb_stats_api_games"
    _polls(head, "50 hours", "2 hours", "5 min")
    silent = one(probed(head, "feed_freshness"), feed)
    assert (silent.severity, silent.threshold) == (Severity.CRITICAL, 12)
    assert silent.figure == pytest.approx(24, abs=0.5)
    assert "usually speaks every 5 min, and spoke at this time of day on 2 of" in silent.meaning
    _polls(head, "0 s", "0 s", "1 s")  # it speaks again
    assert is_calm(probed(head, "feed_freshness"))

    run(head, f"TRUNCATE {feed}")
    _polls(head, "15 days", "23 hours", "1 day")
    assert is_calm(probed(head, "feed_freshness"))


def test_a_feed_that_rests(head: Engine) -> None:
    """One that is silent at this time of every day, or since last week, is not expected."""
    _polls(head, "36 hours", "30 hours", "5 min")
    assert "mlb_stats_api_games" in probed(head, "feed_freshness")[0].meaning
    assert is_calm(probed(head, "feed_freshness"))
    run(head, "TRUNCATE raw_data.mlb_stats_api_games")
    _polls(head, "12 days", "9 days", "1 hour")
    assert is_calm(probed(head, "feed_freshness"))


def test_rejections(head: Engine) -> None:
    """The advice's query names the spelling; with its alias and a retry the share is nothing."""
    _load(head, "g1", home="San Diego Friars")
    _load(head, "g2")
    assert invoke("promote").exit_code == 0
    limits = {"rejected_minimum_rows": 1}
    share = one(probed(head, "rejection_share", **limits), "staging.rejected_records")
    assert (share.severity, share.figure) == (Severity.CRITICAL, 0.5)
    assert share.meaning.startswith("2 of 4 records of the last day rejected; most of them: ")
    assert is_calm(probed(head, "rejection_share"))  # too few to be judged
    assert "San Diego Friars" in invoke("promote", "--retry").stdout
    assert invoke("alias", "team", "San Diego Friars", "San Diego Padres").exit_code == 0
    assert invoke("promote", "--retry").exit_code == 0
    assert is_calm(probed(head, "rejection_share", **limits))


def test_a_share_of_rejections_that_grows(head: Engine) -> None:
    run(head, """
        INSERT INTO operational.pipeline_execution_log (stage, status, started_at, rows_written)
        VALUES ('promote', 'succeeded', now() - interval '3 days', 100000),
            ('promote', 'succeeded', now() - interval '3 hours', 10000)
        """, """
        INSERT INTO staging.rejected_records (external_game_id, source, raw_table, collected_at,
            reason_code, reason, record, rejected_at)
        SELECT 'g' || n, 'vsin', 'vsin_splits', now(), 'unknown_book', 'x', '{}',
            now() - CASE WHEN n <= 200 THEN interval '1 hour' ELSE interval '2 days' END
        FROM generate_series(1, 700) AS n
        """)  # fmt: skip
    assert is_calm(probed(head, "rejection_share", rejected_warning_times=5))
    grown = one(probed(head, "rejection_share"), "staging.rejected_records")
    assert grown.severity is Severity.WARNING
    assert grown.meaning.startswith("200 of 10,200 records of the last day rejected, in the week ")
    assert grown.meaning.endswith("most of them: vsin, unknown_book (200)")


def test_a_follower_that_a_lock_holds_up(head: Engine) -> None:
    stop = threading.Event()
    follower = Follower(head.url, stop.is_set, lambda _interval: None, look_seconds=0.1)
    thread = threading.Thread(target=follower.run)
    connected = "no follower is connected"
    assert probed(head, "followers")[0].meaning == connected
    with session(head) as holder:
        thread.start()
        try:
            wait_for_rows(head, "SELECT 1 FROM pg_stat_activity WHERE state = 'idle' AND "
                                "application_name = 'mlb_perf follow'")  # fmt: skip
            assert probed(head, "followers")[0].meaning.startswith("1 follower connected")
            holder.cursor().execute("LOCK TABLE raw_data.odds_api_odds")
            wait_for_rows(head, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                                "AND application_name = 'mlb_perf promote'")  # fmt: skip
            stuck = one(probed(head, "followers", follower_warning_seconds=0),
                        "mlb-perf promote --follow")  # fmt: skip
            assert "a lock holds it up (see blocking_locks)" in stuck.meaning
            [wait] = probed(head, "blocking_locks", lock_wait_warning_seconds=0)
            run(head, str(wait.remedy))
            with pytest.raises(psycopg2.Error):
                holder.cursor().execute("SELECT 1")
            wait_for_rows(head, "SELECT 1 FROM pg_stat_activity WHERE state = 'idle' AND "
                                "application_name = 'mlb_perf promote'")  # fmt: skip
            assert is_calm(probed(head, "followers"))
        finally:
            stop.set()
            thread.join()


def test_a_monitor_role_sees_the_pipeline_and_no_payload(head: Engine) -> None:
    _load(head, "g1")
    run(head, f"{MISSING} = {HOURS_AGO}", "DROP ROLE IF EXISTS watcher",
        "CREATE ROLE watcher LOGIN PASSWORD 'w' IN ROLE pg_monitor",
        "GRANT USAGE ON SCHEMA performance_monitoring TO watcher")  # fmt: skip
    try:
        url = head.url.set(username="watcher", password="w")
        with probing(url) as connection:
            report = assess(connection)
        assert [f for f in report.findings if "SQLSTATE" in f.meaning] == []
        assert one(report.findings, "raw_data.odds_api_odds").probe == "hot_rows"
        with psycopg2.connect(url.set(drivername="postgresql").render_as_string(
            hide_password=False
        )) as plain, plain.cursor() as cursor, pytest.raises(
            psycopg2.errors.InsufficientPrivilege
        ):  # fmt: skip
            cursor.execute("SELECT payload FROM raw_data.odds_api_odds")
    finally:
        run(head, "DROP OWNED BY watcher", "DROP ROLE watcher")
