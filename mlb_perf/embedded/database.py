"""The database inside the running server: its owner, its extension, and rights of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from mlb_perf.embedded.cluster import ROLE, SUPERUSER
from mlb_perf.embedded.layout import SOCKET_PORT
from mlb_perf.errors import EmbeddedServerError

DATABASE = "mlb_perf"
EXTENSION = "pg_stat_statements"

# The benchmark makes databases and checkpoints; status reads what pg_monitor may. No rights in the
# databases, such as EXECUTE on functions of extensions: dumps would take them to other servers.
MAKE_ROLE = "CREATE ROLE {role} LOGIN CREATEDB IN ROLE pg_monitor, pg_checkpoint"


@contextmanager
def session(
    socket_directory: Path, database: str = DATABASE, user: str = SUPERUSER
) -> Iterator[Any]:
    """A cursor over the socket, each statement committed at once.

    Raises :class:`EmbeddedServerError` with the server's message for any error of psycopg2.
    """
    try:
        connection = psycopg2.connect(
            host=str(socket_directory), port=SOCKET_PORT, user=user, dbname=database,
            # Given here, so that the caller's PGOPTIONS and PGAPPNAME do not apply.
            options="-c lock_timeout=60s -c search_path=pg_catalog,pg_temp",
            application_name="mlb-perf db", connect_timeout=60,
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
            f"the embedded server in {socket_directory} answered: {said}; mlb-perf db status names "
            f"its log file"
        ) from error


def make_database(socket_directory: Path) -> None:
    """Create the role, its database and its pg_stat_statements if they are absent.

    Raises :class:`EmbeddedServerError`.
    """
    with session(socket_directory, "postgres") as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s),"
            " EXISTS (SELECT FROM pg_database WHERE datname = %s),"
            " current_setting('shared_preload_libraries')",
            [ROLE, DATABASE],
        )
        has_role, has_database, preloaded = cursor.fetchone()
        if not has_role:
            cursor.execute(MAKE_ROLE.format(role=ROLE))
        if not has_database:
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    if EXTENSION in preloaded:
        with session(socket_directory) as cursor:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {EXTENSION} SCHEMA public")


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
