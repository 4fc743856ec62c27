"""What the measurement of partitions found: times by kind, and what a month is gone quicker by.

Rows are gone when the month is detached; its space is free when the files are. Nobody
uses the table that is dropped, so the time of the files is nobody's wait: the two are
told apart, and neither stands for the other.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

TARGET = 20
"""How many times quicker than DELETE the rows of a month are to be gone."""

DELETE, DELETE_DAILY = "DELETE of a month", "DELETE of a month, day by day"
VACUUM, VACUUM_DAILY = "VACUUM of its partition after that", "VACUUM after the days"
DETACH = "DETACH CONCURRENTLY of a month"
DROP, FILES = "DROP TABLE of what was detached", "of that, COMMIT: its files go"


@dataclass
class Figures:
    """Milliseconds of each kind, a number a round; ``rows``: in each month that was filled."""

    server: str
    months: int
    rows: int
    bytes: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    def add(self, kind: str, milliseconds: float) -> None:
        self.times.setdefault(kind, []).append(milliseconds)

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Add what the block takes; one that raises is no figure."""
        began = perf_counter()
        yield
        self.add(kind, (perf_counter() - began) * 1000)

    def median(self, kind: str) -> float:
        return statistics.median(self.times[kind])

    def lines(self) -> list[str]:
        """A line a kind, and how many times faster dropping is than deleting."""
        head = (
            f"PostgreSQL {self.server}, {self.months} months, {self.rows:,} rows and "
            f"{self.bytes / 1e6:.0f} MB in a month"
        )
        kinds = [
            f"{kind:<36} median {self.median(kind):9.2f} ms   longest {max(found):9.2f} ms"
            for kind, found in self.times.items()
        ]
        return [head, *kinds, *(_judged(what, ratio) for what, ratio in self.ratios())]

    def ratios(self) -> list[tuple[str, float]]:
        """How many times quicker rows are gone, and their space is free, than by DELETE."""
        gone, dropped = self.median(DETACH), self.median(DETACH) + self.median(DROP)
        free = self.median(DELETE) + self.median(VACUUM)
        daily = self.median(DELETE_DAILY) + self.median(VACUUM_DAILY)
        return [
            ("rows gone: DELETE against DETACH", self.median(DELETE) / gone),
            ("rows gone: DELETE day by day against DETACH", self.median(DELETE_DAILY) / gone),
            ("DELETE against DETACH and DROP", self.median(DELETE) / dropped),
            ("space free: DELETE and VACUUM against DETACH and DROP", free / dropped),
            ("space free: by days and VACUUM against DETACH and DROP", daily / dropped),
        ]


def _judged(what: str, ratio: float) -> str:
    said = "reached" if ratio >= TARGET else "not reached"
    return f"{what:<55} {ratio:5.0f} times (target {TARGET}: {said})"
