"""Views of what tables, sequences and transaction ids take, and of what is left."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.integration.monitor.support import ask, do, role
from tests.integration.monitor.test_sessions import USAGE

BLOAT = (
    "SELECT bloat_ratio::float AS ratio, is_known, dead_rows "
    "FROM performance_monitoring.table_bloat WHERE schema_name = 'faults' AND table_name = 't'"
)
EXACT = "SELECT * FROM performance_monitoring.table_bloat_exact('faults.t')"


def test_bloat_by_updates(faults: Engine) -> None:
    """Nothing, then two thirds; the estimate is near what pgstattuple reads."""
    do(
        faults,
        "CREATE EXTENSION IF NOT EXISTS pgstattuple",
        "CREATE TABLE faults.t (a bigint, b bigint, c text)",
        "INSERT INTO faults.t SELECT i, i, repeat('x', 100) FROM generate_series(1, 3000) i",
        "ANALYZE faults.t",
    )
    (fresh,) = ask(faults, BLOAT)
    do(faults, *["UPDATE faults.t SET b = b + 1"] * 2, "ANALYZE faults.t")
    (bloated,), (exact,) = ask(faults, BLOAT), ask(faults, EXACT)
    assert fresh == {"ratio": pytest.approx(0, abs=0.05), "is_known": True, "dead_rows": 0}
    assert bloated["ratio"] == pytest.approx(0.667, abs=0.05)
    assert bloated["dead_rows"] == 6000
    assert bloated["ratio"] == pytest.approx(float(exact["bloat_ratio"]), abs=0.1)
    assert exact["note"] is None
    do(faults, "VACUUM FULL faults.t", "ANALYZE faults.t")
    assert ask(faults, BLOAT)[0]["ratio"] == pytest.approx(0, abs=0.05)


def test_bloat_of_a_table_that_was_emptied(faults: Engine) -> None:
    do(
        faults,
        "CREATE TABLE faults.t AS SELECT i FROM generate_series(1, 3000) i",
        "DELETE FROM faults.t WHERE i < 3000",
        "ANALYZE faults.t",
    )
    assert ask(faults, BLOAT)[0]["ratio"] > 0.9


def test_bloat_that_cannot_be_known(faults: Engine) -> None:
    """Before ANALYZE, and for who may not read the table, it is not said to be nothing."""
    do(faults, "CREATE TABLE faults.t AS SELECT i FROM generate_series(1, 3000) i")
    unknown = {"ratio": None, "is_known": False, "dead_rows": 0}
    assert ask(faults, BLOAT) == [unknown]
    do(faults, "ANALYZE faults.t")
    with role(faults, "mlb_test_monitor", USAGE, "GRANT pg_monitor TO ROLE") as monitor:
        assert ask(monitor, BLOAT) == [unknown]
        do(faults, "GRANT SELECT ON faults.t TO mlb_test_monitor")
        assert ask(monitor, BLOAT)[0]["is_known"]


def test_exact_bloat_without_the_extension(faults: Engine) -> None:
    do(faults, "CREATE TABLE faults.t (a int)", "DROP EXTENSION IF EXISTS pgstattuple")
    (answer,) = ask(faults, EXACT)
    assert answer.pop("note") == (
        "the extension pgstattuple is not installed; a superuser can: CREATE EXTENSION pgstattuple"
    )
    assert set(answer.values()) == {None}


def test_sequence_near_its_end(faults: Engine) -> None:
    """The column's type counts, not the sequence's: a bigint sequence may fill an integer."""
    do(
        faults,
        "CREATE TABLE faults.t (a serial, b bigserial, c int GENERATED ALWAYS AS IDENTITY)",
        "SELECT setval('faults.t_a_seq', 2000000000), setval('faults.t_b_seq', 2000000000)",
        "CREATE SEQUENCE faults.filler AS bigint OWNED BY faults.t.a",
        "SELECT setval('faults.filler', 2147483647)",
        "CREATE SEQUENCE faults.round CYCLE MAXVALUE 9",
    )
    query = (
        "SELECT sequence_name, table_name, column_name, values_left, used_ratio, is_visible "
        "FROM performance_monitoring.sequence_headroom WHERE schema_name = 'faults' ORDER BY 1"
    )
    table, full = "faults.t", 2**63 - 1
    assert [tuple(row.values()) for row in ask(faults, query)] == [
        ("filler", table, "a", 0, Decimal(1), True),
        ("t_a_seq", table, "a", 147483647, Decimal("0.9313"), True),
        ("t_b_seq", table, "b", full - 2000000000, Decimal(0), True),
        ("t_c_seq", table, "c", 2147483647, Decimal(0), True),
    ]
    with role(faults, "mlb_test_monitor", USAGE, "GRANT pg_monitor TO ROLE") as monitor:
        hidden = ask(monitor, query)
    assert {(row["used_ratio"], row["is_visible"]) for row in hidden} == {(None, False)}


def test_wraparound(faults: Engine) -> None:
    """Ages are PostgreSQL's own; a table that was never frozen gets older with each transaction."""
    do(faults, "CREATE TABLE faults.t (a int, b text)")
    query = (
        "SELECT xid_age, ids_left, ratio_to_forced_vacuum::float AS ratio "
        "FROM performance_monitoring.wraparound_headroom WHERE object_name = 'faults.t'"
    )
    (before,) = ask(faults, query)
    do(faults, *["CREATE TABLE faults.other (a int)", "DROP TABLE faults.other"] * 60)
    (after,) = ask(faults, query)
    assert after["xid_age"] - before["xid_age"] >= 120
    assert after["ids_left"] == 2**31 - 3_000_000 - after["xid_age"]
    do(faults, "VACUUM (FREEZE) faults.t")
    assert ask(faults, query)[0]["xid_age"] < 120
    (own,) = ask(
        faults,
        "SELECT w.xid_age - age(d.datfrozenxid) AS difference "
        "FROM performance_monitoring.wraparound_headroom AS w JOIN pg_database AS d "
        "ON d.datname = w.object_name WHERE w.scope = 'database' "
        "AND d.datname = current_database()",
    )
    assert own == {"difference": 0}


def test_cache_hits_are_rolled_up(faults: Engine) -> None:
    """A table that was read again and again is found in the cache; partitions count together."""
    do(
        faults,
        "CREATE TABLE faults.m (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE faults.m1 PARTITION OF faults.m FOR VALUES FROM (0) TO (500)",
        "CREATE TABLE faults.m2 PARTITION OF faults.m FOR VALUES FROM (500) TO (1000)",
        "INSERT INTO faults.m SELECT * FROM generate_series(0, 999)",
        *["SELECT count(*) FROM faults.m"] * 20,
    )
    (found,) = ask(
        faults,
        "SELECT table_name, blocks_hit > 40 AS is_read, hit_ratio > 0.9 AS is_cached "
        "FROM performance_monitoring.cache_hit WHERE schema_name = 'faults'",
    )
    assert tuple(found.values()) == ("m", True, True)
    (whole,) = ask(
        faults, "SELECT * FROM performance_monitoring.cache_hit WHERE table_name IS NULL"
    )
    assert 0 < whole["hit_ratio"] <= 1
