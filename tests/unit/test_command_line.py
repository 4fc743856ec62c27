"""What the commands refuse, and what they print of text from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from mlb_perf.cli.shared import reported
from mlb_perf.errors import ConfigurationError, LoadFailed
from mlb_perf.settings import URL_VARIABLE
from tests.support.command_line import invoke

HOSTILE = "\x1b]0;owned\x07\x9b2J\u202e\x7f\r"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    "words", [["-U", "x"], ["-Ux"], ["-AtU", "x"], ["--host=h"], ["-c", "SELECT 1", "-p", "1"]]
)
def test_psql_is_not_sent_elsewhere(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    """The URL decides; psql would pass over -U, and answer as another role."""
    monkeypatch.setenv(URL_VARIABLE, "postgresql://u@h/d")
    with pytest.raises(ConfigurationError, match=f"connects as the URL.*{URL_VARIABLE}"):
        invoke("db", "psql", "--", *words)


def test_errors_show_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    for error in (LoadFailed(f"{HOSTILE} is there"), DBAPIError(None, None, Exception(HOSTILE))):
        with pytest.raises(SystemExit), reported():
            raise error
    said = capsys.readouterr().err
    assert "\\x1b]0;owned\\x07" in said
    assert not CONTROL.search(said)


def test_a_file_with_a_hostile_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"{HOSTILE}.json"
    file.write_text("not JSON")
    with pytest.raises(SystemExit), reported():
        invoke("load", file)
    assert not CONTROL.search(capsys.readouterr().err)
