"""What the commands say of rebuilds: before, and of what was kept."""

from __future__ import annotations

import re
from argparse import Namespace

import pytest
from alembic import command
from sqlalchemy import Engine

from mlb_perf.errors import MlbPerfError
from mlb_perf.migrate.config import alembic_config
from tests.migration.phases.contents import assert_nothing_left
from tests.support.command_line import invoke
from tests.support.sql import rows, run

pytestmark = pytest.mark.at_revision("0022")


def said(*arguments: str) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_plan_names_what_is_to_come_and_changes_nothing(wide: Engine) -> None:
    run(wide, "ANALYZE staging.betting_odds_unified")
    (count,) = rows(wide, "SELECT count(*) FROM staging.betting_odds_unified")[0]
    before = rows(wide, "SELECT * FROM alembic_version")
    plan = said("plan", "0023")
    assert re.search(rf"0023 +rebuild +staging.betting_odds_unified .*{count:,}", plan), plan
    assert "from revision 0022 to 0023" in plan
    assert "0023: the columns of staging.betting_odds_unified change places" in plan
    slow = said("plan", "0023", "--copied", "1")
    assert _seconds(slow) - _seconds(plan) > count * 0.9
    assert rows(wide, "SELECT * FROM alembic_version") == before
    assert "nothing to do: the database is at 0022" in said("plan", "0022")
    assert re.search(r"0022 +rebuild +raw_data.line_history", said("plan", "0021"))


def _seconds(plan: str) -> float:
    found = re.search(r"about ([\d,]+) s in all", plan)
    assert found is not None, plan
    return float(found[1].replace(",", ""))


def test_what_was_kept_is_listed_and_dropped(wide: Engine) -> None:
    config = alembic_config()
    config.cmd_opts = Namespace(x=["keep=yes"])
    before = rows(wide, "SELECT count(*) FROM staging.betting_odds_unified")
    command.upgrade(config, "0023")
    name = "mlb_perf_before_0023_upgrade.betting_odds_unified"
    assert f"{name}: kept" in said("rebuilds", "list")
    assert rows(wide, f"SELECT count(*) FROM {name}") == before
    with pytest.raises(MlbPerfError, match="is not a kept table"):
        invoke("rebuilds", "drop", "curated.teams")
    assert "dropped" in said("rebuilds", "drop", name)
    assert_nothing_left(wide)
