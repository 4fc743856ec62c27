"""Troubles that PgHero and check_postgres name: each is made, found, and gone after the advice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg2
import pytest
from sqlalchemy import Engine

from mlb_perf.monitor import Severity
from tests.integration.monitor.support import version
from tests.integration.status.support import follow, is_calm, one, probed, session
from tests.support.command_line import invoke
from tests.support.databases import embedded_server, engine_on, needs_embedded_server
from tests.support.sql import rows, run, value
from tests.support.waiting import eventually

SMALL = {"bloat_minimum_bytes": 100_000}
FLUSH = "SELECT pg_stat_force_next_flush()"


def test_keys_at_a_twentieth_of_their_density(watched: Engine) -> None:
    """The index, by the estimate and exactly; then the table, which has no dead rows."""
    run(watched, "CREATE EXTENSION IF NOT EXISTS pgstattuple",
        "CREATE TABLE curated.keys (id bigint PRIMARY KEY, t text)",
        "INSERT INTO curated.keys SELECT g, repeat('x', 40) FROM generate_series(1, 60000) AS g",
        "DELETE FROM curated.keys WHERE id % 20 > 0", "ANALYZE curated.keys",
        FLUSH)  # fmt: skip
    dead = one(probed(watched, "table_bloat", **SMALL), "curated.keys")
    assert dead.meaning.endswith("57,000 dead rows")
    assert dead.remedy == "VACUUM (ANALYZE) curated.keys -- makes the space usable again"
    run(watched, "VACUUM (ANALYZE) curated.keys",
        FLUSH)  # fmt: skip
    density = value(watched, "SELECT avg_leaf_density FROM pgstatindex('curated.keys_pkey')")
    assert density == pytest.approx(4.7, abs=0.5)
    empty = one(probed(watched, "index_bloat", **SMALL), "curated.keys_pkey")
    assert (empty.severity, empty.threshold) == (Severity.CRITICAL, 0.9)
    assert empty.figure == pytest.approx(1 - density / 90, abs=0.03)
    follow(watched, empty.remedy)
    assert is_calm(probed(watched, "index_bloat", **SMALL))

    heap = one(probed(watched, "table_bloat", **SMALL), "curated.keys")
    assert heap.meaning.endswith("no dead rows: VACUUM would not make it smaller, a repack does")
    assert heap.remedy == ("mlb-perf rebuilds start curated.keys -- readers and writers continue")
    assert "curated.keys is repacked" in invoke("rebuilds", "start", "curated.keys").stdout
    assert is_calm(probed(watched, "table_bloat", **SMALL))
    assert value(watched, "SELECT count(*) FROM curated.keys") == 3000
    run(watched, "DROP TABLE curated.keys")


def test_repeated_keys_are_no_bloat(watched: Engine) -> None:
    """The server stores a repeated key once, and the estimate knows it; text and partial, too."""
    run(watched, "CREATE TABLE curated.repeats (n int, t text, m numeric)",
        "INSERT INTO curated.repeats SELECT g % 100, 'text ' || g, g % 7"
        " FROM generate_series(1, 60000) AS g",
        "CREATE INDEX ON curated.repeats (n)", "CREATE INDEX ON curated.repeats (t)",
        "CREATE INDEX ON curated.repeats (m, n)", "CREATE INDEX ON curated.repeats (t) "
        "WHERE n > 50", "CREATE INDEX ON curated.repeats (upper(t))",
        "ANALYZE curated.repeats")  # fmt: skip
    assert is_calm(probed(watched, "index_bloat", index_bloat_warning_ratio=0.35, **SMALL))
    run(watched, "DROP TABLE curated.repeats")


def test_triggers_that_do_not_fire(watched: Engine) -> None:
    """Those of a foreign key, and a user's own."""
    run(watched, "CREATE TABLE curated.above (id int PRIMARY KEY)",
        "CREATE TABLE curated.below (id int CONSTRAINT to_above REFERENCES curated.above)",
        "CREATE FUNCTION curated.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER mine BEFORE INSERT ON curated.above FOR EACH ROW EXECUTE FUNCTION"
        " curated.f()", "ALTER TABLE curated.below DISABLE TRIGGER ALL",
        "ALTER TABLE curated.above DISABLE TRIGGER mine")  # fmt: skip
    run(watched, "INSERT INTO curated.below VALUES (7)")  # nothing checks it
    found = probed(watched, "disabled_triggers")
    below, above = one(found, "curated.below"), one(found, "curated.above")
    assert "to_above" in below.meaning
    assert above.remedy == "ALTER TABLE curated.above ENABLE TRIGGER mine"
    follow(watched, below.remedy)
    follow(watched, above.remedy)
    assert is_calm(probed(watched, "disabled_triggers"))
    run(watched, "DROP TABLE curated.below, curated.above", "DROP FUNCTION curated.f()")


