"""As a normal user, and on a full disk."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import psycopg2
import pytest

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.embedded.libpq import libpq_url
from mlb_perf.errors import EmbeddedServerError
from tests.integration.embedded.support import (
    AS_ROOT,
    another_user,
    ask,
)


@pytest.mark.skipif(not AS_ROOT, reason="only root can be another user")
def test_as_a_normal_user_and_closed_to_others(base: Path, request: pytest.FixtureRequest) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    home = base / "nobody" / "home"
    home.parent.mkdir()
    os.chown(home.parent, nobody, nobody)
    base.chmod(0o711)
    server = EmbeddedServer(home)
    request.addfinalizer(server.stop)
    with another_user(nobody):
        assert server.start().created
        assert ask(server.url(), "SELECT 1") == 1
        assert server.status().running
    address = libpq_url(server.url())
    with another_user(nobody - 1):
        with pytest.raises(psycopg2.OperationalError, match="Permission denied"):
            psycopg2.connect(address)
        with pytest.raises(EmbeddedServerError, match="Permission denied"):
            server.start()
    assert server.start().started is False  # root finds it, and runs it as its owner
    assert server.stop()
    assert server.start().started
    assert home.joinpath("data").stat().st_uid == home.joinpath("lock").stat().st_uid == nobody
    with another_user(nobody):
        assert server.stop()


@pytest.mark.skipif(not AS_ROOT, reason="only root can mount")
def test_a_full_disk_leaves_nothing_half_made(base: Path) -> None:
    disk = base / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not permitted here")
    try:
        with pytest.raises(EmbeddedServerError, match="No space left on device"):
            EmbeddedServer(disk / "home").start()
        assert not {"data", "data.new"}.intersection(p.name for p in (disk / "home").iterdir())
    finally:
        subprocess.run(["umount", str(disk)], check=True)
