"""The wheel in an empty virtual environment, outside of a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from sqlalchemy import URL

from mlb_perf.settings import URL_VARIABLE
from tests.support.heads import HEAD


def run(*arguments: str | Path, cwd: Path, **environment: str) -> str:
    result = subprocess.run(
        [str(argument) for argument in arguments],
        env={**os.environ, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_wheel_upgrades_a_database(
    empty_url: URL, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Built, installed, imported; ``mlb-perf alembic`` finds its revisions there."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, pytestconfig.rootpath,
        cwd=tmp_path)  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=False)
    program = folder / "bin"
    run(*pip, "--python", program / "python", "install", "--quiet", wheel, cwd=tmp_path)

    url = empty_url.render_as_string(hide_password=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(program / "mlb-perf", "alembic", "upgrade", "head", cwd=elsewhere, **{URL_VARIABLE: url})
    output = run(program / "mlb-perf", "info", cwd=elsewhere, **{URL_VARIABLE: url})
    assert f"Revision  {HEAD}" in output
    run(program / "mlb-perf", "alembic", "check", cwd=elsewhere, **{URL_VARIABLE: url})
    output = run(program / "mlb-perf", "sample", "--here", cwd=elsewhere, **{URL_VARIABLE: url})
    assert "11,334 quotes promoted" in output
    output = run(
        program / "python", "-c",
        "import mlb_perf.models as m; print(m.__file__, m.BettingOddsUnified.__tablename__)",
        cwd=elsewhere,
    )  # fmt: skip
    assert output.startswith(str(folder))
    assert output.split()[-1] == "betting_odds_unified"
