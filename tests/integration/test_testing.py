"""The pytest plugin, as an application's tests use it: the examples of docs/testing.md."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from mlb_perf.testing import SERVER_VARIABLE
from tests.integration.pipeline.live import polls
from tests.support.databases import shown
from tests.support.processes import environment, succeed

OF_ITS_OWN = """
from sqlalchemy import text


def count(engine):
    with engine.begin() as connection:
        rows = connection.scalar(text("SELECT count(*) FROM curated.betting_lines_unified"))
        connection.execute(text("TRUNCATE curated.betting_lines_unified"))
        return rows


def test_one(mlb_perf_engine):
    assert count(mlb_perf_engine) == 24


def test_the_other_has_the_rows_of_the_template_again(mlb_perf_engine):
    assert count(mlb_perf_engine) == 24
"""


def test_the_examples_of_the_documentation(
    head_url: URL, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """On the server of these tests; asynchronous engines are created, and asked for no row."""
    page = (pytestconfig.rootpath / "docs" / "testing.md").read_text(encoding="utf-8")
    plugin, example, fill, engine = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    folder = tmp_path / "tests"
    folder.mkdir()
    poll = next(polls(1))
    payload = [json.loads(row.values["payload"]) for row in poll]
    (folder / "odds.json").write_text(json.dumps(payload))
    (folder / "conftest.py").write_text("\n".join([plugin, fill, engine]))
    (folder / "test_example.py").write_text(f"{example}\n\ndef test_engine(engine): pass\n")
    (folder / "test_own.py").write_text(OF_ITS_OWN)
    words = (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore",
        "tests",
    )
    values = environment(**{SERVER_VARIABLE: shown(head_url), "PYTEST_XDIST_WORKER": "app"})
    assert "4 passed" in succeed(words, cwd=tmp_path, env=values)
