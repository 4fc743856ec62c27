"""The journal's tables, the lock ladder as a context, and half-done revisions of a project."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.errors import ConfigurationError, MigrationFailed
from mlb_perf.online import Journal, Patience, lock_ladder
from tests.migration.online.project import project
from tests.migration.rebuild.shop import leftovers
from tests.support.sql import rows, run, value

JOURNAL = Journal("ops")
QUICK = Patience(attempt_ms=50)
SHORT = Patience(attempt_ms=50, total_seconds=0.2, first_pause_seconds=0.05)


def test_lock_ladder(empty: Engine) -> None:
    """It waits for a lock that is released, gives up on one that is not, and rolls back."""
    run(empty, "CREATE TABLE line (price int)")
    auto = empty.execution_options(isolation_level="AUTOCOMMIT")
    with empty.connect() as holder, auto.connect() as connection:
        holder.exec_driver_sql("LOCK TABLE line")
        with (
            pytest.raises(MigrationFailed, match="line: could not acquire the SHARE lock"),
            lock_ladder(connection, ["line"], "SHARE", patience=SHORT),
        ):
            pytest.fail("the lock is held")
        release = threading.Timer(0.3, holder.rollback)
        release.start()
        with lock_ladder(
            connection, ["line"], "ACCESS EXCLUSIVE", patience=Patience(attempt_ms=50)
        ):
            connection.exec_driver_sql("ALTER TABLE line ADD note text")
        release.join()
        with (
            pytest.raises(DBAPIError, match="does not exist"),
            lock_ladder(connection, ["line"], "SHARE"),
        ):
            connection.exec_driver_sql("ALTER TABLE line ADD other text; SELECT FROM nothing")
    columns = "SELECT attname FROM pg_attribute WHERE attrelid = 'line'::regclass AND attnum > 0"
    assert rows(empty, columns) == [("price",), ("note",)]


def test_lock_ladder_needs_autocommit(empty: Engine) -> None:
    run(empty, "CREATE TABLE line (price int)")
    with (
        empty.connect() as connection,
        pytest.raises(ConfigurationError, match="autocommit_block"),
        lock_ladder(connection, ["line"], "SHARE"),
    ):
        pytest.fail("the connection is in a transaction")


def test_interrupted_revision_is_finished_first(empty: Engine, tmp_path: Path) -> None:
    """The swap cannot have its lock; a downgrade then finishes the upgrade and takes it back."""
    with project(tmp_path, empty) as config:
        env = tmp_path / "migrations" / "env.py"
        env.write_text(env.read_text().replace("total_seconds=300", "total_seconds=0.2"))
        _without_indexes(tmp_path / "migrations" / "versions")
        command.upgrade(config, "0001")
        run(empty, "INSERT INTO shop.line VALUES ('mlb:1', now(), '110', 'kept')")
        with empty.connect() as holder:
            holder.exec_driver_sql("SELECT FROM shop.line LIMIT 1")
            with pytest.raises(MigrationFailed, match=r"shop.line.*ACCESS EXCLUSIVE"):
                command.upgrade(config, "0003")
        with pytest.raises(DBAPIError, match=r"the rebuild of shop.line is unfinished"):
            run(empty, _drop_journal())
        command.downgrade(config, "0001")
    assert rows(empty, "SELECT game, price, note FROM shop.line") == [("mlb:1", "110", "kept")]
    assert value(empty, "SELECT version_num FROM shop_version") == "0001"
    assert leftovers(empty) == []
    assert rows(empty, f"SELECT revision, direction, phase FROM {JOURNAL.rebuilds}") == [
        ("0003", "downgrade", "finished")
    ]


def _without_indexes(versions: Path) -> None:
    """A concurrent drop would wait for the holder's transaction."""
    (versions / "0002_index_line.py").unlink()
    rebuild = versions / "0003_rebuild_line.py"
    lines = rebuild.read_text().replace('down_revision = "0002"', 'down_revision = "0001"')
    rebuild.write_text("\n".join(x for x in lines.splitlines() if "_index_online" not in x))


def _drop_journal() -> str:
    """The first statement of the operation, which looks for unfinished rebuilds."""
    return JOURNAL.read("drop_journal.sql").split("\n\n")[0]
