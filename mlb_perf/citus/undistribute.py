"""Bring the tables back to the coordinator, with what Citus loses on the way."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.citus import checks
from mlb_perf.citus.transaction import Done, moving
from mlb_perf.engine import execute
from mlb_perf.errors import DistributionFailed
from mlb_perf.migrate.catalog import Catalog, differences, read_catalog
from mlb_perf.names import literal
from mlb_perf.online.locks import Patience
from mlb_perf.partitions.detach_sql import graveyard
from mlb_perf.schemas import SCHEMAS

_CAST = re.compile(r"::(character varying|text)(\(\d+\))?(\[\])?|[()\s]")


def distributed(connection: Connection) -> list[tuple[str, ...]]:
    """The distributed tables, those together that foreign keys connect; largest group first.

    Raises :class:`~mlb_perf.errors.DistributionFailed` without the extension, or during a rebuild.
    """
    checks.require_citus(connection)
    if obstacles := checks.of_rebuilds(connection):
        raise DistributionFailed(f"nothing was changed: {'; '.join(obstacles)}")
    query = text(sql.read("citus/distributed.sql"))
    found = connection.execute(query, {"schemas": list(SCHEMAS)}).scalars()
    return sorted((tuple(tables) for tables in found), key=lambda tables: (-len(tables), tables))


def bring_back(connection: Connection, tables: tuple[str, ...], patience: Patience) -> Done:
    """Make the tables of one group local again, in one transaction.

    Their readers and writers wait from its beginning to its end. Raises
    :class:`~mlb_perf.errors.DistributionFailed`; the groups before it stay.
    """
    with moving(connection, "undistribute", tables, "ACCESS EXCLUSIVE", patience) as done:
        before = _catalog(connection)
        lost = connection.execute(text(sql.read("citus/restore.sql")), {"tables": list(tables)})
        statements = list(lost.scalars())
        cascade = ", cascade_via_foreign_keys => true" if len(tables) > 1 else ""
        execute(connection, f"SELECT undistribute_table({literal(tables[0])}{cascade})")
        for statement in statements:
            execute(connection, statement)
        _require_same(before, _catalog(connection))
    return done


def _catalog(connection: Connection) -> Catalog:
    """The objects of our schemas and of their graveyards, CHECKs by their meaning."""
    found = read_catalog(connection, [*SCHEMAS, *map(graveyard, SCHEMAS)])
    return {
        key: by_meaning(definition) if key.startswith("constraint ") else definition
        for key, definition in found.items()
    }


def by_meaning(definition: str) -> str:
    """A constraint without casts of text, parentheses and blanks.

    Citus parses a CHECK again, and ``ARRAY['a'::varchar]::text[]`` becomes
    ``ARRAY[('a'::varchar)::text]``, which is the same.
    """
    return _CAST.sub("", definition)


def _require_same(before: Catalog, after: Catalog) -> None:
    if found := differences(after, before):
        raise DistributionFailed(
            "the tables would not come back as they were, so nothing of this step is kept: "
            f"{'; '.join(found)}"
        )
