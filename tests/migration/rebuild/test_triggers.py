"""The sync is right whatever triggers a user has, and whatever is truncated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import MigrationFailed
from mlb_perf.online.rebuild.shape_file import TableShape
from tests.migration.rebuild.shop import (
    FIRST_LEAF,
    HASHED,
    MONTHS,
    PLAIN,
    ROWS,
    leftovers,
    make,
    rebuild,
    repaired,
)
from tests.support.sql import rows, run, value

SHADOW = "mlb_perf_rebuild.line"


@contextmanager
def before_the_swap(engine: Engine, was: TableShape, to: TableShape) -> Iterator[None]:
    """The rebuild has come to the swap and given up; after the block it goes on to its end."""
    with engine.connect() as idle:
        idle.exec_driver_sql("SELECT FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed, match="could not acquire the ACCESS EXCLUSIVE lock"):
            rebuild(engine, was, to, seconds=0.2)
    yield
    rebuild(engine, was, to)


def trigger(body: str, event: str, name: str) -> tuple[str, str]:
    return (
        (
            f"CREATE FUNCTION shop.own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}"
            " RETURN NULL; END $$"
        ),
        (
            f"CREATE TRIGGER {name} AFTER {event} ON shop.line FOR EACH ROW"
            " WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION shop.own()"
        ),
    )


TRIGGERS = {
    "updates its own row": (
        "UPDATE shop.line SET label = label || ' seen' WHERE line_id = NEW.line_id;",
        "INSERT",
        (
            "INSERT INTO shop.line (game, label, price) SELECT 7, 'new ' || g, 100"
            " FROM generate_series(1, 100) AS g"
        ),
    ),
    "updates another row of the statement": (
        "UPDATE shop.line SET label = label || ' seen' WHERE line_id = NEW.line_id + 1;",
        "INSERT",
        (
            "INSERT INTO shop.line (game, label, price) SELECT 7, 'new ' || g, 100"
            " FROM generate_series(1, 100) AS g"
        ),
    ),
    "changes the key of its own row": (
        "UPDATE shop.line SET game = game + 1 WHERE line_id = NEW.line_id;",
        "INSERT OR UPDATE",
        "UPDATE shop.line SET price = 150 WHERE game = 10",
    ),
    "deletes its own row": (
        "DELETE FROM shop.line WHERE line_id = NEW.line_id;",
        "UPDATE",
        "UPDATE shop.line SET price = 150 WHERE game = 10",
    ),
    "inserts a deleted row again": (
        "INSERT INTO shop.line SELECT (OLD).*;",
        "DELETE",
        "DELETE FROM shop.line WHERE game = 10",
    ),
}


@pytest.mark.parametrize("name", ["a_first", "zz_last"])
@pytest.mark.parametrize("case", TRIGGERS)
def test_a_trigger_that_changes_the_table_again(head: Engine, case: str, name: str) -> None:
    """Of every kind, called before the sync and after it."""
    body, event, statement = TRIGGERS[case]
    make(head, 600)
    run(head, *trigger(body, event, name))
    with before_the_swap(head, PLAIN, MONTHS):
        unchanged = rows(head, ROWS)
        run(head, statement)
        expected = rows(head, ROWS)
        assert (expected != unchanged) == (case != "inserts a deleted row again")
        assert rows(head, ROWS.replace("shop.line", SHADOW)) == expected
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (expected, [], [])


@pytest.mark.parametrize(("shape", "leaf"), [(MONTHS, FIRST_LEAF), (HASHED, "line_h01")])
def test_truncate_of_a_partition(head: Engine, shape: TableShape, leaf: str) -> None:
    """Its rows leave the shadow at once, and no others."""
    make(head, 2000)
    rebuild(head, PLAIN, shape)
    with before_the_swap(head, shape, PLAIN):
        before = rows(head, ROWS)
        gone = value(head, f"SELECT count(*) FROM shop.{leaf}")
        run(head, f"TRUNCATE shop.{leaf}")
        expected = rows(head, ROWS)
        assert 0 < gone == len(before) - len(expected) < len(before)
        assert rows(head, ROWS.replace("shop.line", SHADOW)) == expected
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (expected, [], [])


def test_truncate_of_all_partitions(head: Engine) -> None:
    make(head, 2000)
    rebuild(head, PLAIN, MONTHS)
    with before_the_swap(head, MONTHS, PLAIN):
        run(head, "TRUNCATE shop.line")
        run(head, "INSERT INTO shop.line (game, label, price) VALUES (7, 'later', 150)")
        expected = rows(head, ROWS)
        assert rows(head, ROWS.replace("shop.line", SHADOW)) == expected
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (expected, [], [])


FILLED = (
    "CREATE TABLE shop.line_2023_01 (LIKE shop.line INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
    (
        "INSERT INTO shop.line_2023_01 (game, label, price, seen_at)"
        " SELECT 7, 'old ' || g, 100, '2023-01-05 00:00+00' FROM generate_series(1, 50) AS g"
    ),
    (
        "ALTER TABLE shop.line ATTACH PARTITION shop.line_2023_01"
        " FOR VALUES FROM ('2023-01-01 00:00+00') TO ('2023-02-01 00:00+00')"
    ),
)


def test_a_partition_that_is_attached_during_a_pause(head: Engine) -> None:
    """Its rows are copied; and a TRUNCATE of it after that reaches the shadow."""
    make(head, 600)
    rebuild(head, PLAIN, MONTHS)
    with before_the_swap(head, MONTHS, PLAIN):
        run(head, *FILLED)
        with head.connect() as idle:
            idle.exec_driver_sql("SELECT FROM shop.line LIMIT 1")
            with pytest.raises(MigrationFailed):
                rebuild(head, MONTHS, PLAIN, seconds=0.2)
        assert value(head, f"SELECT count(*) FROM {SHADOW} WHERE label LIKE 'old %'") == 50
        run(head, "TRUNCATE shop.line_2023_01")
        assert value(head, f"SELECT count(*) FROM {SHADOW} WHERE label LIKE 'old %'") == 0
        expected = rows(head, ROWS)
    assert (rows(head, ROWS), leftovers(head)) == (expected, [])


def test_a_partition_that_is_changed_while_it_is_detached(head: Engine) -> None:
    """Nothing that was stored as verified is believed after a pause."""
    make(head, 2000)
    rebuild(head, PLAIN, MONTHS)
    bounds = value(
        head, f"SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = '{FIRST_LEAF}'"
    )
    with before_the_swap(head, MONTHS, PLAIN):
        run(
            head,
            f"ALTER TABLE shop.line DETACH PARTITION shop.{FIRST_LEAF}",
            f"DELETE FROM shop.{FIRST_LEAF} WHERE price > 0",
            f"UPDATE shop.{FIRST_LEAF} SET label = label || ' changed'",
            f"ALTER TABLE shop.line ATTACH PARTITION shop.{FIRST_LEAF} {bounds}",
        )
        expected = rows(head, ROWS)
        assert rows(head, ROWS.replace("shop.line", SHADOW)) != expected
    assert (rows(head, ROWS), leftovers(head)) == (expected, [])


def test_a_partition_that_stays_detached(head: Engine) -> None:
    """The trigger for TRUNCATE leaves it too, and the function can be dropped."""
    make(head, 2000)
    rebuild(head, PLAIN, MONTHS)
    with before_the_swap(head, MONTHS, PLAIN):
        run(head, f"ALTER TABLE shop.line DETACH PARTITION shop.{FIRST_LEAF}")
        run(head, f"TRUNCATE shop.{FIRST_LEAF}")
        expected = rows(head, ROWS)
    assert (rows(head, ROWS), leftovers(head)) == (expected, [])
    assert (
        rows(
            head,
            f"SELECT FROM pg_trigger WHERE tgrelid = 'shop.{FIRST_LEAF}'::regclass"
            " AND NOT tgisinternal",
        )
        == []
    )


def test_rows_that_changed_without_a_trigger_during_a_pause(head: Engine) -> None:
    """As session_replication_role or ALTER TABLE ... DISABLE TRIGGER ALL let them change."""
    make(head, 600)
    with before_the_swap(head, PLAIN, MONTHS):
        run(
            head,
            "ALTER TABLE shop.line DISABLE TRIGGER ALL; DELETE FROM shop.line WHERE game = 3;"
            " ALTER TABLE shop.line ENABLE TRIGGER ALL",
        )
        expected = rows(head, ROWS)
        assert rows(head, ROWS.replace("shop.line", SHADOW)) != expected
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (expected, [], [(6,)])
