"""Extended statistics go along with the table, with what ANALYZE has found, both ways."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import MigrationFailed
from tests.migration.rebuild.shop import FIRST_LEAF, HASHED, MONTHS, PLAIN, leftovers, make, rebuild
from tests.support.sql import rows, run

OWNER = f"rebuild_owner{os.environ.get('PYTEST_XDIST_WORKER', '')}"

MORE = (
    "CREATE SCHEMA other",
    "CREATE STATISTICS shop.more (ndistinct, dependencies) ON game, price FROM shop.line",
    "ALTER STATISTICS shop.more SET STATISTICS 250",
    "COMMENT ON STATISTICS shop.more IS 'It''s 100% so'",
    'CREATE STATISTICS other."More" ON game, ((payload ->> $$n of shop.line$$)) FROM shop.line',
    "CREATE STATISTICS shop.one ON (price / 100) FROM shop.line",
    "CREATE STATISTICS shop.all_kinds ON game, price, amount FROM shop.line",
)
STATISTICS = """
SELECT s.stxnamespace::regnamespace::text, s.stxname, pg_get_statisticsobjdef(s.oid),
    nullif(s.stxstattarget, -1), obj_description(s.oid), s.stxowner::regrole::text
FROM pg_statistic_ext AS s WHERE s.stxrelid = 'shop.line'::regclass ORDER BY 1, 2
"""
FOUND = """
SELECT s.stxname, d.stxdndistinct IS NOT NULL, d.stxddependencies IS NOT NULL,
    d.stxdmcv IS NOT NULL, d.stxdexpr IS NOT NULL
FROM pg_statistic_ext AS s JOIN pg_statistic_ext_data AS d ON d.stxoid = s.oid
WHERE s.stxrelid = '{}'::regclass ORDER BY 1
"""
ALL = "SELECT stxname FROM pg_statistic_ext ORDER BY 1"


@pytest.fixture
def shop(head: Engine) -> Iterator[Engine]:
    make(head, 600)
    run(head, f"DROP ROLE IF EXISTS {OWNER}", f"CREATE ROLE {OWNER}")
    run(head, *MORE, f"GRANT CREATE ON SCHEMA shop TO {OWNER}",
        f"ALTER STATISTICS shop.more OWNER TO {OWNER}")  # fmt: skip
    yield head
    run(head, f"DROP OWNED BY {OWNER}", f"DROP ROLE {OWNER}")


@pytest.mark.parametrize("shape", [MONTHS, HASHED], ids=["months", "hashed"])
@pytest.mark.parametrize("count", [0, 600])
def test_there_and_back(shop: Engine, shape: Any, count: int) -> None:
    if not count:
        run(shop, "TRUNCATE shop.line")
    run(shop, "ANALYZE shop.line")
    before, names = rows(shop, STATISTICS), rows(shop, ALL)
    found = rows(shop, FOUND.format("shop.line"))
    assert (len(before), len(found)) == (4, 4 if count else 0)
    rebuild(shop, PLAIN, shape)
    assert rows(shop, STATISTICS) == before
    assert rows(shop, FOUND.format("shop.line")) == found
    assert leftovers(shop) == []
    rebuild(shop, shape, PLAIN, direction="downgrade")
    assert rows(shop, STATISTICS) == before
    assert rows(shop, FOUND.format("shop.line")) == found
    assert rows(shop, ALL) == names
    assert leftovers(shop) == []


def test_a_plan_that_reads_one_partition_knows_them_too(shop: Engine) -> None:
    """Every row of game 10 costs 110: who takes the two for independent expects half of them."""
    run(shop, "DROP STATISTICS shop.all_kinds")
    rebuild(shop, PLAIN, MONTHS)
    question = f"FROM shop.{FIRST_LEAF} WHERE game = 10 AND price = 110"
    assert rows(shop, f"SELECT count(*) {question}") == [(6,)]
    assert "rows=6 " in rows(shop, f"EXPLAIN SELECT {question}")[0][0]
    (name,) = rows(
        shop,
        "SELECT format('shop.%I', stxname) FROM pg_statistic_ext"
        f" WHERE stxrelid = 'shop.{FIRST_LEAF}'::regclass AND stxname LIKE 'more\\_%'",
    )
    run(shop, f"DROP STATISTICS {name[0]}")
    assert "rows=3 " in rows(shop, f"EXPLAIN SELECT {question}")[0][0]


def test_what_is_added_meanwhile_is_made_too(shop: Engine) -> None:
    """The swap that fails for a lock leaves successors; the next run makes them again."""
    with shop.connect() as idle:
        idle.exec_driver_sql("SELECT 1 FROM shop.line LIMIT 1")
        with pytest.raises(MigrationFailed):
            rebuild(shop, PLAIN, MONTHS, seconds=0.1)
    run(shop, "DROP STATISTICS shop.one", "CREATE STATISTICS shop.later ON game, label"
        " FROM shop.line")  # fmt: skip
    before = rows(shop, STATISTICS)
    rebuild(shop, PLAIN, MONTHS)
    assert rows(shop, STATISTICS) == before
    assert leftovers(shop) == []


def test_of_a_table_that_is_kept_nothing_is_left(shop: Engine) -> None:
    """Its partitions' own would stand in the way of the next ones."""
    names = rows(shop, ALL)
    rebuild(shop, PLAIN, MONTHS, keep=True)
    rebuild(shop, MONTHS, PLAIN, direction="downgrade", keep=True)
    assert rows(shop, ALL) == names
