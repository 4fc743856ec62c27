"""Dependent objects that change places with the table: views, statistics, publications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from mlb_perf.online.rebuild.dependents import publications, statistics, views
from mlb_perf.online.rebuild.target import Rebuild


@dataclass(frozen=True)
class Dependents:
    """The objects at one moment; at the swap they must be the same."""

    views: list[Row[Any]]
    statistics: list[Row[Any]]
    publications: list[Row[Any]]


def read(rebuild: Rebuild) -> Dependents:
    """The objects now; raises :class:`~mlb_perf.errors.ForeignObjects` if one cannot follow."""
    found = Dependents(
        views.read_views(rebuild), statistics.read(rebuild), publications.read(rebuild)
    )
    publications.refuse(rebuild, found.publications)
    return found


def is_unchanged(rebuild: Rebuild, found: Dependents) -> bool:
    """Whether they are still the same; for the transaction that holds the lock."""
    return (
        views.view_oids(rebuild) == [view.oid for view in found.views]
        and statistics.read(rebuild) == found.statistics
        and publications.read(rebuild) == found.publications
    )
