"""Who sees what: nobody without rights on the schema, members of pg_monitor with USAGE."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from tests.integration.monitor.support import ask, do, role
from tests.integration.monitor.test_sessions import USAGE

OBJECTS = (
    "SELECT c.relname AS name FROM pg_class AS c WHERE c.relkind = 'v' "
    "AND c.relnamespace = 'performance_monitoring'::regnamespace ORDER BY 1"
)
FUNCTIONS = (
    "SELECT p.proname AS name, p.prosecdef AS definer, p.proconfig AS settings, "
    "has_function_privilege(:role, p.oid, 'EXECUTE') AS may FROM pg_proc AS p "
    "WHERE p.pronamespace = 'performance_monitoring'::regnamespace ORDER BY 1"
)
WRITERS = {
    "capture_snapshot",
    "capture_status",
    "compact_staging",
    "create_monthly_partitions",
    "create_partitions",
    "create_partitions_ahead",
    "cron_expression",
    "cron_gap",
    "drop_old_partitions",
    "maintenance_job",
    "run_job",
    "run_maintenance",
    "schedule_maintenance",
    "scheduler_lines",
    "thin_history",
}
PINNED = "search_path=pg_catalog, pg_temp"
# Of functions that read and write bounds, and of the one that asks for a strong lock.
FURTHER = {"TimeZone=UTC", "DateStyle=ISO", "lock_timeout=2s"}


def views(engine: Engine) -> list[str]:
    return [row["name"] for row in ask(engine, OBJECTS)]


def refusals(engine: Engine, names: list[str]) -> list[tuple[str, str | None]]:
    """The SQLSTATE with which each view refuses the role."""
    found = []
    for name in names:
        with pytest.raises(DBAPIError) as caught:
            ask(engine, f"SELECT * FROM performance_monitoring.{name}")
        found.append((name, diagnosis.sqlstate(caught.value)))
    return found


def test_stranger_gets_nothing(faults: Engine) -> None:
    """Neither without USAGE on the schema, nor with USAGE alone; nor a member of pg_monitor."""
    every = views(faults)
    denied = [(name, "42501") for name in every]
    with role(faults, "mlb_test_stranger") as stranger:
        assert refusals(stranger, every) == denied
        with pytest.raises(DBAPIError, match="permission denied for schema"):
            ask(stranger, "SELECT performance_monitoring.benchmark_query_detailed('a', 'SELECT 1')")
        do(faults, "GRANT USAGE ON SCHEMA performance_monitoring TO mlb_test_stranger")
        assert refusals(stranger, every) == denied
        assert [row["name"] for row in ask(faults, FUNCTIONS, role="mlb_test_stranger")
                if row["may"]] == []  # fmt: skip
    with role(faults, "mlb_test_monitor", "GRANT pg_monitor TO ROLE") as monitor:
        assert refusals(monitor, every) == denied


def test_member_of_pg_monitor_with_usage(faults: Engine) -> None:
    """Every view answers; functions that only read may be called; nothing can be written."""
    with role(faults, "mlb_test_monitor", USAGE, "GRANT pg_monitor TO ROLE") as monitor:
        for name in views(faults):
            ask(monitor, f"SELECT * FROM performance_monitoring.{name}")
        may = {row["name"]: row["may"] for row in ask(faults, FUNCTIONS, role="mlb_test_monitor")}
        assert {name for name, allowed in may.items() if not allowed} == WRITERS
        ask(monitor, "SELECT * FROM performance_monitoring.validate_performance_targets()")
        ask(monitor, "SELECT * FROM performance_monitoring.get_slow_queries()")
        with pytest.raises(DBAPIError, match="permission denied for table table_history"):
            ask(monitor, "DELETE FROM performance_monitoring.table_history RETURNING 1")


def test_every_function_is_its_callers_and_pins_the_search_path(faults: Engine) -> None:
    found = ask(faults, FUNCTIONS, role="pg_monitor")
    assert len(found) > len(WRITERS)
    loose = [
        row["name"] for row in found if row["definer"] or set(row["settings"]) - FURTHER != {PINNED}
    ]
    assert loose == []


def test_every_view_is_its_callers(faults: Engine) -> None:
    query = (
        "SELECT relname FROM pg_class WHERE relkind = 'v' AND NOT coalesce(reloptions, '{}') @> "
        "'{security_invoker=true}' AND relnamespace = 'performance_monitoring'::regnamespace"
    )
    assert ask(faults, query) == []
