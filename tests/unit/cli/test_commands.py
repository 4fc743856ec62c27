"""Commands are imported when they are called, and `--help` says the same of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mlb_perf.cli.commands import COMMANDS, load

_LOADED = "import sys, mlb_perf.cli.app, {}; print(*sorted(sys.modules))"


@pytest.mark.parametrize("name", COMMANDS)
def test_line_in_help_is_that_of_the_command(name: str) -> None:
    assert (load(name).name or name, load(name).help) == (name, COMMANDS[name].line)


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [
        ("mlb_perf.cli.app", {"sqlalchemy", "alembic", "mlb_perf.cli.bench"}),
        ("mlb_perf.cli.info", {"sqlalchemy.orm", "mlb_perf.models", "mlb_perf.online.rebuild"}),
        ("mlb_perf.cli.promote", {"alembic", "mlb_perf.models"}),
        ("mlb_perf.cli.load", {"alembic", "mlb_perf.models"}),
        ("mlb_perf.cli.db", {"alembic", "mlb_perf.models", "mlb_perf.monitor"}),
        ("mlb_perf.migrate.environment", {"mlb_perf.models", "mlb_perf.pipeline"}),
    ],
)
def test_start_imports_no_more_than_it_needs(module: str, unneeded: set[str]) -> None:
    words = [sys.executable, "-c", _LOADED.format(module)]
    loaded = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert module in loaded
    assert unneeded.intersection(loaded) == set()
