"""The measurement of the monitoring: its figures, a slow view, a broken one, a bad snapshot."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, text

from mlb_perf.bench.found import Found
from mlb_perf.bench.measure import monitoring
from mlb_perf.errors import BenchmarkFailed
from tests.bench import made

RELATIONS = 4
VIEW = "performance_monitoring.connection_usage"


def judged(found: Found) -> dict[str, bool | None]:
    return {name: met for name, (_, met) in made.judged("monitoring", found).items()}


def count(connection: Connection, what: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one())


def test_a_snapshot_and_each_view_and_nothing_is_left(head: Engine) -> None:
    with head.connect() as connection:
        views = count(
            connection,
            "pg_class WHERE relkind = 'v'"
            " AND relnamespace = 'performance_monitoring'::regnamespace",
        )
    found = monitoring.measure(head.url, relations=RELATIONS, times=1)
    (table,) = found.tables
    assert table.rows[0][0] == monitoring.SNAPSHOT
    assert len(table.rows) == views + 1
    assert found.lines[0].startswith("tables ")
    assert judged(found)[monitoring.MISSING] is True
    with head.connect() as connection:
        assert count(connection, "performance_monitoring.table_history") == 0
        assert count(connection, "pg_namespace WHERE nspname = 'mlb_perf_bench'") == 0


def test_a_slow_view_is_reported(head: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "LONGEST_MS", 300.0)
    with head.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE VIEW {VIEW} AS SELECT shown.* FROM"
            f" ({definition(connection)}) AS shown, pg_sleep({2 * monitoring.LONGEST_MS / 1000})"
        )
    found = monitoring.measure(head.url, relations=RELATIONS, times=1)
    assert found.figures["connection_usage, ms"] > monitoring.LONGEST_MS
    assert judged(found)[monitoring.SLOWEST] is False


def definition(connection: Connection) -> str:
    found = connection.execute(text(f"SELECT pg_get_viewdef('{VIEW}'::regclass)"))
    return str(found.scalar_one()).rstrip(";")


def test_a_view_that_fails_is_named(head: Engine) -> None:
    with head.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE VIEW {VIEW} AS SELECT shown.* FROM"
            f" ({definition(connection)}) AS shown WHERE 1 / (now() IS NULL)::int = 0"
        )
    with pytest.raises(BenchmarkFailed, match=rf"{VIEW} failed.*division by zero.*alembic check"):
        monitoring.measure(head.url, relations=RELATIONS, times=1)


def test_a_snapshot_that_leaves_tables_out_is_reported(head: Engine) -> None:
    with head.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION public.leave_out() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER leave_out BEFORE INSERT ON performance_monitoring.table_history"
            " FOR EACH ROW WHEN (NEW.schema_name = 'mlb_perf_bench' AND NEW.table_name <> 't1')"
            " EXECUTE FUNCTION public.leave_out()"
        )
    found = monitoring.measure(head.url, relations=RELATIONS, times=1)
    assert found.figures[monitoring.MISSING] == RELATIONS - 1
    assert judged(found)[monitoring.MISSING] is False
