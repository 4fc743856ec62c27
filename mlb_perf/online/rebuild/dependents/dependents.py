"""What hangs on the table and changes places with it: views, statistics, publications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from mlb_perf.online.rebuild.dependents import publications, statistics, views
from mlb_perf.online.rebuild.target import Rebuild


@dataclass(frozen=True)
class Hanging:
    """As it is at one moment; at the swap it must be so still."""

    views: list[Row[Any]]
    statistics: list[Row[Any]]
    publications: list[Row[Any]]


def read(rebuild: Rebuild) -> Hanging:
    """What there is. Raises :class:`~mlb_perf.errors.ForeignObjects` for what cannot follow."""
    found = Hanging(views.read_views(rebuild), statistics.read(rebuild), publications.read(rebuild))
    publications.refuse(rebuild, found.publications)
    return found


def is_unchanged(rebuild: Rebuild, found: Hanging) -> bool:
    """Whether it is so still; for the transaction that holds the lock."""
    return (
        views.view_oids(rebuild) == [view.oid for view in found.views]
        and statistics.read(rebuild) == found.statistics
        and publications.read(rebuild) == found.publications
    )
