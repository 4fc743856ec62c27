"""A subscriber follows a table through its rebuild, or the rebuild is refused before it begins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.engine import libpq_url
from mlb_perf.errors import ForeignObjects, MigrationFailed
from mlb_perf.online.rebuild.shape_file import parse_shape
from tests.migration.rebuild.shop import (
    HASHED,
    MONTHS,
    NARROW_COLUMNS,
    PARTS,
    PLAIN,
    ROWS,
    leftovers,
    make,
    rebuild,
    shape,
    writers,
)
from tests.support.sql import rows, run
from tests.support.waiting import eventually

NAME = f"mlb_perf_subscriber{os.environ.get('PYTEST_XDIST_WORKER', '')}"
NARROW = shape(NARROW_COLUMNS)
OTHER_KEY = parse_shape(
    "a test",
    PARTS.format(columns=NARROW_COLUMNS, partition=" PARTITION BY HASH (game)").replace(
        "PRIMARY KEY (game, seen_at, line_id)",
        "PRIMARY KEY (game, seen_at, label), CONSTRAINT uq_line UNIQUE (game, seen_at, line_id)",
    ),
    "shop",
    "line",
)
BY_ROOT = "WITH (publish_via_partition_root = true)"
PUBLISHED = """
SELECT p.pubname, p.schemaname, p.tablename, p.attnames, p.rowfilter
FROM pg_publication_tables AS p ORDER BY 1, 2, 3
"""


@pytest.fixture
def subscriber(head: Engine) -> Iterator[Engine]:
    """A database that follows ``shop.line`` of the other one, from its beginning."""
    if rows(head, "SHOW wal_level") != [("logical",)]:
        pytest.skip("the server's wal_level is not logical")
    with head.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql(f"DROP DATABASE IF EXISTS {NAME}")
        admin.exec_driver_sql(f"CREATE DATABASE {NAME} TEMPLATE template0")
        engine = create_engine(head.url.set(database=NAME), poolclass=NullPool)
        try:
            yield engine
        finally:
            unsubscribe(engine, admin.engine)
            admin.exec_driver_sql(f"DROP DATABASE {NAME} WITH (FORCE)")


def subscribe(subscriber: Engine, head: Engine) -> None:
    """One server cannot make its own slot while it subscribes: the slot is made first."""
    make(subscriber, 0)
    run(subscriber, "ALTER TABLE shop.line DROP CONSTRAINT fk_line_game")
    run(head, f"SELECT pg_create_logical_replication_slot('{NAME}', 'pgoutput')")
    run(
        subscriber,
        f"CREATE SUBSCRIPTION {NAME} CONNECTION '{libpq_url(head.url)}' PUBLICATION feed"
        " WITH (create_slot = false)",
    )
    eventually(lambda: rows(subscriber, ROWS) == rows(head, ROWS))


def unsubscribe(subscriber: Engine, head: Engine) -> None:
    if rows(subscriber, "SELECT count(*) FROM pg_subscription") == [(0,)]:
        return
    with subscriber.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("DISABLE", "SET (slot_name = NONE)"):
            connection.exec_driver_sql(f"ALTER SUBSCRIPTION {NAME} {statement}")
        connection.exec_driver_sql(f"DROP SUBSCRIPTION {NAME}")
    slot = f"FROM pg_replication_slots WHERE slot_name = '{NAME}'"
    eventually(lambda: rows(head, f"SELECT active {slot}") == [(False,)])
    rows(head, f"SELECT pg_drop_replication_slot(slot_name) {slot}")


def test_a_subscriber_goes_on_without_a_copy(head: Engine, subscriber: Engine) -> None:
    """There and back under writers: each row once, none missing, and no refresh asked for."""
    make(head)
    run(head, f"CREATE PUBLICATION feed FOR TABLE shop.line {BY_ROOT}")
    subscribe(subscriber, head)
    with writers(head) as errors:
        rebuild(head, PLAIN, MONTHS)
        rebuild(head, MONTHS, PLAIN, direction="downgrade")
    assert errors == []
    run(head, "UPDATE shop.line SET price = 7 WHERE game = 40", "DELETE FROM shop.line"
        " WHERE game = 41")  # fmt: skip
    eventually(lambda: rows(subscriber, ROWS) == rows(head, ROWS))
    assert rows(head, "SELECT count(*) FROM shop.line WHERE price = 7") != [(0,)]
    assert leftovers(head) == []


@pytest.mark.parametrize("count", [0, 100])
def test_column_list_and_row_filter_are_kept(head: Engine, count: int) -> None:
    make(head, count)
    run(
        head,
        f"CREATE PUBLICATION feed FOR TABLE shop.line (game, seen_at, line_id, price)"
        f" WHERE (game < 50 AND line_id <> 3) {BY_ROOT}",
        f'CREATE PUBLICATION "Second feed" FOR TABLE shop.line, shop.game {BY_ROOT}',
    )
    before = rows(head, PUBLISHED)
    assert len(before) == 3
    rebuild(head, PLAIN, MONTHS, keep=True)
    assert sorted_columns(rows(head, PUBLISHED)) == sorted_columns(before)
    rebuild(head, MONTHS, PLAIN, direction="downgrade")
    assert rows(head, PUBLISHED) == before


def test_a_plain_table_needs_no_root(head: Engine) -> None:
    """Both sides are published under the table's own name; insertions need no key either."""
    make(head, 50)
    run(head, "CREATE PUBLICATION feed FOR TABLE shop.line")
    rebuild(head, PLAIN, NARROW)
    assert rows(head, "SELECT pubname, tablename FROM pg_publication_tables") == [("feed", "line")]
    assert leftovers(head) == []


