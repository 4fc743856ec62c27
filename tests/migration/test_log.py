"""Each revision leaves a row in ``optimization_log``, whatever it does."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.migrate.config import alembic_config
from tests.support.sql import rows, run

LOG = "performance_monitoring.optimization_log"


def logged(engine: Engine) -> list[tuple[object, ...]]:
    """The revisions of the log, oldest first."""
    return rows(
        engine,
        "SELECT revision, operation, object_name, status, error_sqlstate "
        f"FROM {LOG} WHERE operation IN ('upgrade', 'downgrade') ORDER BY log_id",
    )


def test_revision_is_logged_in_its_transaction(empty: Engine) -> None:
    """From 0006 on, which makes the log; up, down, and what was rolled back is not there."""
    command.upgrade(alembic_config(), "0008")
    command.downgrade(alembic_config(), "0007")
    assert logged(empty) == [
        ("0006", "upgrade", "create performance_monitoring", "succeeded", None),
        ("0007", "upgrade", "insert reference rows", "succeeded", None),
        ("0008", "upgrade", "create monitoring views", "succeeded", None),
        ("0008", "downgrade", "create monitoring views", "succeeded", None),
    ]
    assert rows(empty, f"SELECT 1 FROM {LOG} WHERE duration_ms <= 0 OR duration_ms IS NULL") == []


def test_revision_that_failed(empty: Engine) -> None:
    """Its row has the SQLSTATE; the revision itself is rolled back, and done again later."""
    command.upgrade(alembic_config(), "0008")
    run(
        empty,
        "ALTER TABLE performance_monitoring.maintenance_jobs"
        " ADD CONSTRAINT none_yet CHECK (name <> 'snapshot')",
    )
    with pytest.raises(CommandError, match="SQLSTATE 23514"):
        command.upgrade(alembic_config(), "0009")
    name = "create monitoring functions"
    assert logged(empty)[-1] == ("0009", "upgrade", name, "failed", "23514")
    assert rows(empty, "SELECT version_num FROM alembic_version") == [("0008",)]
    run(empty, "ALTER TABLE performance_monitoring.maintenance_jobs DROP CONSTRAINT none_yet")
    command.upgrade(alembic_config(), "0009")
    assert logged(empty)[-1] == ("0009", "upgrade", name, "succeeded", None)
    (first, *_) = rows(
        empty,
        "SELECT phase, revisions, steps_succeeded, steps_failed, last_error LIKE '23514 %' "
        "FROM performance_monitoring.phase_summary ORDER BY phase",
    )
    assert first == (0, 4, 0, 0, True)
