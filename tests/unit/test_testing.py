"""What a killed run of the tests left is removed once, however many processes begin."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mlb_perf.testing import remove_homes_of_dead_processes

PREFIX = "of_a_test_"


def test_homes_of_dead_processes_are_removed_by_several_at_once(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for number in range(3):
        home = tmp_path / f"{PREFIX}{dead.pid}_{number}"
        home.mkdir(mode=0o700)
        for file in range(300):
            (home / f"{file}").touch()
    living = tmp_path / f"{PREFIX}{os.getpid()}_0"
    living.mkdir()
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(remove_homes_of_dead_processes, tmp_path, PREFIX) for _ in range(4)]
    assert [each.exception() for each in done] == [None] * 4
    assert list(tmp_path.iterdir()) == [living]
