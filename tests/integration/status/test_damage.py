"""Troubles that take a server of their own: full disks, damaged pages, ids that run out.

Each is really made, found, and gone after the advice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from mlb_perf import sql
from mlb_perf.embedded import EmbeddedServer, process
from mlb_perf.embedded.account import account_for
from mlb_perf.monitor import Finding, Severity
from tests.integration.monitor.support import version
from tests.integration.status.support import follow, is_calm, one, probed, session
from tests.support.databases import embedded_server, engine_on, needs_embedded_server
from tests.support.sql import rows, run, value
from tests.support.standby import standby_of
from tests.support.waiting import eventually, wait_for_no_rows, wait_for_rows

pytestmark = needs_embedded_server

SEGMENT = "SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal()"
SETTINGS = """\
max_wal_size = 32MB
min_wal_size = 32MB
shared_buffers = 1MB
fsync = off
restart_after_crash = off
autovacuum = off
autovacuum_freeze_max_age = 2000000000
max_standby_streaming_delay = -1
"""
VIEWS = ("cache_hit", "long_transactions", "wraparound_headroom")
FAR = 1_100_000_000
"""More than half of the way to the end of transaction ids."""
SEGMENT_OF_IDS = 2**20  # in one file of pg_xact, which are named by their number


@pytest.fixture(scope="module")
def own() -> Iterator[EmbeddedServer]:
    """A server whose schema is the views that are asked, with nothing that repairs it."""
    with embedded_server("mlb_perf_test_damage_", SETTINGS) as server:
        engine = _on(server)
        made = [s for name in VIEWS for s in sql.read(f"views/{name}.sql").split(";\n\n")]
        run(engine, "CREATE SCHEMA performance_monitoring", *made)
        yield server


def _on(server: EmbeddedServer, database: str = "mlb_perf") -> Engine:
    return engine_on(server.url(database, superuser=True))


@contextmanager
def _stopped(server: EmbeddedServer) -> Iterator[Path]:
    """Its data directory, while nothing runs there."""
    server.stop()
    yield server.home / "data"
    server.start()


@contextmanager
def _disk(server: EmbeddedServer, size: str) -> Iterator[Path]:
    """A disk of its own for the account of the server."""
    if os.geteuid() != 0:
        pytest.skip("mounting a disk takes root")
    folder = Path(tempfile.mkdtemp(prefix="disk_", dir=server.home))
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    account_for(server.home / "data").own(folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _standby(server: EmbeddedServer) -> AbstractContextManager[URL]:
    return standby_of(server.home, server.url(superuser=True), SETTINGS)


def _grow(disk: Path, size: str) -> None:
    """Add space, as the advice says."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def test_a_full_disk_of_a_tablespace(own: EmbeddedServer) -> None:
    """Until space is added; the disk of the data directory has room all the while."""
    engine = _on(own)
    with _disk(own, "8m") as disk:
        run(engine, f"CREATE TABLESPACE small LOCATION '{disk}'",
            "CREATE TABLE filling (n int) TABLESPACE small")  # fmt: skip
        assert is_calm(probed(engine, "disk"))
        with pytest.raises(OperationalError, match="No space left on device"):
            run(engine, "INSERT INTO filling SELECT generate_series(1, 1000000)")
        full = one(probed(engine, "disk"), str(disk))
        assert (full.severity, full.threshold) == (Severity.CRITICAL, 0.95)
        assert str(full.remedy).endswith(", or add space")
        _grow(disk, "64m")
        run(engine, "INSERT INTO filling SELECT generate_series(1, 10000)")
        assert is_calm(probed(engine, "disk"))
        run(engine, "DROP TABLE filling", "DROP TABLESPACE small")


def test_a_full_disk_of_the_wal(own: EmbeddedServer) -> None:
    """A slot keeps it: the disk, the slot and the WAL are found, also once the server has stopped.

    The way back is that of docs/operations.md: add space, start the server, drop the slot.
    """
    engine = _on(own)
    with _disk(own, "160m") as disk:
        with _stopped(own) as data:
            shutil.copytree(data / "pg_wal", disk / "pg_wal")
            _give(own, disk / "pg_wal")
            (data / "pg_wal").rename(data / "pg_wal.before")
            (data / "pg_wal").symlink_to(disk / "pg_wal")
        run(engine, "SELECT pg_create_physical_replication_slot('left_behind', true)",
            *[SEGMENT] * 8)  # fmt: skip
        full = one(probed(engine, "disk"), str(data / "pg_wal"))
        assert full.severity is Severity.WARNING
        assert "look at wal_size and replication_slots" in str(full.remedy)
        with pytest.raises(DBAPIError):
            run(engine, *[SEGMENT] * 4)
        eventually(lambda: process.running(data) is None)

        _grow(disk, "240m")
        own.start()
        large = one(probed(engine, "wal_size"), "pg_wal")
        assert large.figure is not None
        assert large.figure > 4
        kept = one(probed(engine, "replication_slots"), "slot left_behind")
        assert (kept.severity, kept.threshold) == (Severity.WARNING, 64 * 2**20)
        assert "has had no consumer" in kept.meaning
        follow(engine, kept.remedy)
        follow(engine, large.remedy)
        for name in ("disk", "wal_size", "replication_slots"):
            assert is_calm(probed(engine, name)), name
        with _stopped(own):
            shutil.rmtree(data / "pg_wal.before")
            (data / "pg_wal").unlink()
            shutil.copytree(disk / "pg_wal", data / "pg_wal")
            _give(own, data / "pg_wal")


