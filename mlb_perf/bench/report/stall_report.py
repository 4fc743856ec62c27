"""The stall measurement as text: a line a revision, then the rebuilds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlb_perf.bench.document import NO_MIGRATION

if TYPE_CHECKING:
    from mlb_perf.bench.measure.stall import Stall
    from mlb_perf.bench.tools.clients import Timed


def report(stall: Stall) -> str:
    """Quantiles in milliseconds of the statements that began within each revision."""
    load = stall.load
    lines = [
        (
            f"{datetime.now(UTC):%Y-%m-%d}, PostgreSQL {stall.server}, {os.cpu_count()} cores, "
            f"{load.rows:,} raw rows, {load.writers} writers and {load.readers} readers with at "
            f"most {load.writes_a_second:g} and {load.reads_a_second:g} statements a second each"
        ),
        "",
        "| when | seconds | writes | p50 | p99 | p99.9 | longest | reads | p99.9 | longest |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for window in stall.windows:
        inside = [t for t in stall.times if window.began <= t.began < window.ended]
        lines.append(_line(window.name, window.ended - window.began, *_split(inside)))
    migrating = [w for w in stall.windows if w.name != NO_MIGRATION]
    inside = [t for t in stall.times if any(w.began <= t.began < w.ended for w in migrating)]
    lines.append(_line("all revisions", sum(w.ended - w.began for w in migrating), *_split(inside)))
    return "\n".join([*lines, "", *_rebuilds(stall), "", *_end(stall)])


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def _split(times: list[Timed]) -> tuple[list[float], list[float]]:
    return (
        [t.ms for t in times if t.kind != "read"],
        [t.ms for t in times if t.kind == "read"],
    )


def _line(name: str, seconds: float, writes: list[float], reads: list[float]) -> str:
    cells = [name, f"{seconds:.1f}", f"{len(writes):,}"]
    cells += [f"{quantile(writes, share):.1f}" for share in (0.5, 0.99, 0.999, 1)]
    cells += [f"{len(reads):,}"] + [f"{quantile(reads, share):.1f}" for share in (0.999, 1)]
    return f"| {' | '.join(cells)} |"


def _rebuilds(stall: Stall) -> list[str]:
    lines = [
        "| table | revision | rows | rows/s copied | swap held, ms |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    copies = {}
    for step in stall.steps:
        if step.operation == "copy_rows":
            copies[step.object_name] = step
        elif step.operation == "swap_table" and (copy := copies.pop(step.object_name, None)):
            rate = copy.rows_affected / (copy.duration_ms / 1000)
            lines.append(
                f"| {step.object_name} | {step.revision} | {copy.rows_affected:,} | {rate:,.0f} | "
                f"{step.duration_ms:.0f} |"
            )
    return lines


def _end(stall: Stall) -> list[str]:
    retried = sum(step.status == "retried" for step in stall.steps)
    mended = sum(step.operation == "repair_copy" for step in stall.steps)
    waited = max((step.lock_wait_ms or 0 for step in stall.steps), default=0)
    return [
        f"statements that failed: {len(stall.errors)}",
        *stall.errors[:5],
        f"attempts at a lock that were given up: {retried}; longest wait: {waited:.0f} ms",
        f"copies that had to be mended: {mended}",
        f"rows that differ afterwards: {len(stall.differences)}",
        *stall.differences[:5],
    ]
