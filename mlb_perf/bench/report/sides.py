"""What was measured on both sides, before beside after, at the largest scale."""

from __future__ import annotations

from mlb_perf.bench.document import Case, Document, Run, TableSize


def runs(document: Document) -> list[Run]:
    """The runs before and after the upgrade, or the one that was measured."""
    after = document.run("after")
    before = document.run("before", after.scale if after else None)
    return [run for run in (before, after) if run is not None]


def questions(document: Document) -> list[tuple[Case | None, Case]]:
    """The questions asked after the upgrade, each with the same question before it."""
    before, after = _sides(document)
    old = {case.name: case for case in before.latency} if before else {}
    return [(old.get(case.name), case) for case in after.latency] if after else []


def sizes(document: Document) -> list[tuple[TableSize | None, TableSize]]:
    """The tables after the upgrade, each with the same table before it, the largest first."""
    before, after = _sides(document)
    old = {size.table: size for size in before.storage} if before else {}
    return [(old.get(size.table), size) for size in after.storage] if after else []


def _sides(document: Document) -> tuple[Run | None, Run | None]:
    after = document.run("after")
    return (document.run("before", after.scale) if after else None), after
