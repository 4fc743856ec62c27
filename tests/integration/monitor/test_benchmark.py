"""``benchmark_query_detailed``: what it measures, what it refuses, what it gives away."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from tests.integration.monitor.support import ask, do, role
from tests.integration.monitor.test_sessions import USAGE

CALL = "SELECT * FROM performance_monitoring.benchmark_query_detailed(:name, :query, :times, :kind)"
REFUSED = "only one query that changes nothing is run here; this one was refused: "


def measure(engine: Engine, query: str, times: int = 2, kind: str = "joins") -> dict[str, Any]:
    (result,) = ask(engine, CALL, name="case", query=query, times=times, kind=kind)
    return result


def failure(engine: Engine, query: str, **others: Any) -> tuple[str | None, str]:
    """The SQLSTATE and the message's first line."""
    with pytest.raises(DBAPIError) as caught:
        measure(engine, query, **others)
    return diagnosis.sqlstate(caught.value), str(caught.value.orig).splitlines()[0]


def test_figures(rows: Engine) -> None:
    result = measure(rows, "SELECT * FROM faults.t WHERE a BETWEEN 10 AND 19", times=20)
    assert (result["iterations"], result["row_count"]) == (20, 10)
    assert result["indexes_used"] == ["faults.by_a"]
    assert result["target_ms"] == 150
    assert result["buffers_hit"] in range(2, 5)
    assert result["buffers_read"] == 0
    order = [result[name] for name in ("min_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms")]
    assert order == sorted(order)
    assert result["min_ms"] > 0
    assert result["min_ms"] <= result["mean_ms"] <= result["max_ms"]
    assert result["details"]["timed_by"] == "EXECUTE"
    assert min(result["details"][name] for name in ("planning_ms", "first_ms")) > 0
    stored = "SELECT * FROM performance_monitoring.benchmark_results WHERE result_id = :id"
    assert ask(rows, stored, id=result["result_id"]) == [result]


def test_times_are_those_of_the_query(rows: Engine) -> None:
    """A query that sleeps 30 ms takes that long; the deviation of steady times is small."""
    result = measure(rows, "SELECT pg_sleep(0.03)", times=3, kind="ad_hoc")
    assert 30 <= result["min_ms"] <= result["p50_ms"]
    assert result["target_ms"] is None


def test_large_result_is_not_kept_in_memory(rows: Engine) -> None:
    """More than 100,000 rows are timed by EXPLAIN, which passes them by."""
    result = measure(rows, "SELECT generate_series(1, 100001)", kind="ad_hoc")
    assert (result["row_count"], result["details"]["timed_by"]) == (100001, "EXPLAIN")
    assert 0 < result["min_ms"] <= result["p50_ms"]


def test_fingerprint_is_the_plans_shape(rows: Engine) -> None:
    """Other constants are the same plan; another index, or none, is another one."""
    whole = measure(rows, "SELECT * FROM faults.t WHERE b = 1")["plan_fingerprint"]
    by_index = measure(rows, "SELECT * FROM faults.t WHERE a = 1")["plan_fingerprint"]
    other_row = measure(rows, "SELECT * FROM faults.t WHERE a = 2")["plan_fingerprint"]
    assert (by_index == other_row, by_index == whole) == (True, False)
    do(rows, "DROP INDEX faults.by_a")
    result = measure(rows, "SELECT * FROM faults.t WHERE a = 1")
    assert (result["plan_fingerprint"] == by_index, result["indexes_used"]) == (False, [])
    (summary,) = ask(
        rows,
        "SELECT plan_changed, is_met, target_ms, previous_p95_ms IS NOT NULL AS has_previous "
        "FROM performance_monitoring.performance_test_summary WHERE name = 'case'"
        " AND category = 'joins'",
    )
    assert tuple(summary.values()) == (True, True, 150, True)


