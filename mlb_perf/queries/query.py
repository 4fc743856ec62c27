"""One question of the catalogue, as a plain value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any, Final, Literal

from sqlalchemy import Connection

Category = Literal[
    "raw_ingestion", "staging_processing", "curated_analytics", "joins", "monitoring"
]
Sampler = Callable[[Connection, Random], dict[str, Any]]

TARGETS_MS: Final[dict[Category, float]] = {
    "raw_ingestion": 50,
    "staging_processing": 75,
    "curated_analytics": 200,
    "joins": 150,
    "monitoring": 150,
}
LOOKUP_MS: Final = 1.0
"""The target of a lookup, in milliseconds: one game, one line, the head of a queue."""


@dataclass(frozen=True)
class Query:
    """A question of the application: its text, its SQL, its target and its indexes.

    ``sql`` has ``:name`` parameters, each with a cast, so that SQLAlchemy's ``text()``,
    psql and pgbench can run it. ``target_ms`` is the time in the server, including
    planning. ``indexes`` lists the indexes that the question needs at scale, as
    ``schema.name``. ``sample(connection, random)`` draws parameters from the existing
    rows; the same rows and the same random state give the same parameters.
    """

    name: str
    question: str
    sql: str
    category: Category
    target_ms: float
    indexes: tuple[str, ...]
    sample: Sampler


def query(
    category: Category,
    name: str,
    question: str,
    sample: Sampler,
    *indexes: str,
    lookup: bool = False,
) -> Query:
    """Make the query whose SQL is in ``sql/<category>/<name>.sql``.

    The target of a ``lookup`` is :data:`LOOKUP_MS`; other questions have the target of
    their category.
    """
    text = files(__package__).joinpath(f"sql/{category}/{name}.sql").read_text(encoding="utf-8")
    target = LOOKUP_MS if lookup else TARGETS_MS[category]
    return Query(name, question, text, category, target, indexes, sample)
