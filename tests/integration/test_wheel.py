"""The wheel in an empty virtual environment, outside of a checkout."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest
from sqlalchemy import URL

from mlb_perf.pipeline.load.ingest import read_file
from mlb_perf.pipeline.sample import ODDS
from mlb_perf.settings import URL_VARIABLE
from tests.support.databases import shown
from tests.support.heads import HEAD
from tests.support.processes import environment, succeed

FROM_WHEEL = """
import mlb_perf.models as m
from mlb_perf.pipeline.load.ingest import read_file
from mlb_perf.pipeline.sample import ODDS
print(m.__file__, m.BettingOddsUnified.__tablename__, len(list(read_file(ODDS))))
"""


def test_wheel_upgrades_a_database(
    empty_url: URL, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Built, installed, imported; ``mlb-perf alembic`` finds its revisions there."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    succeed((*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path),
             str(pytestconfig.rootpath)), cwd=tmp_path)  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=False)
    program = folder / "bin"
    succeed((*pip, "--python", str(program / "python"), "install", "--quiet", "--no-compile",
             str(wheel)))  # fmt: skip

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def installed(*words: str) -> str:
        command = (str(program / words[0]), *words[1:])
        values = environment(
            PYTHONPYCACHEPREFIX=str(tmp_path / "bytecode"), **{URL_VARIABLE: shown(empty_url)}
        )
        return succeed(command, cwd=elsewhere, env=values)

    installed("mlb-perf", "alembic", "upgrade", "head")
    assert f"Revision  {HEAD}" in installed("mlb-perf", "info")
    installed("mlb-perf", "alembic", "check")
    assert f"in {folder}" in installed("mlb-perf", "docs")
    there, table, books = installed("python", "-c", FROM_WHEEL).split()
    assert there.startswith(str(folder))
    assert (table, int(books)) == ("betting_odds_unified", len(list(read_file(ODDS))))
