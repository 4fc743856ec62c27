"""What is made inside a server that runs: the database, the extension, the password."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions

from mlb_perf.embedded.account import Account
from mlb_perf.embedded.cluster import ROLE
from mlb_perf.embedded.files import write_private
from mlb_perf.embedded.layout import SOCKET_PORT
from mlb_perf.errors import EmbeddedServerError

DATABASE = "mlb_perf"
EXTENSION = "pg_stat_statements"


@contextmanager
def session(socket_directory: Path, database: str = DATABASE) -> Iterator[Any]:
    """A cursor over the socket, each statement committed at once.

    Raises :class:`EmbeddedServerError` with the server's words for any error of psycopg2's.
    """
    try:
        connection = psycopg2.connect(
            host=str(socket_directory), port=SOCKET_PORT, user=ROLE, dbname=database,
            # Named, so that PGOPTIONS and PGAPPNAME of the caller do not apply.
            options="-c lock_timeout=60s", application_name="mlb-perf db", connect_timeout=60,
        )  # fmt: skip
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()
    except psycopg2.Error as error:
        said = " ".join(str(error).split())
        raise EmbeddedServerError(
            f"the embedded server in {socket_directory} answered: {said}; look into its log, "
            f"which mlb-perf db status names"
        ) from error


def make_database(socket_directory: Path) -> None:
    """Make the database and its pg_stat_statements where they are absent.

    Raises :class:`EmbeddedServerError`.
    """
    with session(socket_directory, "postgres") as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.rowcount == 0:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        cursor.execute("SELECT current_setting('shared_preload_libraries')")
        preloaded = EXTENSION in cursor.fetchone()[0]
    if preloaded:
        with session(socket_directory) as cursor:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}")


def set_password(socket_directory: Path, file: Path, account: Account) -> None:
    """Give the role the password in the file, which is made if absent.

    The server is told a verifier, so the password itself is in no log. Raises
    :class:`EmbeddedServerError`, OSError.
    """
    if not file.exists():
        write_private(file, secrets.token_urlsafe(24) + "\n", account)
    password = file.read_text().strip()
    with session(socket_directory, "postgres") as cursor:
        verifier = psycopg2.extensions.encrypt_password(
            password, ROLE, scope=cursor.connection, algorithm="scram-sha-256"
        )
        cursor.execute(f"ALTER ROLE {ROLE} PASSWORD %s", [verifier])


def version_and_statistics(socket_directory: Path) -> tuple[str, bool]:
    """The server's version, and whether pg_stat_statements is preloaded.

    Raises :class:`EmbeddedServerError`.
    """
    with session(socket_directory, "postgres") as cursor:
        cursor.execute(
            "SELECT split_part(current_setting('server_version'), ' ', 1),"
            " current_setting('shared_preload_libraries')"
        )
        version, preloaded = cursor.fetchone()
    return version, EXTENSION in preloaded
