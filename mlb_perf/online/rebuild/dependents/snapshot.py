"""The table's definition and the objects that change places with it, at one moment.

Views, statistics and publications are replaced with the table; columns, constraints, indexes,
triggers, comments, privileges and settings are carried over. At the swap all must be the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from mlb_perf.online.rebuild.dependents import publications, statistics, views
from mlb_perf.online.rebuild.target import Rebuild, on_table


@dataclass(frozen=True)
class Dependents:
    """``definition`` is the table's own, a line for each part."""

    definition: list[Row[Any]]
    views: list[Row[Any]]
    statistics: list[Row[Any]]
    publications: list[Row[Any]]


def read(rebuild: Rebuild) -> Dependents:
    """The objects now; raises :class:`~mlb_perf.errors.ForeignObjects` if one cannot follow."""
    found = _read(rebuild)
    publications.refuse(rebuild, found.publications)
    return found


def is_unchanged(rebuild: Rebuild, found: Dependents) -> bool:
    """Whether they are still the same; for the transaction that holds the lock."""
    return _read(rebuild) == found


def _read(rebuild: Rebuild) -> Dependents:
    return Dependents(
        on_table(rebuild, "fingerprint.sql"),
        views.read_views(rebuild),
        statistics.read(rebuild),
        publications.read(rebuild),
    )
