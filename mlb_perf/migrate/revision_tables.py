"""The tables that the revisions make, as their modules name them."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from alembic.script import ScriptDirectory

from mlb_perf.errors import ConfigurationError


def tables_of_all_revisions(script: ScriptDirectory) -> frozenset[str]:
    """Every table, as schema.name, that some revision makes."""
    return frozenset(tables_of(revision.module for revision in script.walk_revisions()))


def tables_of(modules: Iterable[ModuleType]) -> list[str]:
    """The tables, as schema.name, that these revisions make."""
    return [
        f"{_schema(module)}.{table}"
        for module in modules
        for table in getattr(module, "TABLES", ())
    ]


def _schema(module: ModuleType) -> str:
    if not hasattr(module, "SCHEMA"):
        raise ConfigurationError(
            f"{module.__file__} has TABLES but no SCHEMA; add SCHEMA, the schema in which the "
            "revision creates these tables"
        )
    return str(module.SCHEMA)
