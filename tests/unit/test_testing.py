"""What a killed run of the tests left is removed once, however many processes begin."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlb_perf.system import locked_directory
from mlb_perf.testing import remove_homes_of_dead_processes

PREFIX = "of_a_test_"


def test_what_leads_elsewhere_is_left_alone(tmp_path: Path) -> None:
    """In /tmp another user can make a name that leads to a server of ours."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    real = tmp_path / "real"
    (real / "data").mkdir(parents=True)
    with subprocess.Popen(["sleep", "60"]) as server:
        (real / "data" / "postmaster.pid").write_text(f"{server.pid}\n{real}/data\n1\n")
        link = tmp_path / f"{PREFIX}{dead.pid}_0"
        link.symlink_to(real)
        homes = [link]
        if os.geteuid() == 0:
            homes.append(tmp_path / f"{PREFIX}{dead.pid}_1")
            homes[1].mkdir()
            os.chown(homes[1], 65534, 65534)
        remove_homes_of_dead_processes(tmp_path, PREFIX)
        assert server.poll() is None
        server.kill()
    assert [home for home in homes if not home.exists()] == []


def test_a_folder_that_another_process_keeps_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can read a directory can lock it: the wait ends, and says so."""
    monkeypatch.setattr("mlb_perf.system.DIRECTORY_SECONDS", 0.2)
    with locked_directory(tmp_path, "is a stranger"):
        began = time.monotonic()
        with pytest.raises(TimeoutError, match=r"has locked it for 0\.2 s"), \
                locked_directory(tmp_path, "waits"):  # fmt: skip
            pass
        remove_homes_of_dead_processes(tmp_path, PREFIX)
        assert time.monotonic() - began < 10


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
