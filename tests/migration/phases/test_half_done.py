"""An interrupted revision: each next command finishes it, names it, or leaves it alone."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.migrate.config import alembic_config
from mlb_perf.monitor.findings import Finding
from mlb_perf.monitor.report import assess
from tests.migration.phases.contents import (
    alembic,
    assert_nothing_left,
    contents,
    partitioned,
)
from tests.migration.rebuild.holding import held, in_phase
from tests.support.command_line import invoke
from tests.support.heads import HEAD
from tests.support.processes import finish
from tests.support.sql import rows, run, value
from tests.support.waiting import kill_in_phase

TABLE = "raw_data.odds_api_odds"
MIDDLE = "raw_data.game_results"
"""One of the tables of 0022, after others and before others."""
VERSION = "SELECT version_num FROM alembic_version"

pytestmark = pytest.mark.at_revision("0020")


def interrupted(engine: Engine, phase: str, table: str = TABLE) -> None:
    """0021 is killed at its table; or 0022 at one in the middle, when it has rebuilt some."""
    was, target = ("0020", "0021") if table == TABLE else ("0021", "0022")
    with held(engine, table, phase):
        kill_in_phase(alembic("upgrade", target), lambda: in_phase(engine, table, phase))
    assert value(engine, VERSION) == was


def findings(engine: Engine) -> list[Finding]:
    """The interrupted rebuilds that `mlb-perf status` names."""
    with engine.connect() as connection:
        found = assess(connection).findings
    return [f for f in found if f.probe == "unfinished_rebuilds" and f.severity]


# With triggers, shadow and partitions; and with the old table and its schema. Each phase is
# finished in rebuild/test_faults.py.
@pytest.mark.at_revision("0021")
@pytest.mark.parametrize("phase", ["copying", "swapped"])
def test_downgrade_base(wide: Engine, phase: str) -> None:
    """The package's own triggers, shadows and partitions stop nothing."""
    interrupted(wide, phase, MIDDLE)
    finish(alembic("downgrade", "base"))
    assert rows(wide, "SELECT to_regnamespace('raw_data'), to_regclass('alembic_version')") == [
        (None, None)
    ]
    assert_nothing_left(wide)


def test_another_users_object_is_named_after_the_revision_is_finished(wide: Engine) -> None:
    interrupted(wide, "verified")
    before = contents(wide)
    run(wide, "CREATE TABLE raw_data.own (a int)")
    with pytest.raises(CommandError, match=r"needed by table raw_data\.own, which mlb_perf did"):
        command.downgrade(alembic_config(), "base")
    assert (value(wide, VERSION), contents(wide), partitioned(wide)) == ("0020", before, set())
    assert_nothing_left(wide)


def test_after_a_lock_timeout(wide: Engine) -> None:
    """The same command, and the one back, both succeed when the lock is free."""
    before = contents(wide)
    config = alembic_config()
    config.set_main_option("lock_patience", "300ms")
    with wide.connect() as reader:
        reader.exec_driver_sql(f"SELECT FROM {TABLE} LIMIT 1")
        with pytest.raises(CommandError, match=f"{TABLE}: could not acquire the ACCESS EXCLUSIVE"):
            command.upgrade(config, "0021")
        with pytest.raises(CommandError, match=f"{TABLE}: could not acquire the ACCESS EXCLUSIVE"):
            command.downgrade(config, "0019")
    command.downgrade(alembic_config(), "0019")
    assert (value(wide, VERSION), contents(wide), partitioned(wide)) == ("0019", before, set())
    assert_nothing_left(wide)


@pytest.mark.at_revision("0021")
def test_it_is_named_with_the_command_that_finishes_it(wide: Engine) -> None:
    """By `plan`, `rebuilds list` and `status`; and the command does finish it, both ways."""
    interrupted(wide, "verified", MIDDLE)
    finding = next(f for f in findings(wide) if f.object == MIDDLE)
    assert finding.remedy == "mlb-perf alembic upgrade 0022"
    assert "stopped here in the phase verified, and no migration is running" in finding.meaning
    with wide.connect() as runner, one_runner(runner, 1):
        assert findings(wide) == []
    said = f"{MIDDLE} is verified); no migration is running; finish it with: mlb-perf alembic "
    for words in (("plan",), ("rebuilds", "list")):
        printed = invoke(*words).output
        assert "Revision 0022 is half applied (raw_data.action_network_games is swapped" in printed
        assert f"{said}upgrade 0022" in printed
    finish(alembic("upgrade", "0022"))
    assert "half applied" not in invoke("plan").output
    with held(wide, MIDDLE, "copying"):
        kill_in_phase(alembic("downgrade", "0021"), lambda: in_phase(wide, MIDDLE, "copying"))
    assert "finish it with: mlb-perf alembic downgrade 0022-1" in invoke("plan").output
    finish(alembic("downgrade", "0022-1"))
    assert value(wide, VERSION) == "0021"
    assert_nothing_left(wide)


@pytest.mark.at_revision("head")
def test_stamp_runs_nothing(wide: Engine) -> None:
    """Neither over a finished history nor over a half-done revision."""
    before, tables = contents(wide), partitioned(wide)
    for purge in (True, False):
        for target in ("head", "0020", "head", "base", "head"):
            command.stamp(alembic_config(), target, purge=purge)
            if target != "base":
                assert value(wide, VERSION) == _number(target)
    assert (contents(wide), partitioned(wide)) == (before, tables)
    command.stamp(alembic_config(), "0020")
    with pytest.raises(
        CommandError, match=r"already has .*performance_monitoring\.compact_staging\("
    ):
        command.upgrade(alembic_config(), "head")
    command.stamp(alembic_config(), "head")
    command.downgrade(alembic_config(), "0026")  # without the routines of later revisions
    command.stamp(alembic_config(), "0020")
    command.upgrade(alembic_config(), "head")
    assert (value(wide, VERSION), partitioned(wide)) == (HEAD, tables)
    command.downgrade(alembic_config(), "0020")
    assert (contents(wide), partitioned(wide)) == (before, set())
    assert_nothing_left(wide)


def _number(target: str) -> str:
    return HEAD if target == "head" else target


def test_stamp_past_a_half_done_revision(wide: Engine) -> None:
    """The contradiction is named before anything is changed, and the advice resolves it."""
    interrupted(wide, "verified")
    before = contents(wide)
    command.stamp(alembic_config(), "0021")
    assert in_phase(wide, TABLE, "verified")
    advice = r"applied; .*alembic stamp 0020\), finish the revision \(alembic upgrade 0021\)"
    for move, target in ((command.upgrade, "head"), (command.downgrade, "0019")):
        with pytest.raises(CommandError, match=f"half applied .* {advice}"):
            move(alembic_config(), target)
    command.stamp(alembic_config(), "0020")
    command.upgrade(alembic_config(), "0021")
    assert (value(wide, VERSION), contents(wide)) == ("0021", before)
    assert_nothing_left(wide)


@pytest.mark.at_revision("0021")
def test_advice_about_an_unknown_revision(wide: Engine) -> None:
    """`alembic stamp --purge`, as the message says, changes the version table alone."""
    before, tables = contents(wide), partitioned(wide)
    run(wide, "UPDATE alembic_version SET version_num = 'gone'")
    with pytest.raises(CommandError, match=r"holds gone, .*`alembic stamp --purge REVISION`"):
        command.upgrade(alembic_config(), "head")
    command.stamp(alembic_config(), "0021", purge=True)
    assert (contents(wide), partitioned(wide)) == (before, tables)
    command.upgrade(alembic_config(), "0022")
    assert contents(wide) == before