def test_indexes_of_partitions_count_as_their_parents(rows: Engine) -> None:
    """A bitmap scan of two partitions names the partitioned index once."""
    do(
        rows,
        "CREATE TABLE faults.m (d int, a int) PARTITION BY RANGE (d)",
        "CREATE INDEX on_a ON faults.m (a)",
        "CREATE TABLE faults.m1 PARTITION OF faults.m FOR VALUES FROM (0) TO (5)",
        "CREATE TABLE faults.m2 PARTITION OF faults.m FOR VALUES FROM (5) TO (10)",
        "INSERT INTO faults.m SELECT i % 10, i / 20 FROM generate_series(1, 9000) i",
        "ANALYZE faults.m",
    )
    query = "SELECT * FROM faults.m WHERE a = 3"
    before = measure(rows, query)
    do(rows, "CREATE TABLE faults.m3 PARTITION OF faults.m FOR VALUES FROM (10) TO (15)",
       "INSERT INTO faults.m SELECT 10 + i % 5, i / 20 FROM generate_series(1, 4500) i",
       "ANALYZE faults.m")  # fmt: skip
    after = measure(rows, query)
    assert before["indexes_used"] == after["indexes_used"] == ["faults.on_a"]
    assert (before["row_count"], after["row_count"]) == (20, 40)
    assert before["plan_fingerprint"] == after["plan_fingerprint"], "a further partition is no news"


WRITES = {
    "INSERT": ("INSERT INTO faults.t VALUES (1)", "42P11"),
    "DELETE ... RETURNING": ("DELETE FROM faults.t RETURNING a", "25006"),
    "data-modifying CTE": ("WITH x AS (DELETE FROM faults.t RETURNING a) TABLE x", "25006"),
    "SELECT INTO": ("SELECT * INTO faults.made FROM faults.t", "42P11"),
    "CREATE TABLE AS": ("CREATE TABLE faults.made AS TABLE faults.t", "42P11"),
    "function that writes": ("SELECT faults.writes()", "25006"),
    "function that unlocks": ("SELECT faults.unlocks()", "25001"),
    "function that commits": ("SELECT faults.commits()", "25006"),
    "row lock": ("SELECT * FROM faults.t FOR UPDATE", "25006"),
    "nextval": ("SELECT nextval('faults.s')", "25006"),
    "set_config": ("SELECT set_config('transaction_read_only', 'off', false)", "25001"),
    "two statements": ("SELECT 1; DELETE FROM faults.t", "42P11"),
    "COMMIT": ("COMMIT", "42P11"),
    "COMMIT after a query": ("SELECT 1; COMMIT; DELETE FROM faults.t", "42P11"),
    "DO": ("DO $x$ BEGIN DELETE FROM faults.t; END $x$", "42P11"),
    "COPY from a program": ("COPY faults.t FROM PROGRAM 'true'", "42P11"),
    "COPY out": ("COPY faults.t TO STDOUT", "42P11"),
    "TRUNCATE": ("TRUNCATE faults.t", "42P11"),
    "SET": ("SET transaction_read_only = off", "42P11"),
    "query in a string": ("SELECT query_to_xml('DELETE FROM faults.t', true, true, '')", "0A000"),
    "nothing": ("", "42P11"),
}


@pytest.mark.parametrize(("query", "state"), WRITES.values(), ids=WRITES.keys())
def test_what_writes_is_refused(rows: Engine, query: str, state: str) -> None:
    """With its SQLSTATE and a clear sentence; nothing is changed, and no result is written."""
    results = "SELECT count(*) AS n FROM performance_monitoring.benchmark_results"
    before = ask(rows, results)
    got, message = failure(rows, query)
    assert (got, message[: len(REFUSED)]) == (state, REFUSED)
    assert ask(rows, results) == before
    assert ask(rows, "SELECT count(*) AS n, to_regclass('faults.made') AS made FROM faults.t") == [
        {"n": 1000, "made": None}
    ]
    assert ask(rows, "SELECT is_called FROM faults.s") == [{"is_called": False}]


FAILS_AS_ITSELF = {
    "parenthesis": ("1) FROM faults.t; DELETE FROM faults.t --", "42601"),
    "EXPLAIN": ("ANALYZE DELETE FROM faults.t", "42601"),
    "quote": ("SELECT 'a''; DELETE FROM faults.t", "42601"),
    "parameter": ("SELECT $1", "42P02"),
    "no such table": ("SELECT * FROM faults.absent", "42P01"),
    "unqualified name": ("SELECT * FROM t", "42P01"),
    "division": ("SELECT 1 / 0", "22012"),
    "our own SQLSTATE": ("SELECT faults.pretends()", "MP000"),
}


