"""Killed, interrupted, refused, full: the next run reaches the end, and no row is lost.

``MLB_PERF_TEST_EFFORT=10`` kills the migration ten times each way; once is
what the usual run has time for.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.migrate.config import alembic_config
from tests.migration.phases.contents import (
    PARTITIONED,
    TABLES,
    alembic,
    assert_nothing_left,
    contents,
    partitioned,
)
from tests.migration.phases.filled import BASELINE, fill
from tests.migration.rebuild.holding import PHASES, held, in_phase
from tests.support.databases import TEST_URL_VARIABLE, Server, embedded_server, speak_to
from tests.support.effort import tries
from tests.support.processes import finish
from tests.support.sql import rows, run
from tests.support.waiting import eventually, kill_in_phase

# Those that 0021 and 0022 rebuild: the partitioned one, and packed ones.
REBUILT = TABLES[: TABLES.index("staging.betting_odds_unified")]
KILLS = min(tries(1), len(REBUILT))


@pytest.mark.at_revision("0020")
def test_killed_on_the_way(wide: Engine) -> None:
    """Up and down again over two revisions, kill -9 while one of their tables is rebuilt."""
    chance = random.Random(6)
    before = contents(wide)
    for direction, target in (("upgrade", "0022"), ("downgrade", "0020")):
        in_order = REBUILT if direction == "upgrade" else tuple(reversed(REBUILT))
        for table in sorted(chance.sample(in_order, KILLS), key=in_order.index):
            phase = chance.choice(PHASES)
            with held(wide, table, phase):
                kill_in_phase(
                    alembic(direction, target),
                    lambda table=table, phase=phase: in_phase(wide, table, phase),  # type: ignore[misc]
                )
            assert contents(wide) == before
        finish(alembic(direction, target))
        assert contents(wide) == before
        assert_nothing_left(wide)
        assert partitioned(wide) == (PARTITIONED if target == "0022" else set())


@pytest.mark.at_revision("0020")
def test_half_done_is_finished_first(wide: Engine) -> None:
    """A command that goes the other way than the one that was cut off finishes that one first."""
    before = contents(wide)
    for direction, target, other in (
        ("upgrade", "0021", "0020"),
        ("upgrade", "0021", "0019"),
        ("downgrade", "0020", "0021"),
    ):
        command.upgrade(alembic_config(), "0020" if direction == "upgrade" else "0021")
        with held(wide, "raw_data.odds_api_odds", "copying"):
            kill_in_phase(
                alembic(direction, target),
                lambda: in_phase(wide, "raw_data.odds_api_odds", "copying"),
            )
        finish(alembic("downgrade" if direction == "upgrade" else "upgrade", other))
        assert rows(wide, "SELECT version_num FROM alembic_version") == [(other,)]
        assert contents(wide) == before
        assert_nothing_left(wide)
        assert partitioned(wide) == (PARTITIONED if other == "0021" else set())


@pytest.mark.at_revision("0020")
def test_interrupted(wide: Engine) -> None:
    """Ctrl-C: a sentence, status 130, and the next run goes on."""
    before = contents(wide)
    process = alembic("upgrade", "0021")
    eventually(lambda: rows(wide, "SELECT to_regnamespace('mlb_perf_rebuild')") != [(None,)])
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    finish(alembic("upgrade", "0021"))
    assert contents(wide) == before
    assert_nothing_left(wide)


RETRIED = """
SELECT count(*) FROM performance_monitoring.optimization_log
WHERE object_name = 'staging.betting_odds_unified' AND status = 'retried'
"""


@pytest.mark.at_revision("0022")
def test_lock_that_is_held(wide: Engine) -> None:
    """The holder is named, writers go on meanwhile, and the next run ends the revision."""
    before = contents(wide)
    config = alembic_config()
    for option, value in (("patience", "1s"), ("attempt", "10ms"), ("pause", "20ms")):
        config.set_main_option(f"lock_{option}", value)
    with wide.connect() as idle:
        idle.exec_driver_sql("SELECT 1 FROM staging.betting_odds_unified LIMIT 1")
        with pytest.raises(
            CommandError, match=r"staging.betting_odds_unified: could not acquire the ACCESS"
        ):
            command.upgrade(config, "0023")
        run(wide, "UPDATE staging.betting_odds_unified SET price = price WHERE odds_id < 9")
    # With attempts and pauses of their defaults there would be four in that time.
    assert rows(wide, RETRIED)[0][0] > 6
    command.upgrade(alembic_config(), "0023")
    assert contents(wide) == before
    assert_nothing_left(wide)


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedServer]:
    """A server that may be killed, with a filled database at the baseline."""
    # It must survive a crash of its own, if not one of the machine.
    with embedded_server("mlb_perf_kill_") as server:
        url = server.url()
        speak_to(url, monkeypatch)
        command.upgrade(alembic_config(), BASELINE)
        fill(url)
        yield server


@pytest.mark.skipif(TEST_URL_VARIABLE in os.environ, reason="kills a server of its own")
def test_server_killed(own_server: EmbeddedServer) -> None:
    """kill -9 of the server while tables are rebuilt: it recovers, and the next run goes on."""
    chance = random.Random(7)
    engine = create_engine(own_server.url(), poolclass=NullPool)
    before = contents(engine)
    command.upgrade(alembic_config(), "0020")
    for table in sorted(chance.sample(REBUILT, KILLS), key=REBUILT.index):
        with engine.connect() as holder:
            holder.exec_driver_sql(f"SELECT FROM {table} LIMIT 1 FOR UPDATE")
            process = alembic("upgrade", "0022")
            eventually(lambda table=table: in_phase(engine, table, "copying"))  # type: ignore[misc]
            run(engine, "CHECKPOINT")  # commits of the tests' servers are not synchronous
            _kill(own_server)
            holder.invalidate()
        process.communicate()
        own_server.start()
        assert in_phase(engine, table, "copying")
        assert contents(engine) == before
    finish(alembic("upgrade", "0022"))
    assert contents(engine) == before
    assert_nothing_left(engine)


def _kill(server: EmbeddedServer) -> None:
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    engine = create_engine(server.url(), poolclass=NullPool)

    def is_gone() -> bool:
        try:
            with engine.connect():
                return False
        except OperationalError:
            return True

    eventually(is_gone)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
@pytest.mark.skipif(TEST_URL_VARIABLE in os.environ, reason="needs the server's own disk")
@pytest.mark.at_revision("0022")
def test_full_disk(wide: Engine, server: Server) -> None:
    """The copy stops with a sentence; with space again the next run ends the revision."""
    folder = Path(server.host).parent / "small_phases"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("cannot mount here")
    try:
        owner = folder.parent.joinpath("data").stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        before = contents(wide)
        with wide.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE TABLESPACE small_phases LOCATION '{folder}'")
            connection.exec_driver_sql(
                "ALTER TABLE curated.betting_lines_unified SET TABLESPACE small_phases"
            )
            connection.exec_driver_sql(
                "CREATE TABLE public.filler (t text) TABLESPACE small_phases;"
                "ALTER TABLE public.filler ALTER t SET STORAGE external"
            )
            # What it inserts is rolled back; its file stays as large as the disk.
            with pytest.raises(OperationalError, match="No space left"):
                connection.exec_driver_sql(
                    "DO $$ BEGIN LOOP INSERT INTO public.filler VALUES (repeat('x', 100000));"
                    " END LOOP; END $$"
                )
        with pytest.raises(CommandError, match=r"the disk is full.*SQLSTATE 53100|53100"):
            command.upgrade(alembic_config(), "0025")
        assert contents(wide) == before
        subprocess.run(["mount", "-o", "remount,size=100m", str(folder)], check=True)
        command.upgrade(alembic_config(), "0025")
        assert contents(wide) == before
        assert_nothing_left(wide)
    finally:
        _forget_tablespace(wide)
        subprocess.run(["umount", str(folder)], check=True)


def _forget_tablespace(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for schema in ("raw_data", "staging", "curated", "analytics", "operational",
                       "performance_monitoring", "mlb_perf_rebuild"):  # fmt: skip
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.exec_driver_sql("DROP TABLE IF EXISTS public.filler")
        connection.exec_driver_sql("DROP TABLESPACE IF EXISTS small_phases")
