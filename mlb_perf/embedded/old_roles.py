"""A cluster of an older version, whose one role owns everything and is a superuser.

That role cannot lose the right, because initdb made it. So it is renamed, after a role without the
right has become the owner of the databases and of the objects in them, and that one gets its name.
Each step can run twice: after a crash the next start begins with the first one again.
"""

from __future__ import annotations

import logging
from pathlib import Path

from mlb_perf import sql
from mlb_perf.embedded.cluster import ROLE, SUPERUSER
from mlb_perf.embedded.database import MAKE_ROLE, session

log = logging.getLogger(__name__)

_NEXT = "mlb_perf_next"
_RENAMER = "mlb_perf_renamer"  # a session cannot rename its own role


def is_old(socket_directory: Path) -> bool:
    """Whether the superuser is absent. Raises :class:`EmbeddedServerError`."""
    with session(socket_directory, "postgres", ROLE) as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [SUPERUSER])
        return bool(cursor.rowcount == 0)


def divide(socket_directory: Path) -> None:
    """Make two roles of the one. Raises :class:`EmbeddedServerError`."""
    with session(socket_directory, "postgres", ROLE) as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        present = {name for (name,) in cursor.fetchall()}
        if _NEXT not in present:
            cursor.execute(MAKE_ROLE.format(role=_NEXT))
        if _RENAMER not in present:
            cursor.execute(f"CREATE ROLE {_RENAMER} LOGIN SUPERUSER")
        cursor.execute("SELECT datname FROM pg_database WHERE datallowconn")
        databases = [name for (name,) in cursor.fetchall()]
    for database in databases:
        _give(socket_directory, database)
    with session(socket_directory, "postgres", _RENAMER) as cursor:
        cursor.execute(
            f"ALTER ROLE {ROLE} RENAME TO {SUPERUSER}; ALTER ROLE {_NEXT} RENAME TO {ROLE}"
        )
    with session(socket_directory, "postgres") as cursor:
        cursor.execute(f"DROP ROLE {_RENAMER}")
    log.info("%s owns its databases, and is not a superuser any more: that is %s", ROLE, SUPERUSER)


def _give(socket_directory: Path, database: str) -> None:
    """Give the database to the new role, with the objects in it."""
    with session(socket_directory, database, ROLE) as cursor:
        cursor.execute(sql.read("embedded/owned.sql"))
        statements = [f"{alter} OWNER TO {_NEXT}" for (alter,) in cursor]
        # One transaction: the statements are one string.
        cursor.execute("; ".join(statements) or "SELECT 1")
