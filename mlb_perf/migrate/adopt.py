"""An existing database: is it the baseline, and if so, stamp it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy import Connection

from mlb_perf.migrate.catalog import Catalog, differences, read_catalog
from mlb_perf.models import SCHEMAS

SNAPSHOT = "baseline.json"

# A database has its own grants and may have no comments; neither is shape.
_NOT_SHAPE = ("comment on ", "privileges on ")


@dataclass(frozen=True)
class Comparison:
    """How a database differs from the baseline, a line each.

    ``blocking``: what is missing or differs; adoption would be a lie.
    ``remarks``: comments and privileges that differ, and objects of others.
    """

    blocking: list[str]
    remarks: list[str]


def compare_with_baseline(connection: Connection) -> Comparison:
    """Compare the six schemas with the frozen picture of the baseline revision."""
    lines = differences(read_catalog(connection, SCHEMAS), baseline())
    blocking = [line for line in lines if _is_blocking(line)]
    return Comparison(blocking, [line for line in lines if line not in blocking])


def baseline() -> Catalog:
    """The baseline's catalog, as it was read from a database at that revision."""
    picture: Catalog = json.loads(files(__package__).joinpath(SNAPSHOT).read_text("utf-8"))
    return picture


def _is_blocking(line: str) -> bool:
    verdict, subject = line.split(": ", 1)
    return verdict != "not ours" and not subject.startswith(_NOT_SHAPE)
