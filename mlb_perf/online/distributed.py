"""Whether Citus has a table: what it then refuses is refused here, with the way out."""

from __future__ import annotations

from sqlalchemy import Connection, text

from mlb_perf.errors import MigrationFailed
from mlb_perf.formatting import plural

# A server without the extension answers this too.
_HAS_CITUS = text("SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL")
_DISTRIBUTED = text(
    "SELECT DISTINCT w.name FROM unnest(CAST(:tables AS text[])) AS w (name)"
    " JOIN pg_catalog.pg_dist_partition AS p ON p.logicalrelid = to_regclass(w.name) ORDER BY 1"
)


def has_citus(connection: Connection) -> bool:
    """Whether the database has the extension."""
    return bool(connection.execute(_HAS_CITUS).scalar_one())


def distributed(connection: Connection, tables: list[str]) -> list[str]:
    """Those of the tables, by their names in SQL, that are distributed or reference tables."""
    if not tables or not has_citus(connection):
        return []
    return list(connection.execute(_DISTRIBUTED, {"tables": tables}).scalars())


def refuse_distributed(connection: Connection, tables: list[str], doing: str) -> None:
    """Raise :class:`~mlb_perf.errors.MigrationFailed` if Citus has one of the tables."""
    if found := distributed(connection, tables):
        others = f" and {plural(len(found) - 1, 'other table')}" if len(found) > 1 else ""
        raise MigrationFailed(
            f"Citus distributes {found[0]}{others}, and cannot take {doing}; nothing was changed. "
            "Bring the tables back to one server with mlb-perf citus undistribute, and run again"
        )
