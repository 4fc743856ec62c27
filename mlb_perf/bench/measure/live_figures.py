"""What was measured of polls, as tables, figures, goals and curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mlb_perf.bench.found import Curves, Found, Goal, Line, TextTable
from mlb_perf.bench.judge.quantiles import Summary, summarise
from mlb_perf.bench.tools.polls import GAMES, QUOTES
from mlb_perf.formatting import MB, mb

DAY = "a day of one-minute polls from cold"
LINES = "curated.betting_lines_unified"
P95_MS = 300
GROWTH = 1.3
BULK = 25_000
DAY_SECONDS = 90
BLOAT = 1.3


@dataclass
class Mark:
    """What was measured behind a number of polls."""

    polls: int
    times: list[float]
    reads: list[float]
    wal_kb: float
    hot_share: float
    memory: tuple[int, int]

    @property
    def summary(self) -> Summary:
        return summarise(self.times)


@dataclass
class Figures:
    marks: list[Mark] = field(default_factory=list)
    bulk: float = 0.0
    day: float = 0.0
    bytes: int = 0
    packed: int = 0


def found_of(figures: Figures) -> Found:
    """A row a length of history, and what is to hold for them."""
    first, last = figures.marks[0].summary, figures.marks[-1].summary
    p95 = f"p95 of a poll behind {figures.marks[-1].polls:,} polls, ms"
    values = {
        f"p95 of a poll behind {mark.polls:,} polls, ms": mark.summary.p95
        for mark in figures.marks
    } | {
        "p95, longest history / shortest": last.p95 / first.p95,
        "bulk, quotes a second": figures.bulk,
        DAY: figures.day,
        "lines: bytes / packed": figures.bytes / figures.packed,
    }  # fmt: skip
    return Found(
        [TextTable.of(_row(mark) for mark in figures.marks)],
        [
            f"{GAMES} games, {QUOTES} quotes a poll",
            f"history in bulk, two workers: {figures.bulk:,.0f} quotes a second",
            f"{DAY}, loaded and promoted at the rate of the last history: {figures.day:,.0f} s",
            f"{LINES} after that: {mb(figures.bytes)}, {mb(figures.packed)} after VACUUM FULL",
        ],
        values,
        [
            Goal(p95, most=P95_MS, unit=" ms"),
            Goal("p95, longest history / shortest", most=GROWTH),
            Goal("bulk, quotes a second", least=BULK),
            Goal(DAY, most=DAY_SECONDS, unit=" s"),
            Goal("lines: bytes / packed", most=BLOAT),
        ],
        [_curves(figures.marks)],
    )


def _curves(marks: Sequence[Mark]) -> Curves:
    """The quantiles of a poll's time over the history."""
    lines = [
        Line(name, [[float(mark.polls), getattr(mark.summary, name)] for mark in marks])
        for name in ("p50", "p95", "p99")
    ]
    return Curves("A poll, from its load to its curated rows", "polls before", lines, P95_MS)


def _row(mark: Mark) -> dict[str, str]:
    times, reads = mark.summary, summarise(mark.reads or [0.0])
    return {
        "polls before": f"{mark.polls:,}",
        "p50, ms": f"{times.p50:.0f}",
        "p95, ms": f"{times.p95:.0f}",
        "p99, ms": f"{times.p99:.0f}",
        "reads, p95, ms": f"{reads.p95:.1f}",
        "WAL a poll, kB": f"{mark.wal_kb:,.0f}",
        "HOT": f"{mark.hot_share:.0%}",
        "follower, MB": " to ".join(f"{size / MB:.0f}" for size in mark.memory),
    }