def test_constraints_that_were_never_validated(watched: Engine) -> None:
    run(watched, 'CREATE TABLE curated."Signs" (n int)', 'INSERT INTO curated."Signs" VALUES (1)',
        'ALTER TABLE curated."Signs" ADD CONSTRAINT positive CHECK (n > 0) NOT VALID')  # fmt: skip
    found = one(probed(watched, "unvalidated_constraints"), 'curated."Signs" positive')
    assert "CHECK ((n > 0)) NOT VALID" in found.meaning
    follow(watched, found.remedy)
    assert is_calm(probed(watched, "unvalidated_constraints"))
    run(watched, 'DROP TABLE curated."Signs"')


def test_a_collation_of_another_version(watched: Engine) -> None:
    provider = "builtin, locale = 'C.UTF-8'" if version(watched) >= 17 else "icu, locale = 'en'"
    run(watched, f"CREATE COLLATION curated.old (provider = {provider}, version = '0.1')",
        "CREATE TABLE curated.names (n text COLLATE curated.old)",
        "INSERT INTO curated.names VALUES ('b'), ('A')")  # fmt: skip
    assert is_calm(probed(watched, "collations"))  # no index is in its order
    run(watched, "CREATE INDEX by_name ON curated.names (n)")
    found = one(probed(watched, "collations"), "collation curated.old")
    assert "version 0.1 of the library" in found.meaning
    assert str(found.remedy).startswith("REINDEX INDEX CONCURRENTLY curated.by_name; ALTER ")
    follow(watched, found.remedy)
    assert is_calm(probed(watched, "collations"))
    run(watched, "DROP TABLE curated.names", "DROP COLLATION curated.old")


def test_a_table_that_autovacuum_leaves_alone(watched: Engine) -> None:
    """And one with more dead rows than autovacuum should let gather."""
    run(watched, "CREATE TABLE curated.left_alone (n int) WITH (autovacuum_enabled = off)",
        "INSERT INTO curated.left_alone SELECT generate_series(1, 2000)",
        "UPDATE curated.left_alone SET n = n + 1", FLUSH)  # fmt: skip
    off = one(probed(watched, "autovacuum"), "curated.left_alone")
    assert off.meaning == "autovacuum is off for this table; it has 2,000 dead rows"
    follow(watched, off.remedy)
    limits = {"autovacuum_minimum_rows": 1000, "autovacuum_warning_times": 2}
    late = one(probed(watched, "autovacuum", **limits), "curated.left_alone")
    assert (late.figure, late.remedy) == (40, "VACUUM (ANALYZE) curated.left_alone")
    follow(watched, late.remedy)
    names = [f.object for f in probed(watched, "autovacuum", **limits)]
    assert "curated.left_alone" not in names
    run(watched, "DROP TABLE curated.left_alone")


