"""Snapshots, what is kept of them, and what growth and trends make of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.integration.monitor.support import ask, do, role
from tests.integration.monitor.test_sessions import USAGE
from tests.support.sql import value

GB = 1024**3


def test_snapshot_is_rolled_up_over_partitions(faults: Engine) -> None:
    """One row for the partitioned table and each of its indexes: the sums over the partitions."""
    do(
        faults,
        "CREATE TABLE faults.m (a int, b text) PARTITION BY RANGE (a)",
        "CREATE INDEX on_a ON faults.m (a)",
        "CREATE TABLE faults.m1 PARTITION OF faults.m FOR VALUES FROM (0) TO (500)",
        "CREATE TABLE faults.m2 PARTITION OF faults.m FOR VALUES FROM (500) TO (1000)",
        "INSERT INTO faults.m SELECT i, repeat('x', 90) FROM generate_series(0, 999) i",
        "UPDATE faults.m SET b = '' WHERE a < 100",
        "DELETE FROM faults.m WHERE a >= 900",
    )
    (taken,) = ask(faults, "SELECT * FROM performance_monitoring.capture_snapshot()")
    tables = ask(
        faults,
        "SELECT table_name, heap_bytes + toast_bytes AS bytes, index_bytes, live_rows, "
        "rows_inserted, rows_updated, rows_deleted FROM performance_monitoring.table_history "
        "WHERE schema_name = 'faults' AND captured_at = :at",
        at=taken["captured_at"],
    )
    indexes = ask(
        faults,
        "SELECT index_name, table_name, index_bytes FROM performance_monitoring.index_history "
        "WHERE schema_name = 'faults' AND captured_at = :at",
        at=taken["captured_at"],
    )
    (sizes,) = ask(
        faults,
        "SELECT sum(pg_table_size(relid))::bigint AS heap, sum(pg_indexes_size(relid))::bigint "
        "AS indexes FROM pg_partition_tree('faults.m')",
    )
    assert [tuple(row.values()) for row in tables] == [
        ("m", sizes["heap"], sizes["indexes"], 900, 1000, 100, 100)
    ]
    assert [tuple(row.values()) for row in indexes] == [("on_a", "m", sizes["indexes"])]


def test_two_snapshots_in_one_transaction(faults: Engine) -> None:
    twice = (
        "SELECT (performance_monitoring.capture_snapshot()).captured_at FROM (VALUES (1), (2)) v"
    )
    moments = {row["captured_at"] for row in ask(faults, twice)}
    assert len(moments) == 2


def test_a_snapshot_keeps_cache_hits_queues_and_ages(faults: Engine) -> None:
    """The same figures as the views show at that moment."""
    do(
        faults,
        "INSERT INTO raw_data.line_history (external_game_id, sportsbook_key, market_type,"
        " collected_at, side, line_key, source, payload, processed_at)"
        " SELECT 'g', 'book', 'all', now() - n * interval '1 h', 'all', '', 'file', '{}',"
        " CASE WHEN n > 2 THEN now() END FROM generate_series(1, 3) AS n",
        "INSERT INTO raw_data.mlb_stats_api_games (external_game_id, collected_at, payload,"
        " processed_at) VALUES ('g', now() - interval '1 h', '{}', now())",
        "INSERT INTO staging.curation_queue (game_id) SELECT 1",
    )
    (taken,) = ask(faults, "SELECT * FROM performance_monitoring.capture_snapshot()")
    kept = {
        (row["figure"], row["object_name"]): row["value"]
        for row in ask(
            faults,
            "SELECT * FROM performance_monitoring.status_history WHERE captured_at = :at",
            at=taken["captured_at"],
        )
    }
    assert kept["waiting_rows", "line_history"] == 2
    assert kept["waiting_rows", "vsin_splits"] == 0
    assert kept["waiting_games", ""] == 1
    assert kept["feed_age_seconds", "mlb_stats_api_games"] == pytest.approx(3600, abs=60)
    assert kept["cache_hit_blocks", ""] > kept["cache_read_blocks", ""] >= 0
    assert ("feed_age_seconds", "line_history") not in kept, "files are no feed"
    do(
        faults,
        "DELETE FROM raw_data.line_history",
        "DELETE FROM raw_data.mlb_stats_api_games",
        "DELETE FROM staging.curation_queue",
    )


def fill(engine: Engine, table: str, sizes: list[tuple[timedelta, int]]) -> None:
    """Rows of the past in ``table_history``: how long ago, and how large the table was."""
    do(engine, "DELETE FROM performance_monitoring.table_history")
    for ago, size in sizes:
        ask(
            engine,
            "INSERT INTO performance_monitoring.table_history SELECT now() - :ago, 'faults', "
            ":name, :size, 0, 0, :size / 100, 0, 0, 0, 0, 0, 0 RETURNING 1",
            ago=ago, name=table, size=size,
        )  # fmt: skip


def test_growth_of_a_steady_table(faults: Engine) -> None:
    """A gigabyte a day: doubled in a week; the forecast and the days to the limit follow."""
    do(faults, "CREATE TABLE faults.t (a int)")
    fill(faults, "t", [(timedelta(days=14 - day), (day + 1) * GB) for day in range(15)])
    fill_of_dropped = (
        "INSERT INTO performance_monitoring.table_history SELECT max(captured_at), 'faults', "
        "'gone', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM performance_monitoring.table_history RETURNING 1"
    )
    ask(faults, fill_of_dropped)
    query = "SELECT * FROM performance_monitoring.table_growth WHERE schema_name = 'faults'"
    with faults.begin() as connection:
        connection.exec_driver_sql(
            f"SET LOCAL performance_monitoring.size_limit_bytes = '{100 * GB}'"
        )
        (found,) = connection.exec_driver_sql(query).mappings().all()
    assert found["table_name"] == "t"
    assert found["snapshots"] == 15
    assert (found["first_bytes"], found["total_bytes"]) == (GB, 15 * GB)
    assert float(found["bytes_per_day"]) == pytest.approx(GB, rel=1e-6)
    assert found["ratio_in_7_days"] == Decimal("1.875")
    assert found["fit"] == 1
    assert float(found["bytes_in_30_days"]) == pytest.approx(45 * GB, rel=1e-6)
    assert float(found["days_to_limit"]) == pytest.approx(85, abs=0.1)
    (unlimited,) = ask(faults, query)
    assert unlimited["limit_bytes"] == 32 * 1024**4


def test_table_that_doubled_for_real(faults: Engine) -> None:
    """Two snapshots of a table before and after its rows were doubled."""
    do(
        faults,
        "CREATE TABLE faults.t AS SELECT i FROM generate_series(1, 20000) i",
        "DELETE FROM performance_monitoring.table_history",
    )
    do(faults, "SELECT performance_monitoring.capture_snapshot()")
    do(faults, "INSERT INTO faults.t SELECT i FROM generate_series(1, 20000) i")
    do(faults, "SELECT performance_monitoring.capture_snapshot()")
    (found,) = ask(
        faults,
        "SELECT ratio_in_7_days::float AS ratio, live_rows, days_to_limit > 0 AS has_end "
        "FROM performance_monitoring.table_growth WHERE schema_name = 'faults'",
    )
    assert found == {"ratio": pytest.approx(2, abs=0.1), "live_rows": 40000, "has_end": True}


def test_history_is_thinned(faults: Engine) -> None:
    """All of two days, the first of each hour for ninety, nothing before; in all tables."""
    do(
        faults,
        "DELETE FROM performance_monitoring.table_history",
        "DELETE FROM performance_monitoring.index_history",
        "DELETE FROM performance_monitoring.status_history",
    )
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    kept = [noon - 89 * day, noon - 4 * day, noon - 4 * day + timedelta(hours=1), noon - day,
            noon - day + timedelta(minutes=5)]  # fmt: skip
    forgotten = [noon - 92 * day, noon - 4 * day + timedelta(minutes=5),
                 noon - 4 * day + timedelta(minutes=59)]  # fmt: skip
    for moment in kept + forgotten:
        ask(
            faults,
            "INSERT INTO performance_monitoring.table_history SELECT :at, 'faults', 't', 0, 0, 0, "
            "0, 0, 0, 0, 0, 0, 0 RETURNING 1",
            at=moment,
        )
        ask(
            faults,
            "INSERT INTO performance_monitoring.index_history SELECT :at, 'faults', 'i', 't', 0, "
            "0, 0, 0 RETURNING 1",
            at=moment,
        )
        ask(
            faults,
            "INSERT INTO performance_monitoring.status_history VALUES (:at, 'figure', '', 0) "
            "RETURNING 1",
            at=moment,
        )
    (deleted,) = ask(faults, "SELECT performance_monitoring.thin_history() AS n")
    assert deleted == {"n": 3 * len(forgotten)}
    for table in ("table_history", "index_history", "status_history"):
        query = f"SELECT captured_at AS at FROM performance_monitoring.{table} ORDER BY 1"
        assert [row["at"] for row in ask(faults, query)] == sorted(kept)


def test_statement_that_became_slower(faults: Engine) -> None:
    """Counts of the past are moved back by a week; what runs now is slower, for real."""
    do(
        faults,
        "CREATE EXTENSION IF NOT EXISTS pg_stat_statements",
        "DELETE FROM performance_monitoring.query_history",
        "SELECT pg_stat_statements_reset()",
        *["SELECT /* became slow */ pg_sleep(0.001)"] * 2,
        "SELECT performance_monitoring.capture_snapshot(5000)",
        *["SELECT /* became slow */ pg_sleep(0.001)"] * 3,
        "SELECT performance_monitoring.capture_snapshot(5000)",
        "UPDATE performance_monitoring.query_history SET captured_at = captured_at - "
        "interval '3 days'",
        *["SELECT /* became slow */ pg_sleep(0.1)"] * 2,
        "SELECT performance_monitoring.capture_snapshot(5000)",
    )
    (found,) = ask(
        faults,
        "SELECT * FROM performance_monitoring.query_trends WHERE query_text LIKE '%became slow%'",
    )
    assert (found["earlier_calls"], found["recent_calls"]) == (3, 2)
    assert found["recent_mean_ms"] >= 100
    assert found["ratio"] > 5
    assert found["ms_lost"] == pytest.approx(
        2 * (found["recent_mean_ms"] - found["earlier_mean_ms"])
    )


def test_slow_queries(faults: Engine) -> None:
    """The threshold is the mean's; a role without pg_monitor reads what it cannot see."""
    do(
        faults,
        "CREATE EXTENSION IF NOT EXISTS pg_stat_statements",
        "SELECT pg_stat_statements_reset()",
        "SELECT /* is slow */ pg_sleep(0.05)",
        "SELECT /* is slow */ pg_sleep(0.05)",
        "SELECT /* is quick */ 1",
    )
    query = "SELECT * FROM performance_monitoring.get_slow_queries(40, 5)"
    found = [row for row in ask(faults, query) if "is slow" in (row["query_text"] or "")]
    (slow,) = found
    assert slow["calls"] == 2
    assert slow["mean_ms"] >= 50
    assert slow["p95_estimate_ms"] == pytest.approx(slow["mean_ms"] + 1.645 * slow["stddev_ms"])
    assert slow["note"] is None
    with role(
        faults,
        "mlb_test_plain",
        USAGE,
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA performance_monitoring TO ROLE",
    ) as plain:
        (hidden,) = ask(plain, query)
    assert hidden["note"] == (
        "statements of other roles are not visible to mlb_test_plain; "
        "a superuser can: GRANT pg_monitor TO mlb_test_plain"
    )


