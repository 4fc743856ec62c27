"""The table that is partitioned by month, and its partitions, as plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from mlb_perf.months import Span
from mlb_perf.names import qualified

State = Literal["attached", "pending", "detached", "resting"]


@dataclass(frozen=True)
class Partition:
    """One partition, by the bounds that it really has.

    ``is_pending``: a DETACH CONCURRENTLY of it was interrupted. A DEFAULT
    partition spans everything, and covers nothing. ``checks``: the names of its CHECKs.
    """

    schema: str
    name: str
    span: Span
    is_default: bool = False
    is_pending: bool = False
    is_marked: bool = False
    comment: str | None = None
    checks: tuple[str, ...] = ()

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.name)


@dataclass(frozen=True)
class MonthTable:
    """A table by range of one date or timestamptz column.

    ``options``: storage parameters of its newest partition, as ``WITH (...)`` takes them.
    ``references``: tables that its foreign keys point to, which an attach locks.
    ``has_graveyard``: whether the schema where its partitions rest is there.
    """

    schema: str
    name: str
    column: str
    is_date: bool
    owner: str
    is_own: bool
    options: str | None
    references: tuple[str, ...]
    partitions: tuple[Partition, ...]
    has_graveyard: bool = False

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.name)

    @property
    def covered(self) -> list[Span]:
        """What its partitions take; a half detached one takes nothing, but has its bounds still."""
        return [p.span for p in self.partitions if not p.is_default]

    @property
    def default(self) -> Partition | None:
        return next((p for p in self.partitions if p.is_default), None)


@dataclass(frozen=True)
class Detached:
    """A partition on its way out, as ``performance_monitoring.detached_partitions`` has it."""

    schema: str
    name: str
    parent_schema: str
    parent_name: str
    span: Span
    state: State
    drop_after: dt.datetime | None
    is_held: bool
    bytes: int
    former_comment: str | None
    former_checks: tuple[str, ...]

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.name)

    @property
    def parent(self) -> str:
        return qualified(self.parent_schema, self.parent_name)
