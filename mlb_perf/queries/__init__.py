"""The query catalogue: what an odds application asks, how fast, and by which indexes.

An index of the schema is there because a question here needs it; the benchmark
runs these questions, and ``docs/indexes.md`` is generated from them.
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
    """The question of that name; ``KeyError`` with the names that there are if there is none."""
    if name not in _BY_NAME:
        raise KeyError(f"no question {name!r} in the catalogue; there are {', '.join(_BY_NAME)}")
    return _BY_NAME[name]
