"""The tables that terminal, report and documentation show alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlb_perf.bench.document import (
    NO_MIGRATION,
    Document,
    Load,
    Run,
    Stall,
    TableSize,
    Window,
)
from mlb_perf.bench.found import TextTable
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.judge.targets import share_of_bare, verdicts
from mlb_perf.bench.judge.verdict import Verdict
from mlb_perf.bench.tools.machine import in_words
from mlb_perf.formatting import markdown_table, mb, ms

NOTHING = TextTable([], [])
_VERDICTS = {True: "met", False: "not met", None: "not measured"}
_TIMES = {"p50": "p50", "p99": "p99", "p99.9": "p999", "longest": "max"}


def ingest(document: Document) -> TextTable:
    """A row for each way of loading and size of batch, both sides."""
    rows = []
    for run in document.sides():
        for case in run.ingest:
            batch = summarise(case.samples_ms)
            rows.append({
                "way / rows a batch": case.name,
                "side": run.label,
                "p50": ms(batch.p50),
                "p95": ms(batch.p95),
                "rows a second": f"{case.details['rows_per_second']:,}",
                "of bare COPY": f"{share_of_bare(case):.0%}",
            })  # fmt: skip
    return TextTable.of(sorted(rows, key=lambda row: row["way / rows a batch"]), 2)


def concurrency(document: Document) -> TextTable:
    """A row for each workload, way and number of clients."""
    sides = document.sides()
    return TextTable.of((_load(run.label, load) for run in sides for load in run.concurrency), 3)


def _load(label: str, load: Load) -> dict[str, str]:
    return {
        "workload": load.workload,
        "way": load.way,
        "side": label,
        "clients": f"{load.clients:,}",
        "asked": f"{load.rate:,.0f}/s" if load.rate else "all",
        "a second": f"{load.tps:,.0f}" if load.transactions else "",
        "p50": ms(load.p50_ms) if load.transactions else "",
        "p95": ms(load.p95_ms) if load.transactions else "",
        "p99": ms(load.p99_ms) if load.transactions else "",
        "errors": str(load.errors),
        "note": load.note,
    }


def storage(document: Document) -> TextTable:
    """A row for each table with its bytes on both sides, the largest first, and a sum."""
    pairs = document.sizes()
    if not pairs:
        return NOTHING
    rows = [_size(old.total if old else 0, new) for old, new in pairs]
    was, _ = total_bytes(pairs)
    everything = [new for _, new in pairs]
    parts = ("rows", "heap", "toast", "indexes")
    sums = {part: sum(getattr(size, part) for size in everything) for part in parts}
    last = _size(was, TableSize("all", **sums, partitions=0)) | {"bytes a row": ""}
    return TextTable.of([*rows, last])


def _size(was: int, new: TableSize) -> dict[str, str]:
    return {
        "table": new.table,
        "rows": f"{new.rows:,}",
        "before": mb(was) if was else "",
        "after": mb(new.total),
        "change": share(was, new.total),
        "heap": mb(new.heap),
        "TOAST": mb(new.toast),
        "indexes": mb(new.indexes),
        "bytes a row": f"{new.total / new.rows:,.0f}" if new.rows else "",
        "partitions": str(new.partitions or ""),
    }


def total_bytes(pairs: Sequence[tuple[TableSize | None, TableSize]]) -> tuple[int, int]:
    """Bytes of all tables before and after; 0 before if that was not measured."""
    return sum(old.total for old, _ in pairs if old), sum(new.total for _, new in pairs)


def revisions(stall: Stall) -> TextTable:
    """A row for each revision, upwards and downwards: the times of statements meanwhile."""
    total = sum(w.ended - w.began for w in stall.windows if w.name != NO_MIGRATION)
    everything = Window("all revisions", 0.0, total, stall.all_writes, {})
    rows = [_revision(window) for window in (*stall.windows, everything)]
    rows[-1]["reads"] = ""
    return TextTable.of(rows)


def _revision(window: Window) -> dict[str, str]:
    row = {"when": window.name, "seconds": f"{window.ended - window.began:.1f}"}
    for kind, times in (("writes", window.writes), ("reads", window.reads)):
        row[kind] = f"{times.get('count', 0):,.0f}"
        for name, key in _TIMES.items():
            row[f"{kind} {name}"] = ms(times[key]) if key in times else ""
    return row


def rebuilds(stall: Stall) -> TextTable:
    """A row for each rebuilt table: the rate of its copy, and how long its swap held the lock."""
    rows = (
        {
            "table": one.table,
            "revision": one.revision,
            "rows": f"{one.rows:,}",
            "rows a second": f"{one.rows_per_second:,.0f}",
            "swap held": ms(one.swap_ms),
        }
        for one in stall.rebuilds
    )
    return TextTable.of(rows, 2)


def targets(found: Sequence[Verdict]) -> TextTable:
    """A row for each target."""
    rows = [[v.part, v.name, v.wanted, v.got, _VERDICTS[v.met]] for v in found]
    return TextTable(["part", "what", "target", "measured", "verdict"], rows, 5)


def open_targets(document: Document) -> TextTable:
    """The targets that are not met first, then the others but those of questions."""
    found = sorted(verdicts(document), key=lambda verdict: verdict.met is True)
    return targets([v for v in found if v.part != "latency" or v.met is not True])


def conditions(document: Document) -> Iterator[list[str]]:
    """Date, command, machine, server and runs, each with its value."""
    yield ["date", document.started_at[:10]]
    yield ["command", document.command]
    yield ["machine", in_words(document.machine)]
    yield ["server", f"PostgreSQL {document.server['version']}"]
    for run in document.runs:
        yield [run.label, _run(run)]


def _run(run: Run) -> str:
    words = f"revision {run.revision}, scale {run.scale:g}, seed {run.seed}"
    if run.storage:
        rows = sum(table.rows for table in run.storage)
        words += f", {rows:,} rows, {mb(sum(table.total for table in run.storage))}"
    return words


def left_out(document: Document) -> TextTable:
    """A row for each part that could not be measured."""
    rows = (
        {"run": f"{run.label}, scale {run.scale:g}", "left out": name, "reason": why}
        for run in document.runs
        for name, why in run.left_out.items()
    )
    return TextTable.of(rows, 3)


def settings(document: Document) -> TextTable:
    """The settings of the server that differ from the defaults."""
    found = document.server["settings"].items()
    rows = ({"setting that is not the default": name, "value": str(value)} for name, value in found)
    return TextTable.of(rows, 2)


def markdown(table: TextTable) -> str:
    """The table as Markdown."""
    if not table.rows:
        return "Not measured.\n"
    return markdown_table(table.columns, table.rows, table.words)


def share(old: float, new: float) -> str:
    """By how much the second differs, as a percentage; empty without a first."""
    return f"{new / old - 1:+.0%}" if old else ""
