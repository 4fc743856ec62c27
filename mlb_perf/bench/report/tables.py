"""What was measured as plain tables, which terminal, report and documentation show alike."""

from __future__ import annotations

from dataclasses import dataclass

from mlb_perf.bench.document import Case, Document, Load, Run
from mlb_perf.bench.judge.growth import FAR_SCALE, growth
from mlb_perf.bench.judge.quantiles import Ratio, ratio, summarise
from mlb_perf.bench.judge.targets import share_of_bare, verdicts
from mlb_perf.formatting import markdown_table, mb, ms


@dataclass(frozen=True)
class Table:
    """Columns and rows of text; the first ``words`` columns are words, the others figures."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    words: int = 1


def latency(document: Document, scale: float | None = None) -> Table:
    """A row a question: both sides, their ratio with its interval, the target."""
    after = document.run("after", scale)
    if after is None:
        return Table((), [])
    before = document.run("before", after.scale)
    old = {case.name: case for case in before.latency} if before else {}
    columns = (
        "question", "category", "before p50", "before p95", "after p50", "after p95", "after p99",
        "times the probe", "after / before", "pages", "target", "met",
    )  # fmt: skip
    return Table(columns, [_question(case, old.get(case.name)) for case in after.latency], 2)


def _question(case: Case, old: Case | None) -> tuple[str, ...]:
    new = summarise(case.samples_ms)
    was = summarise(old.samples_ms) if old else None
    met = "" if case.target_ms is None else "yes" if new.p95 <= case.target_ms else "no"
    return (
        case.name,
        case.category,
        ms(was.p50) if was else "",
        ms(was.p95) if was else "",
        ms(new.p50),
        ms(new.p95),
        ms(new.p99),
        f"{summarise(case.ratios()).p50:.1f}",
        interval(ratio(old.ratios(), case.ratios())) if old else "",
        f"{case.details.get('pages', 0):,.0f}",
        "" if case.target_ms is None else f"{case.target_ms:g} ms",
        met,
    )


def categories(document: Document) -> Table:
    """A row a category: the questions in it, and the middle and the slowest of their medians."""
    after = document.run("after")
    if after is None:
        return Table((), [])
    before = document.run("before", after.scale)
    rows: list[tuple[str, ...]] = []
    for category in dict.fromkeys(case.category for case in after.latency):
        new = [c for c in after.latency if c.category == category]
        old = [c for c in before.latency if c.category == category] if before else []
        met = sum(c.target_ms is None or summarise(c.samples_ms).p95 <= c.target_ms for c in new)
        rows.append((category, *_medians(old), *_medians(new), f"{met} of {len(new)}"))
    columns = (
        "category", "before: median", "before: slowest", "after: median", "after: slowest",
        "targets met",
    )  # fmt: skip
    return Table(columns, rows)


def _medians(cases: list[Case]) -> tuple[str, str]:
    if not cases:
        return "", ""
    middles = summarise([summarise(case.samples_ms).p50 for case in cases])
    return ms(middles.p50), ms(middles.max)


def ingest(document: Document) -> Table:
    """A row a way to load and size of batch, both sides."""
    rows = []
    for run in _sides(document):
        for case in run.ingest:
            batch = summarise(case.samples_ms)
            rows.append((
                case.name, run.label, ms(batch.p50), ms(batch.p95),
                f"{case.details['rows_per_second']:,}", f"{share_of_bare(case):.0%}",
            ))  # fmt: skip
    columns = ("way / rows a batch", "side", "p50", "p95", "rows a second", "of bare COPY")
    return Table(columns, sorted(rows, key=lambda row: row[0]), 2)


def concurrency(document: Document) -> Table:
    """A row a workload, way and number of clients."""
    rows = [_load(run.label, load) for run in _sides(document) for load in run.concurrency]
    columns = (
        "workload", "way", "side", "clients", "asked", "a second", "p50", "p95", "p99", "errors",
        "note",
    )  # fmt: skip
    return Table(columns, rows, 3)


def _load(label: str, load: Load) -> tuple[str, ...]:
    asked = f"{load.rate:,.0f}/s" if load.rate else "all"
    head = (load.workload, load.way, label, f"{load.clients:,}", asked)
    if not load.transactions:
        return (*head, "", "", "", "", str(load.errors), load.note)
    times = (ms(load.p50_ms), ms(load.p95_ms), ms(load.p99_ms))
    return (*head, f"{load.tps:,.0f}", *times, str(load.errors), load.note)


def storage(document: Document) -> Table:
    """A row a table with its bytes on both sides, the largest first, and a sum."""
    after = document.run("after")
    if after is None or not after.storage:
        return Table((), [])
    before = document.run("before", after.scale)
    old = {size.table: size for size in before.storage} if before else {}
    rows: list[tuple[str, ...]] = []
    for size in after.storage:
        was = old.get(size.table)
        rows.append((
            size.table, f"{size.rows:,}", mb(was.total) if was else "", mb(size.total),
            _share(was.total if was else 0, size.total),
            mb(size.heap), mb(size.toast), mb(size.indexes),
            f"{size.total / size.rows:,.0f}" if size.rows else "", str(size.partitions or ""),
        ))  # fmt: skip
    total, was_total = sum(s.total for s in after.storage), sum(s.total for s in old.values())
    rows.append((
        "all", f"{sum(s.rows for s in after.storage):,}", mb(was_total) if old else "", mb(total),
        _share(was_total, total), mb(sum(s.heap for s in after.storage)),
        mb(sum(s.toast for s in after.storage)), mb(sum(s.indexes for s in after.storage)), "", "",
    ))  # fmt: skip
    columns = (
        "table", "rows", "before", "after", "change", "heap", "TOAST", "indexes", "bytes a row",
        "partitions",
    )  # fmt: skip
    return Table(columns, rows)


def growing(document: Document) -> Table:
    """A row a question: median and pages at each scale, and what is expected far beyond."""
    found = growth(document)
    if not found:
        return Table((), [])
    scales = [f"{scale:g}" for scale in found[0].scales]
    rows = [
        (
            one.name,
            one.reason,
            *(ms(value) for value in one.times_ms),
            *(f"{value:,.0f}" for value in one.pages),
            "/".join(map(str, one.partitions)),
            f"{one.exponent:.2f}",
            f"{one.factor:.2f}",
            ms(one.far_ms),
        )
        for one in found
        if len(one.scales) == len(scales)
    ]
    columns = (
        "question", "why", *(f"p50 at {s}" for s in scales), *(f"pages at {s}" for s in scales),
        "partitions", "exponent", "beside the probe", f"expected at {FAR_SCALE:g}",
    )  # fmt: skip
    return Table(columns, rows, 2)


def targets(document: Document, left_out: str = "") -> Table:
    """A row a target, without those of the part ``left_out``."""
    words = {True: "met", False: "not met", None: "not measured"}
    rows: list[tuple[str, ...]] = [
        (v.part, v.name, v.wanted, v.got, words[v.met])
        for v in verdicts(document)
        if v.part != left_out
    ]
    return Table(("part", "what", "target", "measured", "verdict"), rows, 5)


def markdown(table: Table) -> str:
    """The table as Markdown."""
    if not table.rows:
        return "Not measured.\n"
    return markdown_table(table.columns, table.rows, table.words)


def interval(value: Ratio) -> str:
    """A ratio with its interval."""
    return f"{value.value:.2f} ({value.low:.2f}-{value.high:.2f})"


def _share(old: float, new: float) -> str:
    return f"{new / old - 1:+.0%}" if old else ""


def _sides(document: Document) -> list[Run]:
    """Both sides at the largest scale that was measured."""
    found = (document.run("before", _largest(document)), document.run("after"))
    return [run for run in found if run is not None]


def _largest(document: Document) -> float | None:
    after = document.run("after")
    return after.scale if after else None
