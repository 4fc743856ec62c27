"""Sessions that look back, and sessions that sit on a lock, while a rebuild runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.diagnosis import sqlstate
from mlb_perf.online.locks import Patience
from mlb_perf.online.rebuild.shape_file import TableShape
from tests.migration.rebuild.shop import (
    HASHED,
    MONTHS,
    PLAIN,
    ROWS,
    leftovers,
    make,
    rebuild,
    repaired,
    writers,
)
from tests.support.databases import engine_on
from tests.support.sql import rows
from tests.support.waiting import eventually, wait_for_rows

SERIALIZATION_FAILURE = "40001"
IMPATIENT = Patience(
    attempt_ms=50, total_seconds=20, first_pause_seconds=0.02, longest_pause_seconds=0.1
)
RUNGS = """
SELECT count(*) FROM performance_monitoring.optimization_log
WHERE object_name = 'shop.line' AND status = 'retried'
"""
CHANGES = {
    "delete": "DELETE FROM shop.line WHERE game = 3",
    "update of the key": "UPDATE shop.line SET game = 4 WHERE game = 3",
    "update": "UPDATE shop.line SET price = 777 WHERE game = 3",
}


@contextmanager
def rebuilding(
    engine: Engine, holder: Connection, shape: TableShape = MONTHS, patience: Patience | None = None
) -> Iterator[None]:
    """A rebuild beside the block, then to its end without the holder; its error is raised."""
    errors: list[BaseException] = []

    def work() -> None:
        try:
            rebuild(engine, PLAIN, shape, patience=patience)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        holder.close()
        thread.join()
    assert errors == []


def phase(engine: Engine) -> str | None:
    found = rows(
        engine, "SELECT phase FROM performance_monitoring.rebuilds WHERE table_name = 'line'"
    )
    return found[0][0] if found else None


def copied(engine: Engine) -> int:
    if phase(engine) != "copying":
        return 0
    return int(rows(engine, "SELECT count(*) FROM mlb_perf_rebuild.line")[0][0])


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_snapshot_from_before_the_copy(head: Engine, level: str, change: str) -> None:
    """It would miss the copied row; it is refused with the advice to try again, which works.

    The rebuild waits for such a snapshot when it builds indexes, all rows being copied.
    """
    make(head, 600)
    with head.connect().execution_options(isolation_level=level) as looking_back:
        assert looking_back.exec_driver_sql("SELECT count(*) FROM shop.line").scalar() == 600
        with rebuilding(head, looking_back):
            eventually(lambda: copied(head) == 600)
            with pytest.raises(DBAPIError) as refused:
                looking_back.exec_driver_sql(change)
            assert sqlstate(refused.value) == SERIALIZATION_FAILURE
            looking_back.rollback()
            looking_back.exec_driver_sql(change)
            looking_back.commit()
    expected = rows(head, "SELECT count(*) FILTER (WHERE game = 3),"
                    " count(*) FILTER (WHERE price = 777), count(*) FROM shop.line")  # fmt: skip
    assert expected == [
        {"delete": (0, 0, 594), "update of the key": (0, 0, 600), "update": (6, 6, 600)}[
            next(name for name, text in CHANGES.items() if text == change)
        ]
    ]
    assert (leftovers(head), repaired(head)) == ([], [])


@pytest.mark.parametrize(
    ("shape", "holds"),
    [
        (MONTHS, "SELECT 1 FROM shop.line LIMIT 1"),
        (HASHED, "INSERT INTO shop.line (game, label, price) VALUES (7, 'held', 100)"),
    ],
    ids=["the swap waits for a reader", "the beginning waits for a writer"],
)
def test_a_lock_that_is_held_for_many_rungs(head: Engine, shape: TableShape, holds: str) -> None:
    """The same run goes through when it is let go; who writes meanwhile waits for a rung."""
    make(head, 600)
    before = rows(head, ROWS)
    with head.connect() as holder, writers(head, 1) as errors:
        holder.exec_driver_sql(holds)
        with rebuilding(head, holder, shape, IMPATIENT):
            eventually(lambda: rows(head, RUNGS)[0][0] >= 6)
            assert others_write(head) == 5
            assert phase(head) != "finished"
            holder.commit()
    assert errors == []
    assert phase(head) == "finished"
    now = rows(head, ROWS)
    assert {row[2] for row in now if row[2] == "held"} == ({"held"} if "INSERT" in holds else set())
    assert [row for row in now if row[0] < 10 and row[2].startswith("row")] == [
        row for row in before if row[0] < 10
    ]
    assert (leftovers(head), repaired(head)) == ([], [])


REINDEXING = """
SELECT pid FROM pg_stat_progress_create_index
WHERE command = 'REINDEX CONCURRENTLY' AND current_locker_pid <> 0 AND datname = current_database()
"""


def test_a_snapshot_that_is_older_than_the_lock_timeout(
    head: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Of a session that has nothing to do with the table, as pg_dump or a long SELECT: it is
    waited for, and named."""
    make(head, 20000)
    before = rows(head, ROWS)
    impatient = engine_on(head.url, connect_args={"options": "-c lock_timeout=200ms"})
    snapshot = head.connect().execution_options(isolation_level="REPEATABLE READ")
    pid = snapshot.exec_driver_sql("SELECT pg_backend_pid() FROM shop.game LIMIT 1").scalar_one()
    with caplog.at_level(logging.INFO), rebuilding(impatient, snapshot, HASHED):
        wait_for_rows(head, REINDEXING)
        eventually(lambda: f"pid {pid} (" in caplog.text)
        assert phase(head) == "copying"
    assert phase(head) == "finished"
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (before, [], [])


def others_write(engine: Engine) -> int:
    """Five more sessions, each of which gives up after two seconds: how many did not."""
    for number in range(5):
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            insert(connection, number)
    return len(rows(engine, "SELECT FROM shop.line WHERE label LIKE 'other %'"))


def insert(connection: Connection, number: int) -> None:
    connection.exec_driver_sql(
        f"INSERT INTO shop.line (game, label, price) VALUES (8, 'other {number}', 100)"
    )
