"""What status makes of waits, open transactions and connections; and its remedies work."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import psycopg2
import pytest
from psycopg2.errors import QueryCanceled
from sqlalchemy import Engine

from tests.integration.status.support import found, of, session
from tests.support.command_line import invoke
from tests.support.sql import rows, run
from tests.support.waiting import eventually

ALL_WAITS = ("lock_wait_warning_seconds=0", "lock_wait_critical_seconds=600")


def _pid(connection: Any) -> int:
    pid: int = connection.info.backend_pid
    return pid


def _wait_for(connection: Any, statement: str) -> threading.Thread:
    """A statement that waits, until it is let go or cancelled."""

    def execute() -> None:
        with connection.cursor() as cursor, suppress(QueryCanceled, psycopg2.OperationalError):
            cursor.execute(statement)

    thread = threading.Thread(target=execute)
    thread.start()
    return thread


def test_a_queue_for_a_lock(watched: Engine) -> None:
    """Both who wait are named; to be ended is the one at the head of the queue, and it helps."""
    with (
        session(watched, "scraper") as holder,
        session(watched, "migration") as changer,
        session(watched) as reader,
    ):
        holder.cursor().execute("LOCK TABLE staging.games IN ACCESS SHARE MODE")
        threads = [_wait_for(changer, "LOCK TABLE staging.games IN ACCESS EXCLUSIVE MODE")]
        eventually(lambda: _waiting(watched) == 1)
        threads.append(_wait_for(reader, "SELECT count(*) FROM staging.games"))
        eventually(lambda: _waiting(watched) == 2)

        waits = {f["meaning"].split()[1]: f for f in found("blocking_locks", *ALL_WAITS)}
        assert set(waits) == {str(_pid(changer)), str(_pid(reader))}
        first, second = waits[str(_pid(changer))], waits[str(_pid(reader))]
        assert (first["severity"], first["unit"], first["threshold"]) == ("warning", "seconds", 0)
        assert first["object"] == second["object"] == "staging.games"
        assert first["figure"] > 0
        assert f"pid {_pid(holder)} (" in first["meaning"]
        assert "idle in transaction" in first["meaning"]
        assert first["remedy"] == f"SELECT pg_terminate_backend({_pid(holder)})"
        assert f"pid {_pid(changer)} (" in second["meaning"]
        assert second["remedy"] is None

        critical = found("blocking_locks", "lock_wait_critical_seconds=0")
        assert [f["severity"] for f in critical] == ["critical", "critical"]

        run(watched, first["remedy"])
        threads[0].join(timeout=20)
        changer.rollback()
        threads[1].join(timeout=20)
        assert not any(thread.is_alive() for thread in threads)
        assert [f["meaning"] for f in found("blocking_locks")] == ["no session waits for a lock"]


def _waiting(engine: Engine) -> int:
    query = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'staging.games'::regclass"
    )
    return int(rows(engine, query)[0][0])


def test_a_transaction_that_does_nothing(watched: Engine) -> None:
    with session(watched, "scraper") as idle:
        idle.cursor().execute("SELECT 'asked last'")
        finding = of(
            found("long_transactions", "idle_transaction_warning_seconds=0"), f"pid {_pid(idle)}"
        )
        assert finding["severity"] == "warning"
        assert "scraper) opened a transaction" in finding["meaning"]
        assert "idle in transaction for" in finding["meaning"]
        assert "SELECT 'asked last'" in finding["meaning"]
        assert found("long_transactions")[0]["severity"] == "ok"

        run(watched, finding["remedy"])
        with pytest.raises(psycopg2.OperationalError):
            idle.cursor().execute("SELECT 1")


def test_a_transaction_that_works_long(watched: Engine) -> None:
    with session(watched) as working:
        working.cursor().execute("BEGIN")
        thread = _wait_for(working, "SELECT pg_sleep(600)")
        eventually(
            lambda: rows(
                watched, "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'"
            )
        )
        finding = of(
            found("long_transactions", "transaction_critical_seconds=0"), f"pid {_pid(working)}"
        )
        assert (finding["severity"], finding["threshold"]) == ("critical", 0)
        assert "is still active: SELECT pg_sleep(600)" in finding["meaning"]
        run(watched, finding["remedy"])
        thread.join(timeout=20)
        assert not thread.is_alive()
        assert finding["object"] not in {f["object"] for f in found("long_transactions")}


def test_what_another_typed_does_not_act_on_the_terminal(watched: Engine) -> None:
    with session(watched, "evil") as idle:
        idle.cursor().execute("SELECT '\x1b[2J\x07',\n\n 'two  lines'")
        shown = invoke("status", "--threshold", "idle_transaction_warning_seconds=0").stdout
    assert r"SELECT '\x1b[2J\x07', 'two lines'" in shown
    assert not {"\x1b", "\x07"} & set(shown)


def test_connections_near_their_end(watched: Engine) -> None:
    limit = "connections_warning_ratio=0.000001"
    finding = of(found("connection_usage", limit), "connections")
    taken, available = rows(
        watched,
        "SELECT max(connections_of_all), max(available)"
        " FROM performance_monitoring.connection_usage",
    )[0]
    assert finding["severity"] == "warning"
    assert finding["figure"] == pytest.approx(taken / available, abs=0.01)
    assert f"of {available:,} connections used" in finding["meaning"]
