"""What is in a database, by the definitions that the server prints, and the comparison of two."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine

from mlb_perf.migrate.catalog import Catalog, differences, read_catalog


def catalog(engine: Engine, schemas: Collection[str] | None = None) -> Catalog:
    """The objects of some schemas, or of all that are not the server's own."""
    with engine.connect() as connection:
        return read_catalog(connection, schemas)


def without_version_table(found: Catalog) -> Catalog:
    """The objects other than Alembic's own table."""
    return {key: value for key, value in found.items() if "alembic_version" not in key}


def assert_same(have: Catalog, want: Catalog) -> None:
    """Fail with the differences."""
    assert "\n".join(differences(have, want)) == ""
