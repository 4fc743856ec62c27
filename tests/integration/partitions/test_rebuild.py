"""A user's own table is repacked, and its partitions made one table, while others write to it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import PartitionFailed
from mlb_perf.migrate.catalog import read_catalog
from mlb_perf.monitor.probes import PROBES
from mlb_perf.monitor.report import assess
from mlb_perf.monitor.server_info import probing
from mlb_perf.online.locks import Patience
from mlb_perf.partitions.rebuild import rebuild
from tests.integration.partitions.market import TABLE, contents, fill, make
from tests.integration.status.support import session
from tests.support.command_line import invoke
from tests.support.sql import rows, run, value

LEFT = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'mlb\\_perf\\_%'"


def _writing(engine: Engine, statement: str, stop: threading.Event) -> threading.Thread:
    def write() -> None:
        number = 1000
        while not stop.is_set():
            number += 1
            run(engine, statement.format(number))

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_a_table_is_repacked_with_all_that_it_has(head: Engine) -> None:
    """Catalog and rows are the same before and after, but for the size; a writer goes on."""
    run(head, "CREATE SCHEMA mine", "CREATE TABLE mine.other (id int PRIMARY KEY)",
        "INSERT INTO mine.other VALUES (1)", 'CREATE TABLE mine."Fat T" (id serial PRIMARY KEY'
        ' WITH (fillfactor=80), "Name" varchar(20) COLLATE "C" UNIQUE NOT NULL,'
        " v numeric(8,2) DEFAULT 1.5"
        " CONSTRAINT plus CHECK (v > 0), other int DEFAULT 1 REFERENCES mine.other,"
        " at timestamptz DEFAULT now())", 'CREATE INDEX by_v ON mine."Fat T" (v) WHERE v > 1',
        'CREATE UNIQUE INDEX by_name ON mine."Fat T" (lower("Name"))',
        'CREATE VIEW mine.seen AS SELECT * FROM mine."Fat T"',
        """INSERT INTO mine."Fat T" ("Name") SELECT 'n' || g FROM generate_series(1, 4000) AS g""",
        """COMMENT ON COLUMN mine."Fat T".v IS 'It''s a price'""",
        'GRANT SELECT ON mine."Fat T" TO pg_monitor', 'DELETE FROM mine."Fat T" WHERE id % 9 > 0',
        'VACUUM (ANALYZE) mine."Fat T"')  # fmt: skip
    with head.connect() as connection:
        before = read_catalog(connection, ["mine"])
    kept = rows(head, 'SELECT * FROM mine."Fat T" ORDER BY id')
    size = """SELECT pg_relation_size('mine."Fat T"')"""
    was, stop = value(head, size), threading.Event()
    writer = _writing(head, """INSERT INTO mine."Fat T" ("Name") VALUES ('w{}')""", stop)
    try:
        assert invoke("rebuilds", "start", 'mine."Fat T"').exit_code == 0
    finally:
        stop.set()
        writer.join()
    with head.connect() as connection:
        assert read_catalog(connection, ["mine"]) == before
    assert rows(head, """SELECT * FROM mine."Fat T" WHERE "Name" LIKE 'n%' ORDER BY id""") == kept
    assert value(head, size) < was
    assert rows(head, LEFT) == []


def test_an_interrupted_repack_is_named_and_finished(head: Engine) -> None:
    """A reader holds the swap up until the patience is over; status has the command."""
    run(head, "CREATE SCHEMA mine", "CREATE TABLE mine.t (id int PRIMARY KEY)",
        "INSERT INTO mine.t SELECT generate_series(1, 500)")  # fmt: skip
    with session(head) as reader:
        reader.cursor().execute("SELECT count(*) FROM mine.t")
        with pytest.raises(Exception, match=f"held by pid {reader.info.backend_pid} "):
            invoke("rebuilds", "start", "mine.t", "--patience", "0.2")
    run(head, "INSERT INTO mine.t VALUES (0)")
    listed = invoke("rebuilds", "list").stdout
    assert "mine.t: finish it with: mlb-perf rebuilds start mine.t" in listed
    chosen = [probe for probe in PROBES if probe.name == "unfinished_rebuilds"]
    with probing(head.url) as connection:
        [found] = [f for f in assess(connection, None, chosen).findings if f.severity]
        assert found.remedy == "mlb-perf rebuilds start mine.t"
        run(head, "ALTER TABLE mine.t ADD COLUMN note text")  # followed, or refused in words
        run(head, "ALTER TABLE mine.t DROP COLUMN note")
        assert invoke("rebuilds", "start", "mine.t").exit_code == 0
        assert not [f for f in assess(connection, None, chosen).findings if f.severity]
    assert value(head, "SELECT count(*) FROM mine.t") == 501
    assert rows(head, LEFT) == []


def test_partitions_are_undone_online(head: Engine) -> None:
    """Rows, keys, indexes, foreign keys and comments stay; the policy has no effect any more."""
    make(head)
    fill(head, -3, 1)
    before = [row[1:] for row in contents(head)]
    stop = threading.Event()
    writer = _writing(head, f"INSERT INTO {TABLE} (id, seen, book) VALUES ({{}}, now(), 1)", stop)
    try:
        said = invoke("partitions", "undo", TABLE).stdout
    finally:
        stop.set()
        writer.join()
    assert said == f"{TABLE} is one table, without partitions\n"
    assert value(head, f"SELECT relkind FROM pg_class WHERE oid = '{TABLE}'::regclass") == "r"
    assert [row[1:] for row in contents(head) if row[1] < 1000] == before
    assert sorted(rows(head, "SELECT conname FROM pg_constraint WHERE contype <> 'n'"
                             f" AND conrelid = '{TABLE}'::regclass")) == [
        ("quote_book_fkey",), ("quote_pkey",), ("quote_price_check",),
    ]  # fmt: skip
    assert value(head, "SELECT count(*) FROM pg_index WHERE indisvalid"
                       f" AND indrelid = '{TABLE}'::regclass") == 2  # fmt: skip
    assert rows(head, LEFT) == []
    assert "their policies have no effect: market.quote" in invoke("partitions", "plan").output


@pytest.mark.parametrize(("kind", "table", "why"), [
    ("repack", "market.quote", "is partitioned"),
    ("unpart", "market.book", "is not partitioned"),
    ("repack", "mine.numbered", "has the identity column id, which a rebuild cannot copy"),
    ("repack", "mine.doubled", "has the generated column twice, which a rebuild cannot copy"),
    ("repack", "mine.looks", "is not a table"),
])  # fmt: skip
def test_what_cannot_be_rebuilt(shared_head: Engine, kind: str, table: str, why: str) -> None:
    """Refused before anything is done, with another way."""
    if not rows(shared_head, "SELECT 1 FROM pg_namespace WHERE nspname = 'mine'"):
        make(shared_head)
        run(shared_head, "CREATE SCHEMA mine",
            "CREATE TABLE mine.numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
            "CREATE TABLE mine.doubled (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2)"
            " STORED)", "CREATE VIEW mine.looks AS SELECT 1 AS one")  # fmt: skip
    with shared_head.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        with pytest.raises(PartitionFailed, match=why):
            rebuild(connection, table, kind, Patience(total_seconds=1))  # type: ignore[arg-type]
        assert rows(shared_head, LEFT) == []


def test_a_lock_on_the_table_of_a_foreign_key_is_named(head: Engine) -> None:
    """Attaching a month locks market.book, which another session changes."""
    make(head)
    with session(head, "scraper") as holder:
        holder.cursor().execute("UPDATE market.book SET book = 3 WHERE book = 1")
        with pytest.raises(PartitionFailed) as refused:
            invoke("partitions", "apply", TABLE, "--patience", "0.2")
        assert f"held by pid {holder.info.backend_pid} (" in str(refused.value)
        assert ", which uses market.book" in str(refused.value)
    assert invoke("partitions", "apply", TABLE).exit_code == 0