def test_a_table_read_as_a_whole(watched: Engine) -> None:
    limits = {"sequential_scan_minimum_count": 3, "sequential_scan_minimum_rows": 1000}
    query = "SELECT count(*) FROM curated.whole WHERE n = 7"
    run(watched, "CREATE TABLE curated.whole AS SELECT g AS n FROM generate_series(1, 3000) AS g",
        *[query] * 3, FLUSH)  # fmt: skip
    found = one(probed(watched, "sequential_scans", **limits), "curated.whole")
    assert "read as a whole 3 times, 3,000 rows each; by an index 0 times" in found.meaning
    reset = str(found.remedy).partition("then count again: ")[2]
    run(watched, "CREATE INDEX CONCURRENTLY ON curated.whole (n)", "ANALYZE curated.whole", reset)
    run(watched, *[query] * 3, FLUSH)
    assert is_calm(probed(watched, "sequential_scans", **limits))
    run(watched, "DROP TABLE curated.whole")


def test_an_index_that_is_rarely_used(watched: Engine) -> None:
    limits = {"unused_index_minimum_days": 0, "rare_index_minimum_bytes": 0,
              "rare_index_warning_times": 900}  # fmt: skip
    run(watched, "CREATE TABLE curated.seldom (n int)", "CREATE INDEX by_n ON curated.seldom (n)",
        "INSERT INTO curated.seldom SELECT generate_series(1, 1000)")  # fmt: skip
    with session(watched) as one_query:
        one_query.cursor().execute("SET enable_seqscan = off")
        one_query.cursor().execute("SELECT n FROM curated.seldom WHERE n = 1")
        one_query.commit()
    eventually(lambda: rows(watched, "SELECT 1 FROM pg_stat_user_indexes WHERE indexrelname ="
                                     " 'by_n' AND idx_scan = 1"))  # fmt: skip
    found = one(probed(watched, "rare_indexes", **limits), "curated.by_n")
    assert "scanned 1 time in" in found.meaning
    assert "for 1,000 rows written" in found.meaning
    follow(watched, found.remedy)
    assert "curated.by_n" not in [f.object for f in probed(watched, "rare_indexes", **limits)]
    run(watched, "DROP TABLE curated.seldom")


def test_deadlocks(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.pair AS SELECT g AS n FROM generate_series(1, 2) AS g",
        "SELECT pg_stat_reset()")  # fmt: skip
    assert is_calm(probed(watched, "database_events"))
    lock = "SELECT n FROM curated.pair WHERE n = {} FOR UPDATE"
    with session(watched) as one_way, session(watched) as other_way:
        for connection, row in ((one_way, 1), (other_way, 2)):
            connection.cursor().execute("SET deadlock_timeout = '20ms'")
            connection.cursor().execute(lock.format(row))

        def wait() -> None:
            with suppress(psycopg2.errors.DeadlockDetected):
                one_way.cursor().execute(lock.format(2))
            one_way.rollback()

        thread = threading.Thread(target=wait)
        thread.start()
        with suppress(psycopg2.errors.DeadlockDetected):
            other_way.cursor().execute(lock.format(1))
        other_way.rollback()
        thread.join()
    counted = "SELECT 1 FROM pg_stat_database WHERE datname = current_database() AND deadlocks > 0"
    eventually(lambda: rows(watched, counted))
    found = one(probed(watched, "database_events"), "deadlocks")
    assert found.meaning.startswith("1 deadlock in 1 d")
    run(watched, str(found.remedy).partition("; ")[2].partition(" -- ")[0])
    assert is_calm(probed(watched, "database_events"))
    run(watched, "DROP TABLE curated.pair")


