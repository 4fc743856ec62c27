"""The models as Alembic's ``target_metadata``, imported when they are compared."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import MetaData

from mlb_perf.schemas import NAMING


class LazyModels:
    """The metadata of the models, for autogenerate, which alone iterates over it.

    An upgrade needs the naming convention only; importing the models takes a third of a second.
    """

    naming_convention = NAMING

    def __iter__(self) -> Iterator[MetaData]:
        from mlb_perf.models import metadata

        yield metadata
