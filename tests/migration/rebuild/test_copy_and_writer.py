"""The copy and a writer come to the same row at once: one waits, and neither is refused.

A row that both insert into the shadow at the same moment conflicts with itself in every unique
key, and ``ON CONFLICT`` expects that of one. So they meet in the table, at the row's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from mlb_perf import sql
from mlb_perf.errors import MigrationFailed
from mlb_perf.journal import JOURNAL
from tests.migration.rebuild.shop import MONTHS, PLAIN, ROWS, make, rebuild
from tests.support.sql import rows, run

ROUNDS = 150
SHADOW = "mlb_perf_rebuild.line"
UPDATE = "UPDATE shop.line SET price = -price"
REBUILD = {"schema": "shop", "table": "line", "revision": "9999", "direction": "upgrade"}


@pytest.fixture
def batch(head: Engine) -> str:
    """The statement that copies the whole table; the shadow is there and empty, and in step."""
    make(head, 20)
    with head.connect() as idle:
        idle.exec_driver_sql("SELECT FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed):
            rebuild(head, PLAIN, MONTHS, seconds=0)
    run(head, f"DELETE FROM {SHADOW}")
    return sql.read("online/rebuild/copy_batch.sql").format(
        shadow=SHADOW, columns="game, line_id, label, price, amount, payload, seen_at",
        values="game, line_id, label, price, amount, payload, seen_at",
        rebuilds=JOURNAL.rebuilds, key="game, seen_at, line_id",
        order="", source="shop.line", first=0, next=100,
        oid=rows(head, "SELECT 'shop.line'::regclass::oid")[0][0],
    )  # fmt: skip


def _copy(connection: Connection, batch: str) -> None:
    connection.execute(text(batch), REBUILD)


def test_the_writer_waits_at_the_row(head: Engine, batch: str) -> None:
    with head.connect() as copying, head.connect() as writing:
        _copy(copying, batch)
        writing.exec_driver_sql("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="while updating tuple") as refused:
            writing.exec_driver_sql(UPDATE)
    assert "sync_shop_line" not in str(refused.value)


def test_the_copy_waits_at_the_row(head: Engine, batch: str) -> None:
    with head.connect() as copying, head.connect() as writing:
        writing.exec_driver_sql(UPDATE)
        copying.exec_driver_sql("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match=r'while locking tuple .* in relation "line"'):
            _copy(copying, batch)


def test_neither_is_refused(head: Engine, batch: str) -> None:
    """They start together, again and again; each time the shadow has what the table has."""
    together = Barrier(2, timeout=20)

    def one(connection: Connection, work: Callable[[Connection], object]) -> None:
        together.wait()
        with connection.begin():
            work(connection)

    with ThreadPoolExecutor(2) as pool, head.connect() as copying, head.connect() as writing:
        for _ in range(ROUNDS):
            run(head, f"DELETE FROM {SHADOW}")
            both = (
                pool.submit(one, copying, lambda connection: _copy(connection, batch)),
                pool.submit(one, writing, lambda connection: connection.exec_driver_sql(UPDATE)),
            )
            assert [work.exception() for work in both] == [None, None]
            assert rows(head, ROWS.replace("shop.line", SHADOW)) == rows(head, ROWS)
