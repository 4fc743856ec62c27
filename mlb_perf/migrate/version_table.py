"""Where the revision is kept, and whose table that is."""

from __future__ import annotations

from alembic.config import Config
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import NameConflict
from mlb_perf.names import qualified


def options(config: Config) -> dict[str, str]:
    """The table's place, as options of Alembic's context."""
    return {
        "version_table": config.get_main_option("version_table", "alembic_version"),
        "version_table_schema": config.get_main_option("version_table_schema", "public"),
    }


def name(config: Config) -> str:
    """The table as SQL writes it."""
    given = options(config)
    return qualified(given["version_table_schema"], given["version_table"])


def require_trusted(connection: Connection, config: Config) -> None:
    """Refuse a version table that another role owns: its triggers would run with our rights.

    Trusted are this role, superusers, and the owners of the database and of the package's schemas.
    Raises :class:`~mlb_perf.errors.NameConflict`.
    """
    begun = connection.in_transaction()
    query = text(sql.read("catalog/version_table.sql"))
    owner = connection.execute(query, options(config)).scalar()
    if not begun:
        connection.rollback()
    if owner is None:
        return
    table = name(config)
    raise NameConflict(
        f"{table} belongs to {owner}, and a trigger of it would run with the rights of this "
        "session; nothing was changed. If another application keeps its revision there, set "
        "version_table in alembic.ini to another name; otherwise read the table and drop it, or "
        f"take it over: ALTER TABLE {table} OWNER TO CURRENT_USER"
    )
