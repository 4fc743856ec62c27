"""The objects of a database as plain text, so that two databases can be compared.

The definitions are PostgreSQL's own (``pg_get_indexdef`` and its like), because
reflection leaves out predicates, methods, storage and privileges.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.engine import plain_search_path

Catalog = dict[str, str]
"""``{"index curated.ix_teams_home_venue_id": "CREATE INDEX ...", ...}``"""


def read_catalog(connection: Connection, schemas: Iterable[str] | None = None) -> Catalog:
    """The objects of ``schemas``, or of all that are not the system's, with definitions.

    Kinds: schema, table, columns (their order), column, constraint, index,
    sequence, view, function, trigger, type, statistics; members of extensions
    are left out. Takes no lock that blocks anyone. Names of schemas other than public
    are written out, whatever the session's search_path is.
    """
    with plain_search_path(connection):
        rows = connection.execute(
            text(sql.read("catalog/objects.sql")),
            {"schemas": sorted(schemas) if schemas is not None else None},
        ).all()
    return {f"{row.kind} {row.name}": row.definition for row in rows}


def differences(have: Catalog, want: Catalog) -> list[str]:
    """One line for each object that is missing, differs, or is not wanted; empty if equal."""
    missing = [f"missing: {key}: {want[key]}" for key in want.keys() - have.keys()]
    differing = [
        f"differs: {key}: is {have[key]}; should be {want[key]}"
        for key in want.keys() & have.keys()
        if have[key] != want[key]
    ]
    unwanted = [f"not ours: {key}: {have[key]}" for key in have.keys() - want.keys()]
    return sorted(missing) + sorted(differing) + sorted(unwanted)
