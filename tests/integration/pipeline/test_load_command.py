"""``mlb-perf load``: what it prints, its exit status, and what is loaded then."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from mlb_perf.cli.app import app
from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.sample import ODDS
from tests.integration.pipeline.malformed import MALFORMED, count, malformed_file
from tests.support.sql import rows


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return malformed_file(tmp_path)


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["load", *map(str, words)])
    told = f"{result.exception}" if isinstance(result.exception, LoadFailed) else ""
    return result.exit_code, result.stdout, result.stderr + told


def test_the_command(head: Engine, lines: Path) -> None:
    told = "odds.jsonl (odds_api): 15 records read: 13 loaded, 0 already there, 2 malformed\n"
    assert run(lines) == (0, told, "\n".join([*MALFORMED, ""]))
    status, out, _ = run(lines, ODDS)
    assert status == 0
    assert out.splitlines()[0].endswith("0 loaded, 13 already there, 2 malformed")
    assert out.splitlines()[2].startswith("2 files: 1,904 records read: 1,889 loaded, 13 already")
    log = rows(
        head,
        "SELECT source, status, rows_read, rows_written, rows_rejected, details ->> 'file', "
        "finished_at > started_at FROM operational.pipeline_execution_log ORDER BY execution_id",
    )
    assert log == [
        ("odds_api", "succeeded", 15, 13, 2, "odds.jsonl", True),
        ("odds_api", "succeeded", 15, 0, 2, "odds.jsonl", True),
        ("odds_api", "succeeded", 1889, 1889, 0, ODDS.name, True),
    ]


def test_the_command_strictly(head: Engine, lines: Path) -> None:
    status, out, error = run("--strict", ODDS, lines)
    assert status == 1
    assert out == ""
    assert MALFORMED[0] in error
    assert count(head, "raw_data.odds_api_odds") == 0
    log = "SELECT status, details -> 'files' FROM operational.pipeline_execution_log"
    assert rows(head, log) == [("failed", [ODDS.name, lines.name])]
    lines.write_text("\n".join(lines.read_text().splitlines()[:2]))
    status, out, _ = run("--strict", ODDS, lines)
    assert (status, count(head, "raw_data.odds_api_odds")) == (0, 1893)
    assert "2 files: 1,893 records read: 1,893 loaded" in out


def test_nothing_but_malformed_records_is_a_failure(head: Engine, tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text('{"id": "e", "commence_time": 1, "sport_key": 2')
    status, out, error = run(path)
    assert (status, out) == (
        1,
        "f.json (odds_api): 1 records read: 0 loaded, 0 already there, 1 malformed\n",
    )
    assert error.startswith("f.json:1: not JSON: ")
    assert count(head, "staging.rejected_records") == 1


def test_a_wrong_file_is_named_before_anything_is_loaded(head: Engine, tmp_path: Path) -> None:
    past = tmp_path / "past.csv"
    past.write_text("Date,Home\n2019-04-01,BOS\n")
    mapped = ("--map", "game_date=Date,home_team=Home,away_team=Away,sportsbook:=x")
    assert run(*mapped, past)[2] == "past.csv has no column Away; it has Date, Home"
    status, _, error = run(ODDS, past)
    assert status == 1
    assert "past.csv is of no source that is known by its content" in error
    assert count(head, "raw_data.odds_api_odds") == 0


def test_a_folder_and_a_file_that_breaks_off_at_once(head: Engine, tmp_path: Path) -> None:
    assert (
        run(tmp_path)[2] == f"{tmp_path} is a directory; name the files in it, as in {tmp_path}/*"
    )
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(ODDS.read_bytes()[:30])
    assert "cut.json.gz: the gzip data break off here" in run(cut)[2]
    assert count(head, "operational.pipeline_execution_log") == 0


def test_past_lines(head: Engine, tmp_path: Path) -> None:
    past = tmp_path / "past.csv"
    past.write_text("Date,Home,Away,ML\n2019-04-01,BOS,NYY,-120\n")
    words = ("--map", "game_date=Date,home_team=Home,away_team=Away,moneyline_home=ML")
    status, out, _ = run(*words, "--map", "sportsbook:=x", "--name", "mine", past)
    assert (status, out.startswith("past.csv (line_history): 1 records read: 1 loaded")) == (0, 1)
    query = "SELECT external_game_id, sportsbook_key, market_type, source FROM raw_data."
    assert rows(head, f"{query}line_history") == [("2019-04-01:NYY@BOS:1", "x", "all", "mine")]