def _give(server: EmbeddedServer, folder: Path) -> None:
    account = account_for(server.home / "data")
    for path in (folder, *folder.rglob("*")):
        account.own(path)


def test_a_slot_whose_wal_is_gone(own: EmbeddedServer) -> None:
    engine = _on(own)
    run(engine, "ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'", "SELECT pg_reload_conf()",
        "SELECT pg_create_physical_replication_slot('too_late', true)",
        *[SEGMENT] * 6, "CHECKPOINT")  # fmt: skip
    lost = one(probed(engine, "replication_slots"), "slot too_late")
    assert lost.severity is Severity.CRITICAL
    assert lost.meaning.startswith("its WAL has been removed: ")
    follow(engine, lost.remedy)
    assert is_calm(probed(engine, "replication_slots"))
    run(engine, "ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()")


def test_a_damaged_page(own: EmbeddedServer) -> None:
    """The backup from before, on another machine, has the rows."""
    engine = _on(own)
    run(engine, "CREATE TABLE kept AS SELECT g AS n FROM generate_series(1, 1000) AS g")
    file = value(engine, "SELECT pg_relation_filepath('kept')")
    with _standby(own) as url:
        backup = engine_on(url)
        wait_for_rows(backup, "SELECT 1 FROM pg_class WHERE relname = 'kept'")
        with _stopped(own) as data, (data / file).open("r+b") as damaged:
            damaged.seek(4000)
            found = damaged.read(1)
            damaged.seek(4000)
            damaged.write(bytes([found[0] ^ 0xFF]))
        with pytest.raises(DBAPIError, match="invalid page in block 0"):
            run(engine, "SELECT count(*) FROM kept")
        wait_for_rows(engine, "SELECT 1 FROM pg_stat_database WHERE checksum_failures > 0")
        wrong = one(probed(engine, "database_events"), "checksums")
        assert wrong.severity is Severity.CRITICAL
        assert wrong.meaning.startswith("1 page read with a wrong checksum")
        assert str(wrong.remedy).startswith("restore the last good backup on another machine")
        assert file in own.status().log_file.read_text(), "the log names the file, as it says"
        assert value(backup, "SELECT sum(n) FROM kept") == 500_500
        assert is_calm(probed(backup, "database_events"))
    run(engine, "DROP TABLE kept", str(wrong.remedy).rpartition("file. ")[2])
    assert is_calm(probed(engine, "database_events"))


def test_a_standby_that_a_long_query_holds_up(own: EmbeddedServer) -> None:
    """The advice leads to the query: long_transactions on the standby names it."""
    engine = _on(own)
    run(engine, "CREATE TABLE seen AS SELECT g AS n FROM generate_series(1, 1000) AS g")
    with _standby(own) as url:
        copy = engine_on(url)
        wait_for_rows(copy, "SELECT 1 FROM pg_class WHERE relname = 'seen'")
        with session(copy, "report") as reader:
            reader.cursor().execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM seen")
            run(engine, "DELETE FROM seen", "VACUUM seen", "SELECT pg_switch_wal()")

            def late() -> list[Finding]:
                here = probed(copy, "standbys", standby_warning_seconds=0.5)
                return [f for f in here if f.severity and f.figure and f.figure > 0.5]

            (delay,) = eventually(late)
            assert "its readers see old rows" in delay.meaning
            assert "long_transactions" in str(delay.remedy)
            [query] = probed(copy, "long_transactions", idle_transaction_warning_seconds=0)
            assert "report) opened a transaction" in query.meaning
            follow(copy, query.remedy)
            wait_for_no_rows(copy, "SELECT 1 WHERE pg_last_wal_receive_lsn()"
                                   " IS DISTINCT FROM pg_last_wal_replay_lsn()")  # fmt: skip
            assert is_calm(probed(copy, "standbys"))
    run(engine, "DROP TABLE seen")


