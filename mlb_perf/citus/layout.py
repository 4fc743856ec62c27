"""Which tables are spread over a cluster and by what, in the order of their foreign keys.

Read from the models; nothing here connects to a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from mlb_perf.models import metadata
from mlb_perf.models.placement import CITUS, LOCAL, REFERENCE
from mlb_perf.names import qualified


@dataclass(frozen=True)
class Placement:
    """A table that is not local; ``key`` is None for a reference table."""

    schema: str
    name: str
    key: str | None

    @property
    def qualified(self) -> str:
        """As SQL writes it."""
        return qualified(self.schema, self.name)


Group = tuple[Placement, ...]
"""Tables that foreign keys connect: they are converted in one transaction."""


def groups(tables: MetaData = metadata) -> list[Group]:
    """The tables to convert, each after those that it refers to, and reference tables first.

    A group with reference tables comes before the others.
    """
    placed = [table for table in tables.sorted_tables if table.info != LOCAL]
    joined = _joined(placed)
    found: dict[Table, list[Table]] = {}
    for table in placed:
        found.setdefault(joined[table], []).append(table)
    ordered = [tuple(map(_placement, sorted(group, key=_is_spread))) for group in found.values()]
    return sorted(ordered, key=lambda group: (group[0].key is not None, -len(group)))


def _is_spread(table: Table) -> bool:
    return table.info != REFERENCE


def _placement(table: Table) -> Placement:
    key = str(table.info[CITUS]) if _is_spread(table) else None
    return Placement(str(table.schema), table.name, key)


def _joined(placed: Iterable[Table]) -> dict[Table, Table]:
    """One table of each group, by each of its tables."""
    first: dict[Table, Table] = {}
    for table in placed:
        first[table] = table
        for key in table.foreign_key_constraints:
            kept, left = first[table], first[key.referred_table]
            first = {one: kept if its == left else its for one, its in first.items()}
    return first
