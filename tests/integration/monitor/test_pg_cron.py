"""``schedule_maintenance`` with pg_cron for real, where PostgreSQL 15 has it (Debian's package)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine

from mlb_perf.migrate.config import alembic_config
from tests.integration.monitor.support import ask, do, role
from tests.integration.monitor.test_sessions import USAGE
from tests.support.databases import embedded_server, engine_on, speak_to
from tests.support.waiting import eventually

BINARIES = Path("/usr/lib/postgresql/15/bin")
LIBRARY = Path("/usr/lib/postgresql/15/lib/pg_cron.so")
# pg_cron's workers start inside the server: it need not be reachable over TCP.
SETTINGS = """\
shared_preload_libraries = 'pg_stat_statements,pg_cron'
cron.database_name = 'mlb_perf'
cron.use_background_workers = on
fsync = off
shared_buffers = 64MB
"""

pytestmark = pytest.mark.skipif(
    not LIBRARY.exists(), reason=f"no {LIBRARY}: apt-get install postgresql-15-cron"
)


@pytest.fixture(scope="module")
def cron() -> Iterator[Engine]:
    """A database at head on a PostgreSQL 15 of the test's own, with pg_cron."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLB_PERF_PG_BIN", str(BINARIES))
        with embedded_server("mlb_perf_cron_", SETTINGS) as server:
            url = server.url(superuser=True)
            speak_to(url, patch)
            command.upgrade(alembic_config(), "head")
            engine = engine_on(url)
            do(engine, "CREATE EXTENSION pg_cron")
            yield engine


def test_jobs_are_registered_and_run(cron: Engine) -> None:
    """Registered once however often it is asked; pg_cron then runs them, and the log says so."""
    do(cron, "UPDATE performance_monitoring.maintenance_jobs SET every_minutes = 1"
             " WHERE name = 'snapshot'")  # fmt: skip
    for _ in range(2):
        rows = ask(cron, "SELECT * FROM performance_monitoring.schedule_maintenance()")
        assert [(r["scheduler"], r["job_name"], r["is_registered"]) for r in rows] == [
            ("pg_cron", f"mlb_perf {name}", True)
            for name in ("compact_staging", "maintenance", "partitions", "snapshot")
        ]
    call = "SELECT performance_monitoring.run_job('{}')"
    jobs = ask(cron, "SELECT jobname, schedule, command, database FROM cron.job ORDER BY 1")
    assert [tuple(job.values()) for job in jobs] == [
        (f"mlb_perf {name}", schedule, call.format(name), "mlb_perf")
        for name, schedule in (
            ("compact_staging", "0 * * * *"),
            ("maintenance", "0 * * * *"),
            ("partitions", "0 4 * * *"),
            ("snapshot", "* * * * *"),
        )
    ]
    ran = (
        "SELECT r.status FROM performance_monitoring.maintenance_runs AS r "
        "JOIN performance_monitoring.maintenance_jobs AS j USING (job_id) WHERE j.name = 'snapshot'"
    )
    eventually(lambda: bool(ask(cron, ran)), seconds=100)  # pg_cron starts jobs on the minute
    assert ask(cron, ran)[0] == {"status": "succeeded"}
    (taken,) = ask(cron, "SELECT count(*) AS n FROM performance_monitoring.table_history")
    assert taken["n"] > 50


def test_disabled_job_is_taken_out(cron: Engine) -> None:
    schedule = "SELECT job_name, is_registered FROM performance_monitoring.schedule_maintenance()"
    ask(cron, schedule)
    do(cron, "UPDATE performance_monitoring.maintenance_jobs SET is_enabled = false"
             " WHERE name = 'snapshot'")  # fmt: skip
    assert ask(cron, schedule)[3] == {"job_name": "mlb_perf snapshot", "is_registered": False}
    left = ask(cron, "SELECT jobname FROM cron.job ORDER BY 1")
    kept = ("compact_staging", "maintenance", "partitions")
    assert left == [{"jobname": f"mlb_perf {name}"} for name in kept]


def test_role_that_may_not_use_pg_cron(cron: Engine) -> None:
    """Answered with the other ways, and with the grant that it lacks."""
    with role(
        cron,
        "mlb_test_keeper",
        USAGE,
        "GRANT ALL ON ALL TABLES IN SCHEMA performance_monitoring TO ROLE",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA performance_monitoring TO ROLE",
        "GRANT ALL ON ALL FUNCTIONS IN SCHEMA performance_monitoring TO ROLE",
    ) as keeper:
        rows = ask(keeper, "SELECT * FROM performance_monitoring.schedule_maintenance()")
    assert {row["note"] for row in rows} == {
        (
            "mlb_test_keeper may not use pg_cron; a superuser can: "
            "GRANT USAGE ON SCHEMA cron TO mlb_test_keeper"
        )
    }
