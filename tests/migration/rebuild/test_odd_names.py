"""Names with percent signs, quotes, spaces, parentheses and colons, through every step."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import Engine

from mlb_perf import sql
from mlb_perf.names import literal, qualified, quote
from mlb_perf.online.rebuild.shape_file import TableShape, parse_shape
from tests.migration.rebuild.shop import FIRST_MONTH, leftovers, rebuild, repaired
from tests.migration.stage import revision
from tests.support.sql import rows, run

SCHEMA, TABLE = 'my "50%" schema', "odd ('name') %s :x"
LIVE = qualified(SCHEMA, TABLE)
KEY, WHEN, NOTE = (quote(name) for name in ('key "%d"', "when % (UTC)", "note, 'it''s'"))
INDEX = 'ix_50% "of" (it)'
VIEW = qualified("public", 'view of "50%"')


def shape(columns: str, partition: str = "") -> TableShape:
    text = f"""\
-- table
CREATE TABLE {LIVE} (
{columns},
    CONSTRAINT {quote('pk "%"')} PRIMARY KEY ({KEY}, {WHEN})
){partition};
"""
    return parse_shape("a test", text, SCHEMA, TABLE)


PLAIN = shape(f"""\
    {NOTE} VARCHAR(64),
    {KEY} BIGSERIAL NOT NULL,
    {WHEN} TIMESTAMP WITH TIME ZONE NOT NULL""")
MONTHS = shape(
    f"""\
    {WHEN} TIMESTAMP WITH TIME ZONE NOT NULL,
    {KEY} BIGSERIAL NOT NULL,
    {NOTE} VARCHAR(64)""",
    f" PARTITION BY RANGE ({WHEN})",
)
ROWS = f"SELECT {KEY}, {WHEN}, {NOTE} FROM {LIVE} ORDER BY 1"
OBJECTS = """
SELECT pg_get_indexdef(indexrelid), obj_description(indexrelid) FROM pg_index
WHERE indrelid = '{0}'::regclass
UNION ALL
SELECT pg_get_constraintdef(oid), obj_description(oid) FROM pg_constraint
WHERE conrelid = '{0}'::regclass AND contype <> 'n'
UNION ALL
SELECT pg_get_triggerdef(oid), obj_description(oid) FROM pg_trigger
WHERE tgrelid = '{0}'::regclass AND NOT tgisinternal
UNION ALL
SELECT attname, col_description(attrelid, attnum) FROM pg_attribute
WHERE attrelid = '{0}'::regclass AND attnum > 0
ORDER BY 1
""".format(LIVE.replace("'", "''"))


@pytest.fixture
def odd(head: Engine) -> Engine:
    run(
        head,
        f"CREATE SCHEMA {quote(SCHEMA)}",
        PLAIN.statements,
        f"CREATE TABLE {qualified(SCHEMA, 'other %')} ({quote('a %')} bigint PRIMARY KEY)",
        f"INSERT INTO {qualified(SCHEMA, 'other %')} SELECT generate_series(1, 600)",
        f"INSERT INTO {LIVE} ({WHEN}, {NOTE})"
        f" SELECT timestamptz '{FIRST_MONTH} 00:00+00' + g * interval '1 hour', '100% ' || g"
        " FROM generate_series(1, 600) AS g",
        f"CREATE INDEX {quote(INDEX)} ON {LIVE} (lower({NOTE}) DESC, {WHEN})"
        f" INCLUDE ({KEY}) WHERE {NOTE} LIKE '1% (' OR {NOTE} <> ')'",
        f"ALTER TABLE {LIVE} ADD CONSTRAINT {quote('fk %')} FOREIGN KEY ({KEY})"
        f" REFERENCES {qualified(SCHEMA, 'other %')} ({quote('a %')})",
        f"CREATE STATISTICS {qualified(SCHEMA, 'statistics %')} ON {KEY}, {NOTE} FROM {LIVE}",
        f"CREATE VIEW {VIEW} AS SELECT {NOTE} AS {quote('a % b')} FROM {LIVE}",
        "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$",
        f"CREATE TRIGGER {quote('own %')} BEFORE UPDATE ON {LIVE} FOR EACH ROW"
        " EXECUTE FUNCTION public.nothing()",
        f"COMMENT ON COLUMN {LIVE}.{NOTE} IS '100% ''odd'' :x'",
        f"COMMENT ON INDEX {qualified(SCHEMA, INDEX)} IS '%s'",
        f"COMMENT ON TRIGGER {quote('own %')} ON {LIVE} IS '%d'",
    )
    return head


def objects(engine: Engine) -> list[tuple[object, ...]]:
    found = rows(engine, OBJECTS)
    return sorted((str(text).replace(" ON ONLY ", " ON "), comment) for text, comment in found)


def test_a_rebuild_there_and_back(odd: Engine) -> None:
    before, at_first = rows(odd, ROWS), objects(odd)
    rebuild(odd, PLAIN, MONTHS)
    assert (rows(odd, ROWS), objects(odd), leftovers(odd)) == (before, at_first, [])
    run(odd, f"UPDATE {LIVE} SET {NOTE} = 'changed %' WHERE {KEY} = 7")
    changed = rows(odd, ROWS)
    assert rows(odd, f"SELECT count(*) FROM {VIEW}") == [(600,)]
    rebuild(odd, MONTHS, PLAIN, direction="downgrade")
    assert (rows(odd, ROWS), objects(odd), leftovers(odd)) == (changed, at_first, [])
    assert repaired(odd) == []


def test_an_empty_table(odd: Engine) -> None:
    run(odd, f"TRUNCATE {LIVE}")
    at_first = objects(odd)
    rebuild(odd, PLAIN, MONTHS)
    rebuild(odd, MONTHS, PLAIN, direction="downgrade")
    assert (objects(odd), leftovers(odd)) == (at_first, [])


def test_an_index_on_a_partitioned_table(odd: Engine) -> None:
    rebuild(odd, PLAIN, MONTHS)
    columns, name = [f"upper({NOTE})"], 'another "50%" (one)'
    options = {"schema": SCHEMA, "where": f"{NOTE} <> '%s'", "comment": "100% 'ours'"}
    with revision(odd) as op:
        op.create_index_online(name, TABLE, columns, **options)
        op.create_index_online(name, TABLE, columns, **options)
    index = literal(qualified(SCHEMA, name))
    valid = f"SELECT indisvalid FROM pg_index WHERE indexrelid = {index}::regclass"
    assert rows(odd, valid) == [(True,)]
    with revision(odd) as op:
        op.drop_index_online(name, TABLE, columns, **options)
    assert leftovers(odd) == []


def test_a_routine(head: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    name = qualified("public", 'of "50%" :x')
    files: Mapping[str, str] = {
        "own.sql": f"-- drop: VIEW {name}\n"
        f"CREATE VIEW {name} AS SELECT '100%' AS {quote('a %s')};\n"
    }
    monkeypatch.setattr(sql, "read", files.__getitem__)
    with revision(head) as op:
        op.create_routine("own")
    assert rows(head, f"SELECT * FROM {name}") == [("100%",)]
    with revision(head) as op:
        op.drop_routine("own")
    assert rows(head, f"SELECT to_regclass({literal(name)})") == [(None,)]