def test_temporary_files(watched: Engine) -> None:
    with session(watched) as sorting:
        sorting.cursor().execute("SET work_mem = '64kB'")
        sorting.cursor().execute("SELECT g FROM generate_series(1, 50000) AS g ORDER BY -g")
        sorting.commit()
    eventually(lambda: rows(watched, "SELECT 1 FROM pg_stat_database WHERE temp_bytes > 0"
                                     " AND datname = current_database()"))  # fmt: skip
    found = one(probed(watched, "database_events", temporary_warning_bytes=1000),
                "temporary files")  # fmt: skip
    assert "sorts and hashes do not fit into work_mem" in found.meaning
    run(watched, "SELECT pg_stat_reset()")
    assert is_calm(probed(watched, "database_events", temporary_warning_bytes=1000))


SETTINGS = """\
archive_mode = on
archive_command = 'false'
max_connections = 12
superuser_reserved_connections = 3
max_wal_size = 32MB
min_wal_size = 32MB
shared_preload_libraries = pg_stat_statements
"""


@pytest.fixture(scope="module")
def troubled() -> Iterator[Engine]:
    """A server with few connections and an archiver that fails; its schema is the view alone."""
    from mlb_perf import sql

    with embedded_server("mlb_perf_test_status_", SETTINGS) as server:
        engine = engine_on(server.url(superuser=True))
        run(engine, "CREATE SCHEMA performance_monitoring",
            *sql.read("views/connection_usage.sql").split(";\n\n"),
            sql.read("functions/statement_statistics_gap.sql"))  # fmt: skip
        yield engine


@needs_embedded_server
def test_an_archiver_that_fails(troubled: Engine) -> None:
    run(troubled, "SELECT pg_switch_wal()")
    eventually(lambda: rows(troubled, "SELECT 1 FROM pg_stat_archiver WHERE failed_count > 0"))
    failing = one(probed(troubled, "archiver"), "archiver")
    assert failing.severity is Severity.CRITICAL
    run(troubled, "ALTER SYSTEM SET archive_command = 'true'")
    run(troubled, str(failing.remedy).rpartition("reload: ")[2], "SELECT pg_switch_wal()")
    eventually(lambda: rows(troubled, "SELECT 1 FROM pg_stat_archiver WHERE archived_count > 0"))
    assert is_calm(probed(troubled, "archiver"))


@needs_embedded_server
def test_checkpoints_before_their_time(troubled: Engine) -> None:
    run(troubled, "CREATE TABLE t (n int)")
    for _ in range(20):
        run(troubled, "INSERT INTO t VALUES (1)", "CHECKPOINT")
    early = one(probed(troubled, "checkpoints"), "checkpointer")
    assert "max_wal_size is 32MB" in early.meaning
    _, _, rest = str(early.remedy).partition("; then ")
    run(troubled, "ALTER SYSTEM SET max_wal_size = '64MB'", *rest.split("; "))
    assert is_calm(probed(troubled, "checkpoints"))


@needs_embedded_server
def test_every_slot_taken(troubled: Engine) -> None:
    """A superuser still gets one, sees who holds them, and ends the idle ones of that alone."""
    limits = {"idle_connection_minimum_seconds": 0}
    run(troubled, "CREATE ROLE app LOGIN")
    other = engine_on(troubled.url.set(database="template1", username="app"))
    app = engine_on(troubled.url.set(username="app"))
    held = []
    try:
        with session(other, "elsewhere") as spared:
            for _ in range(8):
                pool = session(app, "scraper's pool")
                held.append(pool)
                pool.__enter__()
            with pytest.raises(psycopg2.OperationalError, match="connection slots are reserved"), \
                    session(app):  # fmt: skip
                pass
            full = one(probed(troubled, "connection_usage", **limits), "connections")
            assert full.severity is Severity.CRITICAL
            assert "by scraper's pool (app in mlb_perf): 8, 8 idle; " in full.meaning
            assert "elsewhere (app in template1): 1, 1 idle" in full.meaning
            follow(troubled, full.remedy)
            assert is_calm(probed(troubled, "connection_usage"))
            spared.cursor().execute("SELECT 1")
    finally:
        for pool in held:
            with suppress(psycopg2.Error):
                pool.__exit__(None, None, None)
