"""What was felt of each revision, as a table."""

from __future__ import annotations

from collections.abc import Iterator

from mlb_perf.bench.document import NO_MIGRATION, Document, TextTable
from mlb_perf.formatting import ms

_FELT = ("", "p50", "p99", "p99.9", "longest")


def stall(document: Document) -> TextTable:
    """A row a revision, upwards and downwards: what statements took meanwhile."""
    rows = []
    for found in document.stalls[-1:]:
        for window in found.windows:
            felt = (*_felt(window.writes), *_felt(window.reads))
            rows.append([window.name, f"{window.ended - window.began:.1f}", *felt])
        seconds = sum(w.ended - w.began for w in found.windows if w.name != NO_MIGRATION)
        felt = (*_felt(found.all_writes), *("" for _ in _FELT))
        rows.append(["all revisions", f"{seconds:.1f}", *felt])
    names = [f"{kind} {what}" for kind in ("writes", "reads") for what in _FELT]
    return TextTable(["when", "seconds", *names], rows)


def rebuilds(document: Document) -> TextTable:
    """A row a table that was rebuilt meanwhile: the copy's rate, and how long its lock was held."""
    rows = [
        [one.table, one.revision, f"{one.rows:,}", f"{one.rows_per_second:,.0f}", ms(one.swap_ms)]
        for found in document.stalls[-1:]
        for one in found.rebuilds
    ]
    return TextTable(["table", "revision", "rows", "rows a second", "swap held"], rows, 2)


def _felt(times: dict[str, float]) -> Iterator[str]:
    yield f"{times.get('count', 0):,.0f}"
    for name in ("p50", "p99", "p999", "max"):
        yield ms(times[name]) if name in times else ""
