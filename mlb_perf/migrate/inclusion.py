"""The objects that autogenerate sees: those of the models and of the revisions."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import context
from alembic.config import Config
from sqlalchemy import MetaData, Table

from mlb_perf.migrate.adopt import baseline
from mlb_perf.migrate.config import scripts
from mlb_perf.migrate.revision_tables import tables_of_all_revisions
from mlb_perf.schemas import NAMING, SCHEMAS

log = logging.getLogger("alembic.mlb_perf")

_ON_TABLES = {"index", "unique_constraint", "foreign_key_constraint", "check_constraint"}


class LazyModels:
    """The metadata of the models, for autogenerate, which alone iterates over it.

    An upgrade needs the naming convention only; importing the models takes a third of a second.
    """

    naming_convention = NAMING

    def __iter__(self) -> Iterator[MetaData]:
        from mlb_perf.models import metadata

        yield metadata


def include_name(name: str | None, type_: str, parents: Any) -> bool:
    """Whether autogenerate may propose to change or drop an object of the database.

    A table that is in no revision and no model belongs to another user, or is a partition. An index
    or a constraint of another user on our tables is mentioned and left. So is every other type of
    object in our schemas, as alembic_utils has them: the revisions alone make those.
    """
    schema = parents.get("schema_name")
    if type_ == "schema":
        return name in SCHEMAS
    if type_ == "table":
        return f"{schema}.{name}" in _tables(context.config)
    if type_ in _ON_TABLES:
        return name is None or _is_known(name, type_, f"{schema}.{parents.get('table_name')}")
    return type_ == "column" or schema not in SCHEMAS


def _is_known(name: str, type_: str, table: str) -> bool:
    if name in _names(context.config):
        return True
    log.info("%s: %s %s is not of mlb_perf, and stays", table, type_.replace("_", " "), name)
    return False


@functools.lru_cache(maxsize=1)
def _tables(config: Config) -> frozenset[str]:
    return tables_of_all_revisions(scripts(config)) | {table.fullname for table in _models()}


def _models() -> list[Table]:
    return [table for metadata in LazyModels() for table in metadata.tables.values()]


@functools.lru_cache(maxsize=1)
def _names(config: Config) -> frozenset[str]:
    """The indexes and constraints of the baseline and the models, and all words of revisions."""
    old = (
        key.rpartition(".")[2] for key in baseline() if key.startswith(("index ", "constraint "))
    )
    indexes = (index.name for table in _models() for index in table.indexes)
    constraints = (rule.name for table in _models() for rule in table.constraints)
    files = (Path(revision.path) for revision in scripts(config).walk_revisions())
    words = (word for file in files for word in re.findall(r"\w+", file.read_text("utf-8")))
    return frozenset(map(str, (*old, *indexes, *constraints, *words)))
