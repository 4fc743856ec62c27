"""``run_maintenance``, ``run_job``, ``schedule_maintenance``, ``validate_performance_targets``."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from tests.integration.monitor.support import ask, do, role
from tests.integration.monitor.test_sessions import USAGE

RUN = "SELECT step, object_name, note FROM performance_monitoring.run_maintenance()"
DUE = "SELECT * FROM performance_monitoring.analyze_due() WHERE object_name LIKE 'staging.probe%'"


def analyzed(engine: Engine, query: str = RUN) -> set[str]:
    return {row["object_name"] for row in ask(engine, query) if row["step"] == "analyze"}


@pytest.fixture
def probes(faults: Engine) -> Any:
    """Tables of ours: one plain and one with two partitions, analyzed, in the schema staging."""
    do(
        faults,
        "CREATE TABLE staging.probe (a int)",
        "CREATE TABLE staging.probe_m (a int) PARTITION BY RANGE (a)",
        *(
            f"CREATE TABLE staging.probe_m{n} PARTITION OF staging.probe_m "
            f"FOR VALUES FROM ({n * 1000 - 1000}) TO ({n * 1000})"
            for n in (1, 2)
        ),
        "INSERT INTO staging.probe SELECT generate_series(1, 1000)",
        "INSERT INTO staging.probe_m SELECT generate_series(1, 1998)",
    )
    ask(faults, RUN)
    yield faults
    do(faults, "DROP TABLE staging.probe, staging.probe_m")


def test_what_changed_is_analyzed(probes: Engine) -> None:
    """A tenth of the rows changed: analyzed; a hundredth: not; the parent with its partition."""
    assert ask(probes, DUE) == []
    do(
        probes,
        "UPDATE staging.probe SET a = 0 WHERE a <= 10",
        "UPDATE staging.probe_m SET a = 1 WHERE a <= 100",
    )
    due = {row["object_name"]: row["rows_changed"] for row in ask(probes, DUE)}
    on_18 = {"staging.probe_m1": 100} if version_of(probes) >= 18 else {}
    # ANALYZE of the parent reads its partitions too before PostgreSQL 18.
    assert due == {"staging.probe_m": 100} | on_18
    do(probes, "UPDATE staging.probe SET a = 0 WHERE a <= 100")
    names = {name for name in analyzed(probes) if name.startswith("staging.probe")}
    assert names == {"staging.probe", "staging.probe_m", *on_18}
    assert ask(probes, DUE) == []
    (parent,) = ask(
        probes,
        "SELECT null_frac FROM pg_stats WHERE tablename = 'probe_m' AND inherited",
    )
    assert parent == {"null_frac": 0}


def version_of(engine: Engine) -> int:
    return int(ask(engine, "SELECT current_setting('server_version_num')::int / 10000 v")[0]["v"])


def test_run_leaves_a_row(faults: Engine) -> None:
    """Every step is answered, and the run is in the log with what it did."""
    steps = [row["step"] for row in ask(faults, RUN) if row["step"] != "analyze"]
    assert steps == ["thin_history", "snapshot", "validate"]
    (last,) = ask(
        faults,
        "SELECT j.name, r.status, r.finished_at > r.started_at AS took, r.details ? 'analyzed' "
        "AS has_details FROM performance_monitoring.maintenance_runs AS r "
        "JOIN performance_monitoring.maintenance_jobs AS j USING (job_id) "
        "ORDER BY run_id DESC LIMIT 1",
    )
    assert tuple(last.values()) == ("maintenance", "succeeded", True, True)


def test_one_at_a_time(faults: Engine) -> None:
    with faults.connect() as first:
        first.exec_driver_sql(RUN)
        assert ask(faults, RUN) == [
            {"step": "skipped", "object_name": None, "note": "another maintenance is running"}
        ]
        first.rollback()
    assert ask(faults, RUN)[-1]["step"] == "validate"


def test_table_that_is_locked_is_skipped(probes: Engine) -> None:
    """Maintenance waits for nobody who holds a strong lock."""
    do(probes, "UPDATE staging.probe SET a = 0")
    with probes.connect() as holder:
        holder.exec_driver_sql("LOCK TABLE staging.probe IN SHARE UPDATE EXCLUSIVE MODE")
        ask(probes, RUN)
        holder.rollback()
    assert [row["object_name"] for row in ask(probes, DUE)] == ["staging.probe"]


def test_role_that_does_not_own_the_tables(probes: Engine) -> None:
    """It does what it may and says what it may not, and who may."""
    do(probes, "UPDATE staging.probe SET a = 0")
    with role(
        probes,
        "mlb_test_keeper",
        USAGE,
        "GRANT ALL ON ALL TABLES IN SCHEMA performance_monitoring TO ROLE",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA performance_monitoring TO ROLE",
        "GRANT ALL ON ALL FUNCTIONS IN SCHEMA performance_monitoring TO ROLE",
    ) as keeper:
        done = ask(keeper, RUN)
        notes = {row["object_name"]: row["note"] for row in done}
        (snapshot,) = [row["note"] for row in done if row["step"] == "snapshot"]
        assert snapshot.endswith(
            "; cache hits, queues and feeds are not in status_history: permission denied for table "
            "action_network_games; a superuser can: GRANT pg_monitor TO mlb_test_keeper"
        )
        assert notes["staging.probe"] == (
            "not allowed to mlb_test_keeper; the owner can: ANALYZE (SKIP_LOCKED) staging.probe"
        )
        if version_of(probes) >= 17:
            do(probes, "GRANT pg_maintain TO mlb_test_keeper")
            (still,) = [r for r in ask(keeper, RUN) if r["object_name"] == "staging.probe"]
            assert "not allowed" in still["note"], "it may not use the schema"
            do(probes, "GRANT USAGE ON SCHEMA staging TO mlb_test_keeper")
            assert "staging.probe" in analyzed(keeper)


def test_job_is_run_and_logged_once(faults: Engine) -> None:
    """What pg_cron calls: one row for the run, also of a job that logs itself."""
    for name in ("snapshot", "maintenance"):
        (run,) = ask(faults, "SELECT performance_monitoring.run_job(:name) AS id", name=name)
        logged = ask(
            faults,
            "SELECT status, details ? 'analyzed' AS has_details "
            "FROM performance_monitoring.maintenance_runs WHERE run_id >= :id",
            id=run["id"],
        )
        assert logged == [{"status": "succeeded", "has_details": name == "maintenance"}]


def test_job_that_is_none(faults: Engine) -> None:
    with pytest.raises(DBAPIError, match="there is no job 'x''y' in") as caught:
        ask(faults, "SELECT performance_monitoring.run_job('x''y')")
    assert diagnosis.sqlstate(caught.value) == "22023"


def test_schedule_without_pg_cron(faults: Engine) -> None:
    """The same by crontab, systemd and Kubernetes, and why not by pg_cron."""
    rows = ask(faults, "SELECT * FROM performance_monitoring.schedule_maintenance()")
    assert [row["scheduler"] for row in rows] == ["crontab", "systemd", "kubernetes"]
    assert {row["note"] for row in rows} == {
        "the extension pg_cron is not installed in this database"
    }
    assert {row["is_registered"] for row in rows} == {False}
    signs = ["*/5 * * * * ", "OnCalendar=*:0/5", 'schedule: "*/5 * * * *"']
    for row, sign in zip(rows, signs, strict=True):
        assert sign in row["definition"]
        assert "maintain" in row["definition"]


CRON = {1: "* * * * *", 5: "*/5 * * * *", 30: "*/30 * * * *", 60: "0 * * * *", 360: "0 */6 * * *",
        1440: "0 4 * * *", 10080: "0 4 * * 0"}  # fmt: skip


def test_minutes_as_cron_writes_them(faults: Engine) -> None:
    query = "SELECT performance_monitoring.cron_expression(:minutes) AS it"
    assert {m: ask(faults, query, minutes=m)[0]["it"] for m in CRON} == CRON
    for minutes in (7, 0, 45, 90, 300, 2880):
        with pytest.raises(DBAPIError, match=f'cron cannot write "every {minutes} minutes"'):
            ask(faults, query, minutes=minutes)


def test_targets(faults: Engine) -> None:
    """A target that is met, one that is missed, and one without a figure are told apart."""
    do(faults, "DELETE FROM performance_monitoring.benchmark_results")
    insert = (
        "INSERT INTO performance_monitoring.benchmark_results (name, category, iterations, min_ms, "
        "mean_ms, p50_ms, p95_ms, p99_ms, max_ms, stddev_ms, target_ms) "
        "VALUES (:name, :category, 1, :ms, :ms, :ms, :ms, :ms, :ms, 0, :target) RETURNING 1"
    )
    for name, category, ms, target in (
        ("quick", "joins", 20, 30), ("slow", "joins", 151, None), ("slow", "joins", 400, None),
        ("late", "staging_processing", 60, 50), ("quick", "joins", 10, 30),
    ):  # fmt: skip
        ask(faults, insert, name=name, category=category, ms=ms, target=target)
    found = {
        row["target"]: (row["figure"], row["threshold"], row["is_met"])
        for row in ask(
            faults, "SELECT * FROM performance_monitoring.validate_performance_targets()"
        )
    }
    share = found.pop("indexes")
    assert found == {
        "joins/quick": (10, 30, True),
        "joins": (400, 150, False),
        "staging_processing/late": (60, 50, False),
        "staging_processing": (60, 75, True),
        "curated_analytics": (None, 200, None),
        "raw_ingestion": (None, 50, None),
    }
    assert share[1:] == (0.9, False)
    missed = next(row for row in ask(faults, RUN) if row["step"] == "validate")["note"]
    assert missed == "missed: indexes, joins, staging_processing/late"


def test_index_share_that_is_asked_for(faults: Engine) -> None:
    query = (
        "SELECT is_met FROM performance_monitoring.validate_performance_targets(0) "
        "WHERE target = 'indexes'"
    )
    assert ask(faults, query) == [{"is_met": True}]
