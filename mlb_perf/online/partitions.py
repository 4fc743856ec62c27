"""The partitions that a rebuilt table gets: values that a revision, or a model, can write."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlb_perf.months import MONTHS_AHEAD
from mlb_perf.names import IDENTIFIER, plain, quote


@dataclass(frozen=True)
class Monthly:
    """One partition per month in UTC of a date or a timestamp, for all rows and ``ahead`` months.

    There is no DEFAULT partition: create further months before they begin.
    """

    column: str
    ahead: int = MONTHS_AHEAD

    @property
    def clause(self) -> str:
        """``RANGE (column)``, as ``PARTITION BY`` takes it."""
        return f"RANGE ({quote(self.column)})"


@dataclass(frozen=True)
class Hash:
    """``modulus`` partitions by the hash of a column."""

    column: str
    modulus: int = 8

    @property
    def clause(self) -> str:
        """``HASH (column)``, as ``PARTITION BY`` takes it."""
        return f"HASH ({quote(self.column)})"


Partitions = Monthly | Hash

_CLAUSE = re.compile(rf"(RANGE|HASH) ?\(({IDENTIFIER})\)", re.IGNORECASE)


def stated(clause: str, modulus: int = 8) -> Partitions | None:
    """The value of a ``PARTITION BY``; None for partitions that a rebuild cannot make."""
    found = _CLAUSE.fullmatch(clause.strip())
    if found is None:
        return None
    column = plain(found[2])
    return Monthly(column) if found[1].upper() == "RANGE" else Hash(column, modulus)
