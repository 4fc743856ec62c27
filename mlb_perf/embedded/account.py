"""The account that runs the server: the user's own, or a system user if the user is root."""

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

from mlb_perf.errors import EmbeddedServerError
from mlb_perf.system import child_environment, locked_directory

log = logging.getLogger(__name__)

SYSTEM_USER = "mlb_perf"
_WAY_OUT = "run as a normal user, or set MLB_PERF_DATABASE_URL to another database"


@dataclass(frozen=True)
class Account:
    """The owner of the data and of the server's process; ``switched`` if not this process's."""

    uid: int
    gid: int
    switched: bool

    def own(self, path: Path) -> None:
        """Give a file or directory to the account; a symbolic link itself, not its target."""
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
    """The account to run as: this process's; for root, the owner of the data or the system user.

    PostgreSQL refuses to run as root. Raises :class:`EmbeddedServerError` if the system user
    cannot be created, OSError.
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
            f"PostgreSQL refuses to run as root, and useradd, which would create the system user "
            f"{SYSTEM_USER}, is not installed; {_WAY_OUT}"
        )
    # Two concurrent useradd of one name both succeed: the later one has read the old file, and
    # replaces the first one's line, with another uid, under a server that runs as the first.
    with locked_directory(Path("/etc"), f"creates the system user {SYSTEM_USER}"):
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
            log.info("created the system user %s, which runs PostgreSQL", SYSTEM_USER)
            return account
        if "lock" not in done.stderr:
            break
        time.sleep(0.1)
    raise EmbeddedServerError(
        f"PostgreSQL refuses to run as root, and {useradd} could not create the system user "
        f"{SYSTEM_USER}: {done.stderr.strip()}; {_WAY_OUT}"
    )


def let_search(account: Account, *paths: Path) -> None:
    """Let the account reach each path: add o+x, and no more, to directories it cannot enter.

    Others still cannot list the directory. Does nothing for this process's own account.
    Raises OSError.
    """
    if not account.switched:
        return
    for directory in _directories_to(paths):
        found = directory.stat()
        if not account.may(found, 1):
            directory.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
            log.info("chmod o+x %s, so that %s can reach its files", directory, SYSTEM_USER)


def let_read(account: Account, *trees: Path) -> None:
    """Let the account read whole trees of programs and libraries; change only files that need it.

    The modes of a wheel's files come from the umask of the installation. Directories become
    readable too: the server lists its extensions and time zones. Raises OSError.
    """
    if not account.switched:
        return
    changed = sum(_let_read_one(account, path) for tree in trees for path in _walk(tree))
    if changed:
        log.info("made %d files in %s readable for %s", changed, trees[0].parent, SYSTEM_USER)


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
    """Each directory on the way to the paths, from the root to the paths themselves."""
    every = {d for p in paths for q in (p.absolute(), p.resolve()) for d in (q, *q.parents)}
    return (d for d in sorted(every, key=lambda d: len(d.parts)) if d.is_dir())