@pytest.mark.parametrize(
    ("was", "to", "options", "reason"),
    [
        (PLAIN, MONTHS, "", "its own name, would come under that of each partition, .*via_part"),
        (PLAIN, HASHED, "", "its own name, would come under that of each partition"),
        (PLAIN, OTHER_KEY, BY_ROOT, r"by \(game, seen_at, line_id\), while .*seen_at, label\)"),
    ],
)  # fmt: skip
def test_what_a_subscriber_could_not_follow(
    head: Engine, was: object, to: object, options: str, reason: str
) -> None:
    make(head, 50)
    run(head, f"CREATE PUBLICATION feed FOR TABLE shop.line {options}")
    before = rows(head, ROWS)
    with pytest.raises(ForeignObjects, match=f"shop.line is in the publication feed, .*{reason}"):
        rebuild(head, was, to)  # type: ignore[arg-type]
    assert rows(head, ROWS) == before
    assert leftovers(head) == []
    run(head, "ALTER PUBLICATION feed DROP TABLE shop.line")
    rebuild(head, was, to)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ["ALL TABLES", "TABLES IN SCHEMA shop"])
def test_a_publication_that_would_take_in_the_copy(head: Engine, what: str) -> None:
    """Where there are rows to copy; an empty table changes places unseen."""
    make(head, 50)
    run(head, f"CREATE PUBLICATION feed FOR {what} {BY_ROOT}")
    with pytest.raises(ForeignObjects, match=r"feed, and .*, the copy too.*DROP PUBLICATION feed"):
        rebuild(head, PLAIN, MONTHS)
    assert leftovers(head) == []
    run(head, "TRUNCATE shop.line")
    rebuild(head, PLAIN, MONTHS)
    assert ("line",) in rows(head, "SELECT tablename FROM pg_publication_tables")


def test_one_that_comes_while_the_copy_runs(head: Engine) -> None:
    make(head, 50)
    with head.connect() as idle:
        idle.exec_driver_sql("SELECT 1 FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed):
            rebuild(head, PLAIN, MONTHS, seconds=0.1)
    run(head, "CREATE PUBLICATION feed FOR TABLE shop.line")
    with pytest.raises(ForeignObjects, match="under that of each partition"):
        rebuild(head, PLAIN, MONTHS)
    run(head, "ALTER PUBLICATION feed SET (publish_via_partition_root = true)")
    rebuild(head, PLAIN, MONTHS)
    assert rows(head, "SELECT tablename FROM pg_publication_tables") == [("line",)]
    assert leftovers(head) == []


def test_back_from_partitions_that_are_followed_one_by_one(head: Engine) -> None:
    make(head, 50)
    rebuild(head, PLAIN, MONTHS)
    run(head, "CREATE PUBLICATION feed FOR TABLE shop.line")
    with pytest.raises(
        ForeignObjects, match="under that of each partition name, would come under its own,"
    ):
        rebuild(head, MONTHS, PLAIN, direction="downgrade")
    assert leftovers(head) == []


def sorted_columns(published: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The order of the columns is the table's, and changes with it."""
    return [(*row[:3], sorted(row[3]), row[4]) for row in published]
