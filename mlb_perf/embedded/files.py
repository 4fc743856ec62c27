"""Small files that are either the old ones or the new ones, never half of one."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from mlb_perf.embedded.account import Account
from mlb_perf.errors import EmbeddedServerError


def write_private(path: Path, text: str, account: Account) -> None:
    """Replace a file with one that only its owner can read, on disk when this returns.

    Made under a random name first: root writes into directories that belong to the server's
    account, where a fixed name could be a symbolic link to a file of root's. Raises OSError.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.fsencode(text))  # paths in it keep their bytes, whatever the locale
            file.flush()
            os.fsync(file.fileno())
        account.own(Path(name))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sync_directory(directory: Path) -> None:
    """Put the names of a directory's files on disk, so that a rename outlives a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class State:
    """What a later start needs to know of the last one.

    ``tcp``: whether it was asked to listen on 127.0.0.1, and not stopped since. ``tcp_port``
    is kept after that, so that the port stays the same.
    """

    socket_directory: str | None = None
    tcp_port: int | None = None
    tcp: bool = False


def read_state(path: Path) -> State:
    """The state of the last start; the default one if there is none.

    Raises :class:`EmbeddedServerError` if somebody has written something else there, OSError.
    """
    try:
        return State(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return State()
    except (ValueError, TypeError) as error:
        raise EmbeddedServerError(f"{path} is damaged ({error}); remove it") from error


def write_state(path: Path, state: State, account: Account) -> None:
    """Keep the state. Raises OSError."""
    write_private(path, json.dumps(asdict(state)) + "\n", account)
