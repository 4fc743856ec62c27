"""What others have hung on the table works afterwards, or is refused before anything is done."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from mlb_perf.errors import ForeignObjects, MigrationFailed, NameConflict
from tests.migration.rebuild.shop import MONTHS, PLAIN, leftovers, make, rebuild
from tests.support.sql import rows, run, value

READER = f"rebuild_reader{os.environ.get('PYTEST_XDIST_WORKER', '')}"

VIEWS = (
    "CREATE SCHEMA report",
    """CREATE VIEW report."Dear lines" (game, "Cents") WITH (security_barrier) AS
    SELECT game, price * 100 FROM shop.line WHERE price > 0""",
    "COMMENT ON VIEW report.\"Dear lines\" IS 'It''s dear'",
    'COMMENT ON COLUMN report."Dear lines"."Cents" IS \'US cents\'',
    """CREATE VIEW report.by_game AS
    SELECT g.game, count(d.game) AS dear FROM shop.game AS g
    LEFT JOIN report."Dear lines" AS d USING (game) GROUP BY g.game""",
    """CREATE MATERIALIZED VIEW report.best AS
    SELECT l.game, max(l.price) AS best, b.dear FROM shop.line AS l
    JOIN report.by_game AS b USING (game) GROUP BY l.game, b.dear""",
    "CREATE UNIQUE INDEX best_game ON report.best (game)",
    "CREATE MATERIALIZED VIEW report.empty AS SELECT label FROM shop.line WITH NO DATA",
)
OF_VIEWS = """
SELECT c.oid::regclass::text, c.relkind, c.reloptions, c.relispopulated, c.relacl::text,
    pg_get_viewdef(c.oid), obj_description(c.oid, 'pg_class'), col_description(c.oid, 2),
    ARRAY(SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = c.oid)
FROM pg_class AS c WHERE relnamespace = 'report'::regnamespace AND relkind IN ('v', 'm') ORDER BY 1
"""
CONTENTS = (
    'SELECT * FROM report."Dear lines" ORDER BY 1, 2',
    "SELECT * FROM report.by_game ORDER BY 1",
    "SELECT * FROM report.best ORDER BY 1",
)
PROPERTIES = """
SELECT ARRAY(SELECT item::text FROM unnest(c.relacl) AS item ORDER BY 1),
    obj_description(c.oid),
    (
        SELECT string_agg(concat_ws(' ', attname, attacl, nullif(attstattarget, -1)), ', '
            ORDER BY attname)
        FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0
    ),
    ARRAY(
        SELECT replace(pg_get_indexdef(indexrelid), ' ONLY', '') FROM pg_index
        WHERE indrelid = c.oid ORDER BY 1
    )