def test_without_pg_stat_statements(faults: Engine) -> None:
    """No error, a snapshot of the rest, and what to do."""
    do(faults, "DROP EXTENSION IF EXISTS pg_stat_statements")
    (answer,) = ask(faults, "SELECT note FROM performance_monitoring.get_slow_queries()")
    is_loaded = "pg_stat_statements" in value(faults, "SHOW shared_preload_libraries")
    assert answer["note"].startswith(
        "pg_stat_statements is loaded, but not created in this database; run: CREATE EXTENSION"
        if is_loaded
        else "the extension pg_stat_statements is not installed in this database; add it to"
    )
    (taken,) = ask(faults, "SELECT * FROM performance_monitoring.capture_snapshot()")
    assert (taken["statements"], taken["note"]) == (0, answer["note"])
    assert taken["tables"] > 50


def test_pg_stat_statements_that_may_not_be_read(faults: Engine) -> None:
    do(
        faults,
        "CREATE EXTENSION IF NOT EXISTS pg_stat_statements",
        "REVOKE ALL ON pg_stat_statements FROM PUBLIC, pg_read_all_stats",
    )
    with role(faults, "mlb_test_monitor", USAGE, "GRANT pg_monitor TO ROLE") as monitor:
        (answer,) = ask(monitor, "SELECT note FROM performance_monitoring.get_slow_queries()")
    do(faults, "DROP EXTENSION pg_stat_statements")
    assert answer["note"] == (
        "mlb_test_monitor may not read pg_stat_statements; its owner can: "
        "GRANT SELECT ON public.pg_stat_statements TO mlb_test_monitor"
    )
