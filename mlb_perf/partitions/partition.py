"""A table that is partitioned by month, and its partitions, as plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from mlb_perf.months import Span
from mlb_perf.names import qualified

State = Literal["attached", "pending", "detached", "resting"]


@dataclass(frozen=True)
class Partition:
    """One partition, with its real bounds.

    ``is_pending``: a DETACH CONCURRENTLY of it was interrupted. ``is_marked``: a command
    has chosen it for detach. ``checks``: the names of its CHECKs. A DEFAULT partition
    spans everything and covers nothing.
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
    """A table partitioned by range of one date or timestamptz column.

    ``options``: storage parameters of its newest partition, in the form of ``WITH (...)``.
    ``tablespace``: its own or that of its newest partition; None is the database's.
    ``grants``: what others may do with it, as ``GRANT`` with ``%s`` for the table's name.
    ``references``: tables that its foreign keys point to, which an attach locks.
    ``has_graveyard``: whether the schema for its detached partitions exists.
    ``is_distributed``: whether Citus has it.
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
    tablespace: str | None = None
    grants: tuple[str, ...] = ()
    is_distributed: bool = False

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.name)

    @property
    def covered(self) -> list[Span]:
        """The spans of its partitions, also of a half detached one: it accepts no row, but keeps
        its bounds."""
        return [p.span for p in self.partitions if not p.is_default]

    @property
    def default(self) -> Partition | None:
        return next((p for p in self.partitions if p.is_default), None)


@dataclass(frozen=True)
class Detached:
    """A row of ``performance_monitoring.detached_partitions``."""

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