@pytest.mark.parametrize(
    ("query", "state"), FAILS_AS_ITSELF.values(), ids=FAILS_AS_ITSELF.keys()
)  # fmt: skip
def test_what_breaks_is_an_error_of_the_query(rows: Engine, query: str, state: str) -> None:
    assert failure(rows, query)[0] == state
    assert ask(rows, "SELECT count(*) AS n FROM faults.t") == [{"n": 1000}]


def test_what_a_read_only_transaction_allows_is_rolled_back(rows: Engine) -> None:
    """Settings and temporary rows are as before; the session can write afterwards."""
    with rows.connect() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE scratch (a int)")
        connection.exec_driver_sql("SET work_mem = '3MB'")
        connection.exec_driver_sql(
            "CREATE FUNCTION pg_temp.fills() RETURNS int LANGUAGE sql AS "
            "'INSERT INTO pg_temp.scratch VALUES (1) RETURNING a'"
        )
        for query in (
            "SELECT pg_temp.fills()",
            "SELECT set_config(''work_mem'', ''9MB'', false)",
            "SELECT faults.hides()",
        ):
            connection.exec_driver_sql(
                f"SELECT performance_monitoring.benchmark_query_detailed('case', '{query}', 1)"
            )
        left = connection.exec_driver_sql(
            "SELECT current_setting('work_mem'), (SELECT count(*) FROM scratch), "
            "current_setting('transaction_read_only'), (SELECT count(*) FROM faults.t)"
        ).one()
        connection.exec_driver_sql("DELETE FROM faults.t")
    assert tuple(left) == ("3MB", 0, "off", 1000)


def test_name_and_query_are_data(rows: Engine) -> None:
    """What looks like SQL in a name is a name."""
    name = "x'); DROP TABLE faults.t; --"
    ask(rows, CALL, name=name, query="SELECT ';' /* ' */ --", times=1, kind='a"b')
    (stored,) = ask(
        rows,
        "SELECT category, details ->> 'query' AS query FROM "
        "performance_monitoring.benchmark_results WHERE name = :name",
        name=name,
    )
    assert stored == {"category": 'a"b', "query": "SELECT ';' /* ' */ --"}


@pytest.mark.parametrize("times", [0, -1, 10001])
def test_iterations_out_of_range(rows: Engine, times: int) -> None:
    assert failure(rows, "SELECT 1", times=times) == (
        "22023", f"iterations is {times}; give 1 to 10000",
    )  # fmt: skip


def test_caller_keeps_to_its_own_rights(rows: Engine) -> None:
    """Without SELECT on the table it fails; without INSERT the result is returned, not written."""
    query = "SELECT count(*) FROM faults.t"
    count = "SELECT count(*) AS n FROM performance_monitoring.benchmark_results"
    grants = (USAGE, "GRANT pg_monitor TO ROLE", "GRANT USAGE ON SCHEMA faults TO ROLE")
    with role(rows, "mlb_test_monitor", *grants) as monitor:
        state, message = failure(monitor, query)
        assert (state, message) == ("42501", "permission denied for table t")
        do(rows, "GRANT SELECT ON faults.t TO mlb_test_monitor")
        before = ask(rows, count)
        result = measure(monitor, query)
        assert (result["result_id"], result["details"]["is_saved"]) == (None, False)
        assert result["p50_ms"] > 0
        assert ask(rows, count) == before
        do(
            rows,
            "GRANT INSERT ON performance_monitoring.benchmark_results TO mlb_test_monitor",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA performance_monitoring TO mlb_test_monitor",
        )
        assert measure(monitor, query)["details"]["is_saved"]
        assert ask(rows, count) == [{"n": before[0]["n"] + 1}]


def test_read_only_transaction_gets_the_figures(rows: Engine) -> None:
    """As on a replica: measured, and not written."""
    with rows.connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        saved = connection.exec_driver_sql(
            "SELECT details ->> 'is_saved' FROM "
            "performance_monitoring.benchmark_query_detailed('case', 'SELECT 1', 1)"
        ).scalar_one()
    assert saved == "false"
