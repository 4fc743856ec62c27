"""The account the server runs as: the user's own, or a system user when the user is root."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mlb_perf.embedded.lock import locked_directory
from mlb_perf.errors import EmbeddedServerError
from mlb_perf.system import child_environment

log = logging.getLogger(__name__)

SYSTEM_USER = "mlb_perf"
_WAY_OUT = "run as a normal user, or set MLB_PERF_DATABASE_URL to a database elsewhere"


@dataclass(frozen=True)
class Account:
    """Who owns the data and runs the server; ``switched`` when that is not this process."""

    uid: int
    gid: int
    switched: bool

    def own(self, path: Path) -> None:
        """Give a file or directory to the account; a symbolic link itself, not what it names."""
        if self.switched:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def may(self, found: os.stat_result, right: int) -> bool:
        """Whether the mode bits give the account ``right`` (4 read, 2 write, 1 execute)."""
        if found.st_uid == self.uid:
            return bool(found.st_mode >> 6 & right)
        if found.st_gid == self.gid:
            return bool(found.st_mode >> 3 & right)
        return bool(found.st_mode & right)


def account_for(data: Path) -> Account:
    """The account to run as: this process's, or, for root, the data's owner or the system user.

    PostgreSQL refuses to run as root. Raises :class:`EmbeddedServerError` if the system user
    cannot be made, OSError.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    if data.exists() and (found := data.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid, switched=True)
    return _system_account() or _make_system_account()


def _system_account() -> Account | None:
    import pwd  # not on Windows

    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid, switched=True)


def _make_system_account() -> Account:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is None:
        raise EmbeddedServerError(
            f"PostgreSQL refuses to run as root, and there is no useradd to make the system user "
            f"{SYSTEM_USER} with; {_WAY_OUT}"
        )
    # Two useradd of one name at once both succeed: the later has read the old file, and replaces
    # the other's line by its own, with another uid, under a server that runs as the first.
    with locked_directory(Path("/etc"), f"makes the system user {SYSTEM_USER}"):
        return _system_account() or _add_system_account(useradd)


def _add_system_account(useradd: str) -> Account:
    for _ in range(20):  # another program may hold the lock of /etc/passwd
        done = subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", shutil.which("nologin", path="/usr/sbin:/sbin") or "/bin/false",
             SYSTEM_USER],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            env=child_environment(),
        )  # fmt: skip
        account = _system_account()
        if account is not None:
            log.info("made the system user %s to run PostgreSQL as", SYSTEM_USER)
            return account
        if "lock" not in done.stderr:
            break
        time.sleep(0.1)
    raise EmbeddedServerError(
        f"PostgreSQL refuses to run as root, and {useradd} could not make the system user "
        f"{SYSTEM_USER}: {done.stderr.strip()}; {_WAY_OUT}"
    )


def let_search(account: Account, *paths: Path) -> None:
    """Let the account reach each path: add o+x, and no more, to directories it cannot search.

    Search is not read: others still cannot list the directory. Does nothing unless the account
    is another than this process's. Raises OSError.
    """
    if not account.switched:
        return
    for directory in _directories_to(paths):
        found = directory.stat()
        if not account.may(found, 1):
            directory.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
            log.info("chmod o+x %s, so that %s can reach its files", directory, SYSTEM_USER)


def let_read(account: Account, *trees: Path) -> None:
    """Let the account read whole trees of programs and libraries; only what lacks it is changed.

    For the files of a wheel, whose modes come from the umask of whoever installed it. Directories
    become readable too: the server lists its extensions and time zones. Raises OSError.
    """
    if not account.switched:
        return
    changed = sum(_let_read_one(account, path) for tree in trees for path in _walk(tree))
    if changed:
        log.info("made %d files of %s readable to %s", changed, trees[0].parent, SYSTEM_USER)


def _let_read_one(account: Account, path: Path) -> bool:
    if path.is_symlink():
        return False
    found = path.stat()
    runs = bool(found.st_mode & 0o100)
    wanted = 0o5 if runs else 0o4
    if account.may(found, 4) and (not runs or account.may(found, 1)):
        return False
    path.chmod(stat.S_IMODE(found.st_mode) | wanted)
    return True


def _walk(tree: Path) -> Iterator[Path]:
    if tree.is_dir():
        yield tree
        yield from tree.rglob("*")


def _directories_to(paths: Iterable[Path]) -> Iterator[Path]:
    """Each directory on the way to the paths, the root first, the paths themselves included."""
    every = {d for p in paths for q in (p.absolute(), p.resolve()) for d in (q, *q.parents)}
    return (d for d in sorted(every, key=lambda d: len(d.parts)) if d.is_dir())
