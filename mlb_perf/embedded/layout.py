"""The files and directories of one embedded server."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import platformdirs

from mlb_perf.embedded.account import Account
from mlb_perf.errors import ConfigurationError, EmbeddedServerError

HOME_VARIABLE = "MLB_PERF_HOME"
SOCKET_PORT = 5432
_SOCKET_NAME = f".s.PGSQL.{SOCKET_PORT}"

# The kernel's limit is 104 bytes with the final NUL on macOS and 108 on Linux.
_LONGEST_SOCKET_PATH = 100
# pg_ctl hands the data directory to a shell between double quotes; its pid file has one per line.
_UNUSABLE_IN_PATH = frozenset('"$`\\\n\r')


class Layout:
    """The paths in one home.

    Raises :class:`ConfigurationError` for a home whose name PostgreSQL's programs do not accept.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = (home or default_home()).expanduser().resolve()
        unusable = sorted(_UNUSABLE_IN_PATH.intersection(str(self.home)))
        if unusable:
            raise ConfigurationError(
                f"{HOME_VARIABLE} is {str(self.home)!r}, and pg_ctl does not accept a path with "
                f"{' '.join(map(repr, unusable))}; set it to a directory with another name"
            )
        self.data = self.home / "data"
        self.new_data = self.home / "data.new"
        self.run = self.home / "run"
        self.log = self.home / "server.log"
        self.lock = self.home / "lock"
        self.user_conf = self.home / "user.conf"

    @property
    def made_by(self) -> int | None:
        """The major version that created the data; None if there are none.

        Raises :class:`EmbeddedServerError` if PG_VERSION is damaged, OSError.
        """
        marker = self.data / "PG_VERSION"
        if not marker.exists():
            return None
        version = marker.read_text(errors="replace").strip()
        if not version.isdecimal():
            raise EmbeddedServerError(
                f"{marker} holds {version!r} instead of PostgreSQL's major version; restore "
                f"the data from a backup, or set {HOME_VARIABLE} to another directory"
            )
        return int(version)

    def socket_directory(self) -> Path:
        """``run``, or a short directory elsewhere if its path is too long for a socket.

        Also if it contains a comma, which libpq reads as the end of a host name.
        """
        length = len(os.fsencode(self.run / _SOCKET_NAME))
        if length <= _LONGEST_SOCKET_PATH and "," not in str(self.run):
            return self.run
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return _short_base() / f"mlb_perf-{os.geteuid()}-{digest}"


def default_home() -> Path:
    """``MLB_PERF_HOME``, else the platform's folder for a user's data."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("mlb_perf", appauthor=False)


def _short_base() -> Path:
    """XDG_RUNTIME_DIR, else the temporary directory.

    Not root's: its server runs as another account.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = runtime.startswith("/") and "," not in runtime and len(os.fsencode(runtime)) < 50
    if os.geteuid() != 0 and usable and os.access(runtime, os.W_OK | os.X_OK):
        return Path(runtime)
    temporary = Path(tempfile.gettempdir())
    if "," in str(temporary) or len(os.fsencode(temporary)) >= 50:
        return Path("/tmp")  # noqa: S108  the directory made in it is checked
    return temporary


def prepare_home(layout: Layout) -> None:
    """Create the home, readable by the user only, or check that nobody else may write it.

    The server runs commands that its settings name, so ``user.conf`` is checked, too. Raises
    :class:`EmbeddedServerError`, also if there is a file of that name; OSError.
    """
    if not layout.home.is_dir():
        if layout.home.exists():
            raise EmbeddedServerError(
                f"{layout.home} is not a directory; remove it, or set {HOME_VARIABLE} to another"
            )
        layout.home.parent.mkdir(parents=True, exist_ok=True)
        layout.home.mkdir(mode=0o700, exist_ok=True)
    trusted = {os.geteuid(), *_owners_of_data(layout)}
    _require_own(layout.home, trusted, "go-w")
    if layout.user_conf.exists():
        _require_own(layout.user_conf, trusted, "o-w")


def _owners_of_data(layout: Layout) -> list[int]:
    """For root, whose server runs as the owner of the data."""
    return [layout.data.stat().st_uid] if os.geteuid() == 0 and layout.data.exists() else []


def _require_own(path: Path, trusted: set[int], mode: str) -> None:
    found = path.stat()
    if found.st_uid not in trusted:
        raise EmbeddedServerError(
            f"{path} belongs to another user (uid {found.st_uid}), whose settings the server would "
            f"run; set {HOME_VARIABLE} to a directory of your own"
        )
    if found.st_mode & (stat.S_IWOTH if mode == "o-w" else stat.S_IWOTH | stat.S_IWGRP):
        raise EmbeddedServerError(
            f"others may write {path}, and the server would run their settings; type chmod {mode} "
            f"{path}, and read it before you start the server"
        )


def prepare_socket_directory(directory: Path, layout: Layout, account: Account) -> None:
    """Create the socket's directory, or check that the account owns it and others cannot enter.

    In a directory that everyone can write to, another user may have created it first. Raises
    :class:`EmbeddedServerError` then, OSError.
    """
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise EmbeddedServerError(
            f"{directory}, for the server's socket, is not a directory of this user; "
            f"remove it, or set {HOME_VARIABLE} to a shorter path"
        )
    if directory == layout.run:
        directory.chmod(0o700)
    elif stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedServerError(
            f"others can enter {directory}, the directory for the server's socket; remove it, or "
            f"type chmod 700 {directory}"
        )
    account.own(directory)
