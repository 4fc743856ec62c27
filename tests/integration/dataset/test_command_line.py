"""``mlb-perf generate`` as a user runs it."""

from __future__ import annotations

import subprocess

from sqlalchemy import Engine

from tests.support.processes import complete, mlb_perf
from tests.support.sql import rows


def generate(*words: str) -> subprocess.CompletedProcess[str]:
    return complete(mlb_perf("generate", *words), new_interpreter=True)


def test_it_says_what_it_wrote_and_refuses_a_second_time(head: Engine) -> None:
    done = generate("--scale", "0.0009", "--seed", "5", "--workers", "1")
    assert (done.returncode, done.stderr.strip()) == (0, "")
    counted = "SELECT rows_read FROM operational.pipeline_execution_log WHERE source = 'dataset'"
    [(raw_rows,)] = rows(head, counted)
    assert done.stdout.startswith(f"2 games with {raw_rows:,} raw rows in ")

    again = generate("--scale", "0.0009", "--seed", "5")
    assert again.returncode == 1
    assert "holds a data set already (scale 0.0009, seed 5" in again.stderr


def test_a_date_that_is_none_is_named(head: Engine) -> None:
    done = generate("--until", "2026-02-30")
    assert done.returncode == 2
    assert "--until 2026-02-30 is not a date" in done.stderr
    assert rows(head, "SELECT count(*) FROM operational.pipeline_execution_log") == [(0,)]
