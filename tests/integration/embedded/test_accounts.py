"""As a normal user, and on a full disk."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.engine import libpq_url
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
        with pytest.raises(EmbeddedServerError, match=r"Permission denied|belongs to another user"):
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


MADE_AT_ONCE = """
mount --bind "$1" /etc || exit 77
for round in 1 2; do
    sed -i '/^mlb_perf:/d' /etc/passwd /etc/group /etc/shadow /etc/gshadow
    for process in 1 2; do "$2" -c "$3" & done
    wait
    id --user mlb_perf
done
"""
ONE_OF_THEM = """
from pathlib import Path
from mlb_perf.embedded.account import account_for
print(f"{account_for(Path('/nonexistent/data')).uid} ", end="")
"""


@pytest.mark.skipif(not AS_ROOT, reason="only root makes the system user")
def test_processes_that_make_the_system_user_at_once_agree(base: Path) -> None:
    """In a mount namespace with an /etc of its own: the machine's users stay as they are.

    The user is taken out by hand: userdel refuses while another server runs as it.
    """
    users = base / "etc"
    shutil.copytree("/etc", users, symlinks=True)
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", MADE_AT_ONCE, "sh", users, sys.executable, ONE_OF_THEM],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("mounting is not permitted here")
    told = done.stdout.split()
    assert len(told) == 2 * 3, done.stderr
    rounds = [set(told[i : i + 3]) for i in range(0, 6, 3)]
    assert [uids for uids in rounds if len(uids) > 1] == []
