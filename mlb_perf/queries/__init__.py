"""The query catalogue: the questions of an odds application, their targets and their indexes.

Each index of the schema exists because a question here needs it. The benchmark runs
these questions, and ``docs/indexes.md`` is generated from them.
"""

from __future__ import annotations

from typing import Final

from mlb_perf.queries import (
    curated_games,
    curated_lines,
    joins,
    monitoring,
    raw_ingestion,
    staging_processing,
)
from mlb_perf.queries.query import Category, Query, Sampler

__all__ = ["CATALOGUE", "Category", "Query", "Sampler", "get"]

CATALOGUE: Final[tuple[Query, ...]] = (
    *raw_ingestion.QUERIES,
    *staging_processing.QUERIES,
    *curated_games.QUERIES,
    *curated_lines.QUERIES,
    *joins.QUERIES,
    *monitoring.QUERIES,
)

_BY_NAME: Final = {query.name: query for query in CATALOGUE}


def get(name: str) -> Query:
    """The question of that name; an unknown name raises ``KeyError`` with the valid names."""
    if name not in _BY_NAME:
        raise KeyError(f"no question {name!r} in the catalogue; there are {', '.join(_BY_NAME)}")
    return _BY_NAME[name]
