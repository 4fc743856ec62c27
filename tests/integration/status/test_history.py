"""What status makes of figures over time, of targets, jobs and revisions."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.errors import MlbPerfError
from mlb_perf.migrate.config import alembic_config
from mlb_perf.monitor import Finding
from tests.integration.status.support import found, is_calm, of, one, probed, session
from tests.support.command_line import invoke
from tests.support.sql import rows, run

HISTORY = "performance_monitoring.table_history"


def test_a_table_that_doubles(watched: Engine) -> None:
    assert found("table_growth")[0]["meaning"] == "not judged yet: 0.0 days of snapshots"
    run(
        watched,
        "CREATE TABLE curated.grows ()",
        f"""
        INSERT INTO {HISTORY} (captured_at, schema_name, table_name, heap_bytes, toast_bytes,
            index_bytes, live_rows, dead_rows, rows_inserted, rows_updated, rows_deleted,
            sequential_scans, index_scans)
        SELECT now() - (10 - d) * interval '1 day', 'curated', 'grows',
            (1 + d / 10.0) * 1024 ^ 3, 0, 0, 1000 * (10 + d), 0, 0, 0, 0, 0, 0
        FROM generate_series(0, 10) AS d
        """,
    )
    growing = of(found("table_growth"), "curated.grows")
    assert (growing["severity"], growing["unit"], growing["threshold"]) == ("warning", "times", 2)
    assert growing["figure"] == pytest.approx((2 + 3) / 2, abs=0.01)
    assert growing["meaning"] == "2 GB, 102 MB more per day: 5 GB in 30 days"
    database, limit = watched.url.database, "performance_monitoring.size_limit_bytes"
    half_a_gb_more = 5 * 1024**3 // 2  # 5 days
    run(watched, f"ALTER DATABASE {database} SET {limit} = '{half_a_gb_more}'")
    full = of(found("table_growth"), "curated.grows")
    assert (full["severity"], full["unit"], full["threshold"]) == ("critical", "days", 14)
    assert full["figure"] == pytest.approx(5, abs=0.1)
    run(watched, f"DELETE FROM {HISTORY}", f"ALTER DATABASE {database} RESET {limit}")


def test_a_statement_that_became_slower(watched: Engine) -> None:
    """Snapshots of last week and of today: 10 ms, then 50 ms."""
    assert found("query_trends")[0]["meaning"].startswith("not judged yet: ")
    snapshots = [(6, 0, 0.0), (5, 1000, 10_000.0), (0.9, 1000, 10_000.0), (0.1, 1200, 20_000.0)]
    for days, calls, total in snapshots:
        run(
            watched,
            f"""
            INSERT INTO performance_monitoring.query_history (captured_at, query_id, role_name,
                query_text, calls, total_ms, mean_ms, stddev_ms, row_count, buffers_hit,
                buffers_read)
            VALUES (now() - {days} * interval '1 day', 42, 'app',
                E'SELECT price\\nFROM lines', {calls}, {total}, 0, 0, 0, 0, 0)
            """,
        )
    slower = of(found("query_trends"), "query 42 of app")
    assert (slower["severity"], slower["unit"], slower["threshold"]) == ("warning", "times", 2)
    assert slower["figure"] == pytest.approx(5)
    assert slower["meaning"] == ("mean 50 ms, in the week before 10 ms: SELECT price FROM lines")
    assert of(found("query_trends", "slower_critical_times=5"), "query 42 of app")["severity"] == (
        "critical"
    )
    assert found("query_trends", "slower_minimum_ms=8001")[0]["severity"] == "ok"
    run(watched, "DELETE FROM performance_monitoring.query_history")


def test_slow_statements(watched: Engine) -> None:
    (absent,) = found("slow_queries")
    assert (absent["severity"], absent["object"]) == ("warning", "pg_stat_statements")
    libraries = rows(watched, "SHOW shared_preload_libraries")[0][0]
    if "pg_stat_statements" not in libraries:
        pytest.skip("the server does not preload pg_stat_statements")
    assert absent["meaning"].endswith("is loaded, but not created in this database")
    run(watched, absent["remedy"], *["SELECT pg_sleep(0.03)"] * 3)
    slow = [
        finding
        for finding in found(
            "slow_queries", "slow_query_warning_ms=25", "slow_query_minimum_count=3"
        )
        if "pg_sleep" in finding["meaning"]
    ]
    assert [(f["severity"], f["unit"], f["threshold"]) for f in slow] == [("warning", "ms", 25)]
    assert slow[0]["figure"] >= 30
    assert "mean of 3 calls" in slow[0]["meaning"]


def test_a_statement_that_reads_a_whole_table(watched: Engine) -> None:
    """With an index, and counted again, it is not slow any more."""
    if "pg_stat_statements" not in rows(watched, "SHOW shared_preload_libraries")[0][0]:
        pytest.skip("the server does not preload pg_stat_statements")
    limits: dict[str, float] = {"slow_query_warning_ms": 2, "slow_query_minimum_count": 5}
    query = ["SELECT t FROM curated.searched WHERE n = 7"] * 5
    run(watched, "CREATE EXTENSION IF NOT EXISTS pg_stat_statements",
        "CREATE TABLE curated.searched AS SELECT g AS n, 'x' AS t FROM generate_series(1, 200000)"
        " AS g", "SET max_parallel_workers_per_gather = 0", "ANALYZE curated.searched",
        *query)  # fmt: skip

    def slow() -> list[Finding]:
        found = probed(watched, "slow_queries", **limits)
        return [f for f in found if "curated.searched WHERE" in f.meaning]

    [finding] = slow()
    plan, _, again = str(finding.remedy).partition("; then count again: ")
    assert plan == "EXPLAIN (ANALYZE, BUFFERS) ... -- look for a large sequential scan"
    assert "Seq Scan" in str(rows(watched, f"EXPLAIN (ANALYZE, BUFFERS) {query[0]}"))
    run(watched, "CREATE INDEX CONCURRENTLY ON curated.searched (n)", again, *query)
    assert slow() == []
    run(watched, "DROP TABLE curated.searched")


def test_a_target_that_is_missed(watched: Engine) -> None:
    assert found("performance_targets")[0]["meaning"] == "not judged yet: nothing measured"
    for name, p95 in (("met", 90), ("missed", 150), ("far", 400)):
        run(
            watched,
            f"""
            INSERT INTO performance_monitoring.benchmark_results (name, category, iterations,
                min_ms, mean_ms, p50_ms, p95_ms, p99_ms, max_ms, stddev_ms, target_ms)
            VALUES ('{name}', 'joins', 10, 1, 2, 2, {p95}, {p95}, {p95}, 1, 100)
            """,
        )
    findings = {f["object"]: f for f in found("performance_targets")}
    assert {name: f["severity"] for name, f in findings.items()} == {
        "joins.missed": "warning",
        "joins.far": "critical",
    }
    assert (findings["joins.missed"]["figure"], findings["joins.missed"]["threshold"]) == (150, 100)
    assert findings["joins.far"]["threshold"] == 200
    run(watched, "DELETE FROM performance_monitoring.benchmark_results")


def test_a_query_that_meets_its_target_again(watched: Engine) -> None:
    """What the advice says: read the plan, build the index, measure again."""
    measure = (
        "SELECT FROM performance_monitoring.benchmark_query_detailed('mine', $$SELECT a.n FROM"
        " curated.paired AS a, curated.paired AS b WHERE a.n <> b.n AND b.t = a.n::text$$, 1,"
        " 'joins')"
    )
    plan = "; ".join(f"SET {name} = off" for name in ("enable_hashjoin", "enable_mergejoin"))
    run(watched, "CREATE TABLE curated.paired AS SELECT g AS n, '-' || g AS t FROM"
                 " generate_series(1, 3000) AS g", "ANALYZE curated.paired",
        f"{plan}; {measure}")  # fmt: skip
    missed = one(probed(watched, "performance_targets"), "joins.mine")
    asked, _, again = str(missed.remedy).partition(" -- ")
    assert rows(watched, asked)[0][1] == "mine"
    assert "benchmark_query_detailed()" in again
    run(watched, "CREATE INDEX ON curated.paired (t)", f"{plan}; {measure}")
    assert is_calm(probed(watched, "performance_targets"))
    run(watched, "DROP TABLE curated.paired",
        "DELETE FROM performance_monitoring.benchmark_results")  # fmt: skip


def test_a_step_of_a_revision_that_failed(watched: Engine) -> None:
    def log(status: str, age: str) -> str:
        return f"""
            INSERT INTO performance_monitoring.optimization_log (revision, operation, object_name,
                status, error_sqlstate, error_message, logged_at)
            VALUES ('0011', 'create_index_online', 'curated.ix_new', '{status}', '55P03',
                'lock timeout', now() - interval '{age}')
            """

    assert found("failed_steps")[0]["severity"] == "ok"
    run(watched, log("succeeded", "2 hours"), log("failed", "1 hour"))
    finding = of(found("failed_steps"), "curated.ix_new")
    assert "create_index_online of revision 0011 failed" in finding["meaning"]
    assert finding["remedy"] == "mlb-perf alembic upgrade head"
    assert "lock timeout [SQLSTATE 55P03]" in finding["meaning"]
    run(watched, log("succeeded", "1 minute"))
    assert found("failed_steps")[0]["severity"] == "ok"


def test_a_downgrade_that_a_reader_holds_up(head: Engine) -> None:
    """An upgrade has nothing to do then: the advice finishes the downgrade, and comes back."""
    config = alembic_config()
    config.set_main_option("lock_patience", "100ms")
    config.set_main_option("lock_timeout", "100ms")
    with session(head) as reader:
        reader.cursor().execute("SELECT FROM performance_monitoring.status_history")
        with pytest.raises(CommandError, match="55P03"):
            command.downgrade(config, "-1")
    failed = one(probed(head, "failed_steps"), "keep status history")
    assert failed.meaning.startswith("downgrade of revision 0035 failed, and has not succeeded")
    assert failed.meaning.count("[SQLSTATE 55P03]") == 1
    back, forth = str(failed.remedy).split(" -- to come back then: ")
    for line in (back, forth):
        assert invoke(*line.split()[1:]).exit_code == 0
    assert is_calm(probed(head, "failed_steps"))
    assert is_calm(probed(head, "revision"))


def test_a_repack_that_the_server_refuses(head: Engine) -> None:
    """A step outside of a revision has a command of its own."""
    run(head, "CREATE TABLE curated.refused (id int PRIMARY KEY)",
        "CREATE FUNCTION curated.refuse() RETURNS event_trigger LANGUAGE plpgsql"
        " AS 'BEGIN RAISE EXCEPTION ''no tables today''; END'",
        "CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE TABLE')"
        " EXECUTE FUNCTION curated.refuse()")  # fmt: skip
    with pytest.raises(MlbPerfError, match="no tables today"):
        invoke("rebuilds", "start", "curated.refused")
    failed = one(probed(head, "failed_steps"), "curated.refused")
    assert failed.meaning == (
        "repack_table failed, and has not succeeded since: no tables today [SQLSTATE P0001]"
    )
    run(head, "DROP EVENT TRIGGER refuse")
    assert invoke(*str(failed.remedy).split()[1:]).exit_code == 0
    assert is_calm(probed(head, "failed_steps"))


def test_jobs_that_nobody_runs(watched: Engine) -> None:
    (waiting,) = found("maintenance_jobs")
    assert (
        waiting["meaning"]
        == "not run yet: compact_staging, maintenance, partitions, snapshot (mlb-perf maintain)"
    )
    made = "UPDATE performance_monitoring.maintenance_jobs SET created_at = now() - interval"
    run(watched, f"{made} '4 hours'")
    findings = found("maintenance_jobs")
    late = of(findings, "maintenance")
    assert (late["severity"], late["unit"], late["threshold"]) == ("warning", "times", 3)
    assert late["figure"] == pytest.approx(4, abs=0.1)
    assert of(findings, "snapshot")["severity"] == "critical"
    assert found("snapshots", "snapshot_warning_seconds=0")[0]["severity"] == "warning"
    assert invoke("maintain").exit_code == 0
    assert found("maintenance_jobs")[0]["meaning"] == "4 jobs on time"
    assert found("snapshots")[0]["meaning"] == "age of the last snapshot"


def test_a_job_that_fails(watched: Engine) -> None:
    """Its SQL is shown; once that is right and was run, the finding is gone."""
    wrong = "SELECT 1 / n FROM (VALUES (0)) AS t (n)"
    run(watched, "INSERT INTO performance_monitoring.maintenance_jobs (name, command,"
                 f" every_minutes) VALUES ('my job', '{wrong}', 60)")  # fmt: skip
    assert invoke("maintain", "--job", "my job").exit_code == 1
    failed = of(found("maintenance_jobs"), "my job")
    assert failed["meaning"].endswith(f"[SQLSTATE 22012]; it runs: {wrong}")
    assert failed["remedy"] == "mlb-perf maintain --job 'my job'"
    run(watched, "UPDATE performance_monitoring.maintenance_jobs SET command = 'SELECT 1'"
                 " WHERE name = 'my job'")  # fmt: skip
    assert invoke("maintain", "--job", "my job").exit_code == 0
    assert "my job" not in [f["object"] for f in found("maintenance_jobs")]
    run(watched, "DELETE FROM performance_monitoring.maintenance_runs",
        "DELETE FROM performance_monitoring.maintenance_jobs WHERE name = 'my job'")  # fmt: skip


def test_views_of_a_later_revision(watched: Engine) -> None:
    """Status answers without them, as during an upgrade, and says what it does not know."""
    run(watched, "ALTER VIEW performance_monitoring.hot_rows RENAME TO away")
    (unknown,) = found("hot_rows")
    assert unknown["meaning"].startswith("not known: the view hot_rows comes after revision ")
    assert unknown["remedy"] == "mlb-perf alembic upgrade head"
    run(watched, "ALTER VIEW performance_monitoring.away RENAME TO hot_rows")
    assert found("hot_rows")[0]["severity"] == "ok"


def test_an_older_revision_and_an_unknown_one(watched: Engine) -> None:
    head = rows(watched, "SELECT version_num FROM alembic_version")[0][0]
    assert found("revision")[0]["meaning"] == f"{head}, the newest"
    remedies = {
        "0026": "mlb-perf alembic upgrade head",
        "0009a": "0009a is not a revision of this mlb_perf: install the version that wrote it, or "
        "name the alembic.ini of your own revisions in ALEMBIC_CONFIG",
    }
    try:
        for revision, remedy in remedies.items():
            run(watched, f"UPDATE alembic_version SET version_num = '{revision}'")
            (behind,) = found("revision")
            assert (behind["severity"], behind["meaning"], behind["remedy"]) == (
                "warning", f"at {revision}; the package is at {head}", remedy,
            )  # fmt: skip
    finally:
        run(watched, f"UPDATE alembic_version SET version_num = '{head}'")