def test_a_database_in_the_order_of_an_older_library(own: EmbeddedServer) -> None:
    name, admin = "ordered", _on(own)
    provider = "builtin BUILTIN_LOCALE 'C.UTF-8'" if version(admin) >= 17 else "icu ICU_LOCALE 'en'"
    run(admin, f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER {provider}")
    engine = _on(own, name)
    run(engine, "CREATE SCHEMA performance_monitoring", "CREATE TABLE t (n text PRIMARY KEY)",
        "UPDATE pg_database SET datcollversion = '0.1' WHERE datname = 'ordered'")  # fmt: skip
    old = one(probed(engine, "collations"), f"database {name}")
    assert "built with version 0.1 of the library" in old.meaning
    follow(engine, old.remedy)
    assert is_calm(probed(engine, "collations"))
    run(admin, f"DROP DATABASE {name}")


def test_a_cache_that_is_too_small(own: EmbeddedServer) -> None:
    """Eight times as large as shared_buffers, and read again and again."""
    engine = _on(own)
    run(engine, "CREATE TABLE large AS SELECT repeat('x', 500) AS t FROM generate_series(1, 16000)",
        "SELECT pg_stat_reset()")  # fmt: skip
    scan, few = ["SELECT count(*) FROM large"] * 11, {"cache_hit_minimum_blocks": 10_000}
    run(engine, *scan, "SELECT pg_stat_force_next_flush()")
    missed = one(probed(engine, "cache_hit", **few), "database")
    assert (missed.severity, missed.threshold) == (Severity.WARNING, 0.95)
    first, _, again = str(missed.remedy).partition("; then count again: ")
    asked = first.partition(" -- ")[0]
    assert rows(engine, asked.replace(" * ", " table_name ", 1))[1] == ("large",)
    run(engine, "ALTER SYSTEM SET shared_buffers = '64MB'")
    with _stopped(own):
        pass
    run(engine, scan[0], "SELECT pg_stat_force_next_flush()")  # which fills the cache
    run(engine, again.partition(" -- ")[0], *scan, "SELECT pg_stat_force_next_flush()")
    assert is_calm(probed(engine, "cache_hit", **few))
    run(engine, "DROP TABLE large", "ALTER SYSTEM RESET shared_buffers")


def test_transaction_ids_that_run_out(own: EmbeddedServer) -> None:
    """In every database, also in the one that takes no connection; and in each table."""
    engine = _on(own)
    run(engine, "CREATE TABLE old AS SELECT 1 AS n")
    with _stopped(own) as data:
        _succeed(own, "pg_resetwal", "-x", str(FAR), "-D", str(data))
        segment = data / "pg_xact" / f"{FAR // SEGMENT_OF_IDS:04X}"
        segment.write_bytes(b"\0" * 2**18)
        _give(own, segment)
    found = probed(engine, "wraparound_headroom")
    by_object = {finding.object: finding for finding in found}
    databases = {f"database {name}" for name in ("mlb_perf", "postgres", "template0", "template1")}
    assert set(by_object) == {*databases, "table public.old"}
    assert {finding.threshold for finding in found} == {0.4}
    run(engine, str(by_object["table public.old"].remedy))
    assert "table public.old" not in {f.object for f in probed(engine, "wraparound_headroom")}
    for name in databases:
        _type(own, str(by_object[name].remedy))
    assert is_calm(probed(engine, "wraparound_headroom"))
    assert rows(engine, "SELECT datname FROM pg_database WHERE NOT datallowconn") == [
        ("template0",)
    ]
    run(engine, "DROP TABLE old")


def _type(server: EmbeddedServer, line: str) -> None:
    """A line for the shell, typed where the programs and the server are at hand."""
    url = server.url(superuser=True)
    place = {
        "PATH": f"{server.binaries().bin_dir}:{os.environ['PATH']}",
        "PGHOST": str(url.query["host"]), "PGUSER": str(url.username), "PGDATABASE": "postgres",
    }  # fmt: skip
    done = subprocess.run(["sh", "-ec", line], env=place, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, (line, done.stderr)


def _succeed(server: EmbeddedServer, program: str, *words: str) -> None:
    """A program of the server's, as its account."""
    account = account_for(server.home / "data")
    done = process.run([server.binaries().program(program), *words], account, server.home)
    assert done.returncode == 0, done.stdout


def test_a_server_without_autovacuum(own: EmbeddedServer) -> None:
    """The last of these: the others want no help from it."""
    engine = _on(own)
    off = one(probed(engine, "autovacuum"), "server")
    assert off.meaning.startswith("autovacuum is off: dead rows gather")
    follow(engine, off.remedy)
    eventually(lambda: value(engine, "SHOW autovacuum") == "on")
    assert "server" not in {f.object for f in probed(engine, "autovacuum") if f.severity}
