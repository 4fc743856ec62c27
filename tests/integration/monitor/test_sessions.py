"""Views of sessions: waits, open transactions, connections."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import Engine

from tests.integration.monitor.support import ask, do, role
from tests.support.waiting import eventually

USAGE = "GRANT USAGE ON SCHEMA performance_monitoring TO ROLE"
VIEWS = "GRANT SELECT ON ALL TABLES IN SCHEMA performance_monitoring TO ROLE"
WAITS = "SELECT * FROM performance_monitoring.blocking_locks WHERE blocking_pid = :pid"


def pid_of(connection: object) -> int:
    return int(connection.connection.driver_connection.info.backend_pid)  # type: ignore[attr-defined]


def test_wait_for_a_table(faults: Engine) -> None:
    """Who waits, for what, since when, and for whom; ending the holder's session ends the wait."""
    do(faults, "CREATE TABLE faults.t (a int)")
    with faults.connect() as holder:
        holder.exec_driver_sql("LOCK TABLE faults.t IN ACCESS EXCLUSIVE MODE")
        pid = pid_of(holder)
        waiter = threading.Thread(target=do, args=(faults, "SELECT a FROM faults.t -- waits"))
        waiter.start()
        eventually(lambda: bool(ask(faults, WAITS, pid=pid)))
        (found,) = ask(faults, WAITS, pid=pid)
        with role(faults, "mlb_test_plain", USAGE, VIEWS) as plain:
            (hidden,) = ask(plain, WAITS, pid=pid)
        holder.rollback()
        waiter.join()
    assert found["waiting_query"] == "SELECT a FROM faults.t -- waits"
    assert found["waiting_for_object"] == "faults.t"
    assert found["waiting_for_mode"] == "AccessShareLock"
    assert found["waiting_for"] > timedelta(0)
    assert found["blocking_state"] == "idle in transaction"
    assert found["blocking_query"] == "LOCK TABLE faults.t IN ACCESS EXCLUSIVE MODE"
    assert found["end_statement"] == f"SELECT pg_terminate_backend({pid})"
    assert (found["is_visible"], hidden["is_visible"]) == (True, False)
    assert hidden["waiting_for"] > timedelta(0), "the wait itself is everybody's to see"
    assert hidden["blocking_query"] == "<insufficient privilege>"


def test_wait_for_a_row_names_the_table(faults: Engine) -> None:
    do(faults, "CREATE TABLE faults.t (a int)", "INSERT INTO faults.t VALUES (1)")
    with faults.connect() as holder:
        holder.exec_driver_sql("UPDATE faults.t SET a = 2")
        pid = pid_of(holder)
        waiter = threading.Thread(target=do, args=(faults, "UPDATE faults.t SET a = 3"))
        waiter.start()
        eventually(lambda: bool(ask(faults, WAITS, pid=pid)))
        (found,) = ask(faults, WAITS, pid=pid)
        holder.rollback()
        waiter.join()
    assert (found["waiting_for_object"], found["waiting_for_mode"]) == ("faults.t", "ShareLock")


def test_idle_transaction(faults: Engine) -> None:
    """Its age and how long it idles; a role without pg_monitor sees that there is one."""
    query = "SELECT * FROM performance_monitoring.long_transactions WHERE pid = :pid"
    with faults.connect() as idle:
        idle.exec_driver_sql("SELECT 'left open'")
        pid = pid_of(idle)
        (found,) = ask(faults, query, pid=pid)
        with (
            role(faults, "mlb_test_plain", USAGE, VIEWS) as plain,
            role(faults, "mlb_test_monitor", USAGE, "GRANT pg_monitor TO ROLE") as monitor,
        ):
            (hidden,) = ask(plain, query, pid=pid)
            (seen,) = ask(monitor, query, pid=pid)
    assert (found["state"], found["query"]) == ("idle in transaction", "SELECT 'left open'")
    assert found["transaction_age"] >= found["idle_for"] > timedelta(0)
    assert found["end_statement"] == f"SELECT pg_terminate_backend({pid})"
    assert (hidden["is_visible"], hidden["transaction_age"]) == (False, None)
    assert (seen["is_visible"], seen["query"]) == (True, "SELECT 'left open'")
    assert ask(faults, query, pid=pid) == []


def test_session_without_a_transaction_is_not_long(faults: Engine) -> None:
    with faults.connect().execution_options(isolation_level="AUTOCOMMIT") as idle:
        idle.exec_driver_sql("SELECT 1")
        query = "SELECT pid FROM performance_monitoring.long_transactions WHERE pid = :pid"
        with role(faults, "mlb_test_plain", USAGE, VIEWS) as plain:
            assert ask(plain, query, pid=pid_of(idle)) == []
        assert ask(faults, query, pid=pid_of(idle)) == []


def test_connections_near_the_limit(faults: Engine) -> None:
    """Opened connections count, of those that a role without superuser can have."""
    used = "SELECT * FROM performance_monitoring.connection_usage WHERE role_name = :role"
    with role(faults, "mlb_test_many", USAGE, VIEWS) as many:
        before = ask(faults, "SELECT * FROM performance_monitoring.connection_usage")[0]
        opened = [many.connect() for _ in range(4)]
        (found,) = ask(faults, used, role="mlb_test_many")
        (own,) = ask(many, used, role=str(faults.url.username))[:1]
        for connection in opened:
            connection.close()
    limits = ask(
        faults,
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
        " - coalesce(current_setting('reserved_connections', true)::int, 0) AS n",
    )[0]["n"]
    assert (found["connections"], found["available"]) == (4, limits)
    assert found["connections_of_all"] >= 5
    assert float(found["used_ratio"]) == round(found["connections_of_all"] / limits, 4)
    assert before["connections_of_all"] < found["connections_of_all"]
    assert own["state"] == "not visible"