FROM pg_class AS c WHERE c.oid = 'shop.line'::regclass
"""
COMMENTS = """
SELECT string_agg(o || ': ' || c, E'\n' ORDER BY o) FROM (
    SELECT attname AS o, col_description(attrelid, attnum) AS c FROM pg_attribute
    WHERE attrelid = 'shop.line'::regclass AND attnum > 0 AND attname <> 'amount'
    UNION ALL
    SELECT conname, obj_description(oid, 'pg_constraint') FROM pg_constraint
    WHERE conrelid = 'shop.line'::regclass
    UNION ALL
    SELECT indexrelid::regclass::text, obj_description(indexrelid, 'pg_class') FROM pg_index
    WHERE indrelid = 'shop.line'::regclass
) AS found
"""
UNIT = (
    "SELECT col_description(attrelid, attnum) FROM pg_attribute"
    " WHERE attrelid = 'shop.line'::regclass AND attname = 'amount'"
)
STORAGE = """
SELECT DISTINCT reloptions::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'shop'::regnamespace AND relname LIKE 'line%'
"""


@pytest.fixture
def shop(head: Engine) -> Iterator[Engine]:
    make(head, 600)
    run(head, f"DROP ROLE IF EXISTS {READER}", f"CREATE ROLE {READER}")
    yield head
    run(head, f"DROP OWNED BY {READER}", f"DROP ROLE {READER}")


def there_and_back(engine: Engine) -> None:
    rebuild(engine, PLAIN, MONTHS)
    assert leftovers(engine) == []
    rebuild(engine, MONTHS, PLAIN, direction="downgrade")
    assert leftovers(engine) == []


def test_views_read_the_new_table(shop: Engine) -> None:
    run(
        shop,
        *VIEWS,
        f"GRANT SELECT ON report.by_game TO {READER} WITH GRANT OPTION",
        f'GRANT SELECT ("Cents") ON report."Dear lines" TO {READER}',
    )
    before = rows(shop, OF_VIEWS)
    contents = [rows(shop, query) for query in CONTENTS]
    there_and_back(shop)
    assert rows(shop, OF_VIEWS) == before
    assert [rows(shop, query) for query in CONTENTS] == contents
    run(shop, "INSERT INTO shop.line (game, label, price) VALUES (7, 'new', 9000)")
    run(shop, "REFRESH MATERIALIZED VIEW CONCURRENTLY report.best")
    assert rows(shop, "SELECT best FROM report.best WHERE game = 7") == [(9000,)]


@pytest.mark.parametrize("count", [0, 600])
def test_privileges_settings_and_comments(shop: Engine, count: int) -> None:
    if not count:
        run(shop, "TRUNCATE shop.line")
    run(
        shop,
        f"GRANT SELECT, INSERT ON shop.line TO {READER}",
        f"GRANT UPDATE (price) ON shop.line TO {READER}",
        "REVOKE TRUNCATE ON shop.line FROM CURRENT_USER",
        "ALTER TABLE shop.line ALTER price SET STATISTICS 500",
        "ALTER TABLE shop.line SET (autovacuum_vacuum_scale_factor = 0.02)",
        "CREATE INDEX of_another ON shop.line (amount) WHERE amount > 5",
        "COMMENT ON TABLE shop.line IS 'Lines, it''s 100% ours'",
        "COMMENT ON COLUMN shop.line.price IS 'Changed by a user'",
        "COMMENT ON COLUMN shop.line.label IS NULL",
        "COMMENT ON COLUMN shop.line.game IS 'New'",
        "COMMENT ON CONSTRAINT ck_line_price ON shop.line IS 'Of a CHECK'",
        "COMMENT ON CONSTRAINT fk_line_game ON shop.line IS 'Of a foreign key'",
        "COMMENT ON INDEX shop.pk_line IS 'Of an index'",
        "COMMENT ON INDEX shop.of_another IS 'Of another index'",
    )
    before = rows(shop, PROPERTIES)
    comments = value(shop, COMMENTS)
    rebuild(shop, PLAIN, MONTHS)
    assert rows(shop, PROPERTIES) == before
    assert rows(shop, STORAGE) == [("{autovacuum_vacuum_scale_factor=0.02}",)]
    assert value(shop, COMMENTS) == comments
    assert value(shop, UNIT) == "In cents"
    rebuild(shop, MONTHS, PLAIN, direction="downgrade")
    assert value(shop, COMMENTS) == comments
    assert value(shop, UNIT) == "In dollars"
    assert rows(shop, PROPERTIES) == before
    assert rows(shop, STORAGE) == [("{autovacuum_vacuum_scale_factor=0.02}",)]


def test_foreign_keys_of_others(shop: Engine) -> None:
    run(
        shop,
        """CREATE TABLE bet (game bigint, seen_at timestamptz, line_id bigint,
        CONSTRAINT bet_line FOREIGN KEY (game, seen_at, line_id)
            REFERENCES shop.line (game, seen_at, line_id) ON DELETE CASCADE)""",
        "INSERT INTO bet SELECT game, seen_at, line_id FROM shop.line WHERE game < 10",
    )
    query = """SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
    WHERE conrelid = 'bet'::regclass"""
    before = rows(shop, query)
    there_and_back(shop)
    assert rows(shop, query) == before
    rebuild(shop, PLAIN, MONTHS)
    with pytest.raises(IntegrityError):
        run(shop, "INSERT INTO bet VALUES (1, now(), 1)")
    run(shop, "DELETE FROM shop.line WHERE game = 3")
    assert rows(shop, "SELECT count(*) FROM bet WHERE game = 3") == [(0,)]


def test_sequence_goes_on_and_belongs_to_the_table(shop: Engine) -> None:
    there_and_back(shop)
    run(shop, "INSERT INTO shop.line (game, label, price) VALUES (7, 'next', 150)")
    assert rows(shop, "SELECT line_id FROM shop.line WHERE label = 'next'") == [(601,)]
    owner = rows(shop, "SELECT pg_get_serial_sequence('shop.line', 'line_id')")
    assert owner == [("shop.line_line_id_seq",)]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("CREATE POLICY all_of_it ON shop.line USING (true)", "policy all_of_it"),
        ("CREATE TABLE shop.child () INHERITS (shop.line)", "table shop.child"),
        ("ALTER TABLE shop.line ADD CONSTRAINT own UNIQUE (label)", "constraint own"),
        ("CREATE UNIQUE INDEX one ON shop.line (label)", "unique index shop.one"),
        ("CREATE FUNCTION shop.f(shop.line) RETURNS int LANGUAGE sql AS 'SELECT 1'", "function"),
        ("CREATE RULE quiet AS ON DELETE TO shop.line DO ALSO NOTHING", "rule quiet"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_again_is_named(shop: Engine, statement: str, what: str) -> None:
    run(shop, statement)
    with pytest.raises(ForeignObjects, match=f"shop.line has.*{what}.*the table is as it was"):
        rebuild(shop, PLAIN, MONTHS)
    assert leftovers(shop) == []


def test_a_column_that_the_shape_has_not_is_named(shop: Engine) -> None:
    run(shop, "ALTER TABLE shop.line ADD own int")
    with pytest.raises(MigrationFailed, match=r"its columns are .*own.*nothing was changed"):
        rebuild(shop, PLAIN, MONTHS)
    assert leftovers(shop) == []


def test_the_old_table_is_kept_if_asked(shop: Engine) -> None:
    total = "SELECT count(*), sum(price) FROM {}"
    before = rows(shop, total.format("shop.line"))
    rebuild(shop, PLAIN, MONTHS, keep=True)
    assert rows(shop, total.format("mlb_perf_before_9999_upgrade.line")) == before
    rebuild(shop, MONTHS, PLAIN, direction="downgrade", keep=True)
    assert rows(shop, total.format("mlb_perf_before_9999_downgrade.line")) == before
    with pytest.raises(NameConflict, match=r"mlb_perf_before_9999_upgrade.line exists, kept"):
        rebuild(shop, PLAIN, MONTHS)
    run(shop, "DROP TABLE mlb_perf_before_9999_upgrade.line")
    rebuild(shop, PLAIN, MONTHS)
    assert rows(shop, total.format("shop.line")) == before
