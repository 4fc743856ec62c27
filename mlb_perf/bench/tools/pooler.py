"""PgBouncer in transaction mode for the length of a block, where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from sqlalchemy import URL

from mlb_perf.embedded.account import Account, account_for
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.system import child_environment, processors

PORT = 6432
_USUAL = "/usr/sbin/pgbouncer"
_START_SECONDS = 10.0
_CLIENTS = 5_000
_PREPARES_FROM = (1, 21)
_PREPARED = 200

_CONFIGURATION = """\
[databases]
{name} = {server}

[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
unix_socket_mode = 0700
auth_type = any
admin_users = {user}
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = {clients}
ignore_startup_parameters = extra_float_digits,options
server_login_retry = 1
{prepared}
logfile = {folder}/log
pidfile = {folder}/pid
"""


def program() -> Path | None:
    """Where PgBouncer is; None if it is not installed."""
    found = shutil.which("pgbouncer") or (_USUAL if os.access(_USUAL, os.X_OK) else None)
    return Path(found) if found else None


def version() -> tuple[int, ...]:
    """Of PgBouncer, as in ``(1, 18, 0)``."""
    said = subprocess.run(
        [str(program()), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said.splitlines()[0]))


def can_prepare() -> bool:
    """Whether it keeps the clients' prepared statements in transaction mode."""
    return version() >= _PREPARES_FROM


def server_connections() -> int:
    """Connections that the pool keeps to the server.

    Eight a processor: at four and at sixteen the best throughput of lookups was 4 to 9% less,
    on 2 processors at scale 1.
    """
    return 8 * processors()


@contextmanager
def pooled(url: URL) -> Iterator[URL]:
    """The URL of the same database through a pooler that is started here and ended with the block.

    It listens on a socket in a folder that only its own account can enter. Raises
    :class:`~mlb_perf.errors.BenchmarkFailed` if it does not start.
    """
    executable = program()
    if executable is None:
        raise BenchmarkFailed("PgBouncer is not installed; type apt-get install pgbouncer")
    account = account_for(Path("/nonexistent"))
    folder = Path(tempfile.mkdtemp(prefix="mlb_perf_pool_"))
    try:
        _configure(folder, url, account)
        with _running(executable, folder, account) as process:
            through = URL.create(
                url.drivername, url.username or "postgres", database=url.database,
                query={"host": str(folder), "port": str(PORT)},
            )  # fmt: skip
            _wait(through, process, folder)
            yield through
    finally:
        shutil.rmtree(folder)


def clients(through: URL) -> int:
    """How many clients the pooler serves now, by its own count; its console's is not one."""
    connection = psycopg2.connect(_dsn(through.set(database="pgbouncer")))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SHOW CLIENTS")
            place = [column.name for column in cursor.description].index("database")
            return sum(row[place] == through.database for row in cursor.fetchall())
    finally:
        connection.close()


def _configure(folder: Path, url: URL, account: Account) -> None:
    host = url.host or url.query.get("host") or "localhost"
    words = {
        "host": host, "port": url.port or url.query.get("port") or 5432,
        "dbname": url.database, "user": url.username, "password": url.password,
    }  # fmt: skip
    server = " ".join(f"{key}={_quoted(str(value))}" for key, value in words.items() if value)
    path = folder / "pgbouncer.ini"
    path.touch(mode=0o600)
    path.write_text(
        _CONFIGURATION.format(
            name=url.database, server=server, port=PORT, folder=folder, clients=_CLIENTS,
            user=url.username or "postgres", pool=server_connections(),
            prepared=f"max_prepared_statements = {_PREPARED}" if can_prepare() else "",
        )
    )  # fmt: skip
    account.own(path)
    account.own(folder)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def _running(executable: Path, folder: Path, account: Account) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [str(executable), "-q", str(folder / "pgbouncer.ini")],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=child_environment(switched=account.switched), cwd=folder, text=True,
        start_new_session=True,
        user=account.uid if account.switched else None,
        group=account.gid if account.switched else None,
        extra_groups=[] if account.switched else None,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait(through: URL, process: subprocess.Popen[str], folder: Path) -> None:
    """Until a statement goes through to the server."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg2.connect(_dsn(through)).close()
        except psycopg2.OperationalError as error:
            if process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            log = folder / "log"
            said = log.read_text()[-500:] if log.exists() else str(error)
            raise BenchmarkFailed(
                f"PgBouncer does not start: {' '.join(said.split())}; fix that, or leave out "
                "the pooler with --no-pooler"
            ) from error
        return


def _dsn(url: URL) -> str:
    return f"host={url.query['host']} port={PORT} user={url.username} dbname={url.database}"
