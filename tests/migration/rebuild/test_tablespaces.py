"""A table and an index in tablespaces of their own stay there, and so do new months."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import MigrationFailed
from mlb_perf.partitions import ensure
from tests.migration.rebuild.shop import MONTHS, PLAIN, make, rebuild
from tests.migration.rebuild.test_arrivals import at_the_swap
from tests.support.sql import rows, run

FAR_MONTH = dt.date(2031, 1, 1)
NEXT_MONTHS = "SELECT performance_monitoring.create_monthly_partitions('shop', 'line', 24)"
WHERE = """
SELECT DISTINCT coalesce(regexp_replace(pg_get_indexdef(i.indexrelid), '.* USING ', ''), 'rows'),
    s.spcname
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
WHERE n.nspname = 'shop' AND c.relkind IN ('r', 'p', 'i', 'I')
    AND coalesce(i.indrelid, c.oid)::regclass::text LIKE 'shop.line%'
"""


@pytest.fixture
def places(head: Engine) -> Iterator[tuple[str, str]]:
    """Two tablespaces within the server's own folder."""
    end = os.environ.get("PYTEST_XDIST_WORKER", "")
    names = f"tables{end}", f"indexes{end}"
    made = [f"CREATE TABLESPACE {name} LOCATION ''" for name in names]
    run(head, "SET allow_in_place_tablespaces = on", *made)
    yield names
    run(head, "DROP SCHEMA IF EXISTS shop CASCADE", *(f"DROP TABLESPACE {name}" for name in names))


def test_up_and_down(
    head: Engine, places: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that changes while the copy runs is not lost."""
    tables, indexes = places
    make(head, count=300)
    run(
        head,
        f"ALTER TABLE shop.line SET TABLESPACE {tables}",
        f"ALTER INDEX shop.pk_line SET TABLESPACE {indexes}",
        f"ALTER INDEX shop.ix_line_price SET TABLESPACE {indexes}",
    )
    before = where(head)
    assert set(before.values()) == {tables, indexes, None}
    for move in ("TABLE shop.line", "INDEX shop.ix_line_price"):
        with (
            monkeypatch.context() as patch,
            at_the_swap(patch, head, f"ALTER {move} SET TABLESPACE pg_default"),
            pytest.raises(MigrationFailed, match=r"shop\.line: the tablespace .* has changed"),
        ):
            rebuild(head, PLAIN, MONTHS)
        back = tables if "TABLE" in move else indexes
        run(head, f"ALTER {move} SET TABLESPACE {back}")
    rebuild(head, PLAIN, MONTHS)
    with head.begin() as connection:
        assert ensure(connection, "shop.line", FAR_MONTH, FAR_MONTH) == ["shop.line_2031_01"]
    assert len(rows(head, NEXT_MONTHS)) > 10, "the function made no month"
    assert where(head) == before
    rebuild(head, MONTHS, PLAIN, direction="downgrade")
    assert where(head) == before


def where(engine: Engine) -> dict[str, str | None]:
    """The tablespace of the table, and of each of its indexes; of all partitions the same one."""
    found = rows(engine, WHERE)
    assert len(found) == len({what for what, _ in found}), found
    return dict(found)
