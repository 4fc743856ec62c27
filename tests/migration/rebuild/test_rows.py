"""A rebuild keeps every row, also those that are written while it runs."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from mlb_perf.online.rebuild.shape_file import TableShape
from tests.migration.rebuild.shop import (
    HASHED,
    MONTHS,
    PACKED,
    PLAIN,
    ROWS,
    leftovers,
    make,
    rebuild,
    repaired,
    writers,
)
from tests.support.sql import rows, run


@pytest.mark.parametrize("shape", [MONTHS, HASHED, PACKED], ids=["months", "hashed", "packed"])
@pytest.mark.parametrize("count", [0, 3000])
def test_same_rows_there_and_back(head: Engine, shape: TableShape, count: int) -> None:
    make(head, count)
    before = rows(head, ROWS)
    rebuild(head, PLAIN, shape)
    assert rows(head, ROWS) == before
    kind = "p" if shape.is_partitioned else "r"
    assert rows(head, "SELECT relkind FROM pg_class WHERE oid = 'shop.line'::regclass") == [(kind,)]
    run(head, "INSERT INTO shop.line (game, label, price) VALUES (7, 'later', 150)")
    rebuild(head, shape, PLAIN, direction="downgrade")
    after = rows(head, ROWS)
    assert len(after) == count + 1
    assert [row for row in after if row[2] != "later"] == before
    assert (leftovers(head), repaired(head)) == ([], [])


@pytest.mark.parametrize("in_key_order", [True, False])
def test_a_batch_is_written_in_the_order_of_the_key(head: Engine, in_key_order: bool) -> None:
    make(head, 300)  # rows by time, the key by game; few enough for one batch
    rebuild(head, PLAIN, PACKED, in_key_order=in_key_order)
    stored = rows(head, "SELECT game, seen_at, line_id FROM shop.line ORDER BY ctid")
    by_key = rows(head, "SELECT game, seen_at, line_id FROM shop.line ORDER BY 1, 2, 3")
    assert (stored == by_key) is in_key_order
    assert len(stored) == 300


@pytest.mark.parametrize("shape", [MONTHS, HASHED, PACKED], ids=["months", "hashed", "packed"])
def test_rows_that_are_written_meanwhile(head: Engine, shape: TableShape) -> None:
    """A mirror in another table, kept by a trigger of the user's own, has the same rows."""
    make(head)
    run(
        head,
        "CREATE TABLE mirror AS SELECT * FROM shop.line",
        """
        CREATE FUNCTION mirror() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                DELETE FROM public.mirror WHERE line_id = OLD.line_id;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO public.mirror
                    (game, line_id, label, price, amount, payload, seen_at)
                VALUES (NEW.game, NEW.line_id, NEW.label, NEW.price, NEW.amount, NEW.payload,
                    NEW.seen_at);
            END IF;
            RETURN NULL;
        END $$
        """,
        "CREATE TRIGGER own AFTER INSERT OR UPDATE OR DELETE ON shop.line"
        " FOR EACH ROW EXECUTE FUNCTION mirror()",
    )
    with writers(head) as errors:
        rebuild(head, PLAIN, shape)
        rebuild(head, shape, PLAIN, direction="downgrade")
    assert errors == []
    assert rows(head, ROWS) == rows(head, ROWS.replace("shop.line", "mirror"))
    assert len(rows(head, ROWS)) != 3000
    assert (leftovers(head), repaired(head)) == ([], [])


def test_a_row_of_another_month_is_kept(head: Engine) -> None:
    """Its month is made before the swap, however old it is."""
    make(head, 10)
    with writers(head) as errors:
        rebuild(head, PLAIN, MONTHS)
    assert errors == []
    assert rows(
        head,
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'shop.line'::regclass"
        " AND pg_get_expr((SELECT relpartbound FROM pg_class WHERE oid = inhrelid), inhrelid)"
        " = 'DEFAULT'",
    ) == [(0,)]
