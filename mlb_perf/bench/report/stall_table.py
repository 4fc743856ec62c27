"""The effect of each revision on the statements of others, and the tables it rebuilt."""

from __future__ import annotations

from collections.abc import Iterator

from mlb_perf.bench.document import NO_MIGRATION, Stall, TextTable
from mlb_perf.formatting import ms

_TIMES = ("", "p50", "p99", "p99.9", "longest")


def revisions(stall: Stall) -> TextTable:
    """A row for each revision, upwards and downwards: the times of statements meanwhile."""
    rows = []
    for window in stall.windows:
        seconds = f"{window.ended - window.began:.1f}"
        rows.append([window.name, seconds, *_times(window.writes), *_times(window.reads)])
    total = sum(w.ended - w.began for w in stall.windows if w.name != NO_MIGRATION)
    rows.append(["all revisions", f"{total:.1f}", *_times(stall.all_writes), *("" for _ in _TIMES)])
    names = [f"{kind} {name}".rstrip() for kind in ("writes", "reads") for name in _TIMES]
    return TextTable(["when", "seconds", *names], rows)


def rebuilds(stall: Stall) -> TextTable:
    """A row for each rebuilt table: the rate of its copy, and how long its swap held the lock."""
    rows = [
        [one.table, one.revision, f"{one.rows:,}", f"{one.rows_per_second:,.0f}", ms(one.swap_ms)]
        for one in stall.rebuilds
    ]
    return TextTable(["table", "revision", "rows", "rows a second", "swap held"], rows, 2)


def _times(times: dict[str, float]) -> Iterator[str]:
    yield f"{times.get('count', 0):,.0f}"
    for name in ("p50", "p99", "p999", "max"):
        yield ms(times[name]) if name in times else ""
