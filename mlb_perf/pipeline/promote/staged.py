"""What became of raw rows: counts for reports and logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Quality(NamedTuple):
    """Of one source: rows in staging, how many of them are valid, and parts that were rejected."""

    staged: int = 0
    valid: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Staged:
    """Raw rows taken, and what became of them and of their parts.

    ``promoted`` rows gave a quote or a split, or named a known game; ``rows_rejected`` gave
    rejections alone; the other rows offered nothing. ``quotes`` and ``splits`` are those written,
    ``rejected`` and ``not_offered`` are parts of rows. ``appended`` games were brought up to date
    in the same transaction. ``quality`` is by source.
    """

    rows: int = 0
    promoted: int = 0
    rows_rejected: int = 0
    quotes: int = 0
    splits: int = 0
    rejected: int = 0
    not_offered: int = 0
    appended: int = 0
    quality: Mapping[str, Quality] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """What became of the rows, by name, for reports and logs."""
        return {name: n for name, n in vars(self).items() if name not in ("appended", "quality")}

    def __add__(self, other: Staged) -> Staged:
        both = (self.quality, other.quality)
        quality = {
            source: Quality(*map(sum, zip(*(q[source] for q in both if source in q), strict=True)))
            for source in {*self.quality, *other.quality}
        }
        counts = {name: n + vars(other)[name] for name, n in self.counts().items()}
        return Staged(**counts, appended=self.appended + other.appended, quality=quality)
