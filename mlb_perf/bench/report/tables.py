"""The tables that terminal, report and documentation show alike."""

from __future__ import annotations

from collections.abc import Sequence

from mlb_perf.bench.document import Case, Document, Load, Run, TableSize, TextTable
from mlb_perf.bench.judge.growth import FAR_SCALE, growth
from mlb_perf.bench.judge.quantiles import Ratio, ratio, summarise
from mlb_perf.bench.judge.targets import Verdict, share_of_bare, verdicts
from mlb_perf.bench.report import sides
from mlb_perf.bench.tools.machine import in_words
from mlb_perf.formatting import markdown_table, mb, ms

NOTHING = TextTable([], [])
_VERDICTS = {True: "met", False: "not met", None: "not measured"}


def latency(document: Document) -> TextTable:
    """A row for each question: both sides, their ratio with its interval, the target."""
    columns = [
        "question", "category", "before p50", "before p95", "after p50", "after p95", "after p99",
        "times the probe", "after / before", "pages", "target", "met",
    ]  # fmt: skip
    return TextTable(columns, [_question(*pair) for pair in sides.questions(document)], 2)


def _question(old: Case | None, case: Case) -> list[str]:
    new = summarise(case.samples_ms)
    was = summarise(old.samples_ms) if old else None
    return [
        case.name,
        case.category,
        ms(was.p50) if was else "",
        ms(was.p95) if was else "",
        ms(new.p50),
        ms(new.p95),
        ms(new.p99),
        f"{summarise(case.ratios()).p50:.1f}",
        _interval(ratio(old.ratios(), case.ratios())) if old else "",
        f"{case.details.get('pages', 0):,.0f}",
        "" if case.target_ms is None else f"{case.target_ms:g} ms",
        "" if case.target_ms is None else "yes" if new.p95 <= case.target_ms else "no",
    ]


def categories(document: Document) -> TextTable:
    """A row for each category: the middle and the slowest of its questions' medians."""
    pairs = sides.questions(document)
    rows = []
    for category in dict.fromkeys(case.category for _, case in pairs):
        new = [case for _, case in pairs if case.category == category]
        old = [case for case, other in pairs if case and other.category == category]
        met = sum(c.target_ms is None or summarise(c.samples_ms).p95 <= c.target_ms for c in new)
        rows.append([category, *_medians(old), *_medians(new), f"{met} of {len(new)}"])
    columns = [
        "category", "before: median", "before: slowest", "after: median", "after: slowest",
        "targets met",
    ]  # fmt: skip
    return TextTable(columns, rows)


def _medians(cases: Sequence[Case]) -> tuple[str, str]:
    if not cases:
        return "", ""
    middles = summarise([summarise(case.samples_ms).p50 for case in cases])
    return ms(middles.p50), ms(middles.max)


def ingest(document: Document) -> TextTable:
    """A row for each way of loading and size of batch, both sides."""
    rows = []
    for run in sides.runs(document):
        for case in run.ingest:
            batch = summarise(case.samples_ms)
            rows.append([
                case.name, run.label, ms(batch.p50), ms(batch.p95),
                f"{case.details['rows_per_second']:,}", f"{share_of_bare(case):.0%}",
            ])  # fmt: skip
    columns = ["way / rows a batch", "side", "p50", "p95", "rows a second", "of bare COPY"]
    return TextTable(columns, sorted(rows, key=lambda row: row[0]), 2)


def concurrency(document: Document) -> TextTable:
    """A row for each workload, way and number of clients."""
    rows = [_load(run.label, load) for run in sides.runs(document) for load in run.concurrency]
    columns = [
        "workload", "way", "side", "clients", "asked", "a second", "p50", "p95", "p99", "errors",
        "note",
    ]  # fmt: skip
    return TextTable(columns, rows, 3)


def _load(label: str, load: Load) -> list[str]:
    asked = f"{load.rate:,.0f}/s" if load.rate else "all"
    figures = ["", "", "", ""]
    if load.transactions:
        figures = [f"{load.tps:,.0f}", ms(load.p50_ms), ms(load.p95_ms), ms(load.p99_ms)]
    head = [load.workload, load.way, label, f"{load.clients:,}", asked]
    return [*head, *figures, str(load.errors), load.note]


def storage(document: Document) -> TextTable:
    """A row for each table with its bytes on both sides, the largest first, and a sum."""
    pairs = sides.sizes(document)
    rows = [
        [
            new.table, f"{new.rows:,}", mb(old.total) if old else "", mb(new.total),
            share(old.total if old else 0, new.total), mb(new.heap), mb(new.toast),
            mb(new.indexes), f"{new.total / new.rows:,.0f}" if new.rows else "",
            str(new.partitions or ""),
        ]
        for old, new in pairs
    ]  # fmt: skip
    columns = [
        "table", "rows", "before", "after", "change", "heap", "TOAST", "indexes", "bytes a row",
        "partitions",
    ]  # fmt: skip
    return TextTable(columns, [*rows, _sum(pairs)] if rows else [])


def _sum(pairs: Sequence[tuple[TableSize | None, TableSize]]) -> list[str]:
    was, total = total_bytes(pairs)
    new = [size for _, size in pairs]
    parts = [mb(sum(getattr(s, part) for s in new)) for part in ("heap", "toast", "indexes")]
    rows = f"{sum(s.rows for s in new):,}"
    return ["all", rows, mb(was) if was else "", mb(total), share(was, total), *parts, "", ""]


def total_bytes(pairs: Sequence[tuple[TableSize | None, TableSize]]) -> tuple[int, int]:
    """Bytes of all tables before and after; 0 before if that was not measured."""
    return sum(old.total for old, _ in pairs if old), sum(new.total for _, new in pairs)


def growing(document: Document) -> TextTable:
    """A row for each question: median and pages at each scale, and the time expected far beyond."""
    found = growth(document)
    scales = [f"{scale:g}" for scale in found[0].scales] if found else []
    rows = [
        [
            one.name,
            one.reason,
            *(ms(value) for value in one.times_ms),
            *(f"{value:,.0f}" for value in one.pages),
            "/".join(map(str, one.partitions)),
            f"{one.exponent:.2f}",
            f"{one.factor:.2f}",
            ms(one.far_ms),
        ]
        for one in found
        if len(one.scales) == len(scales)
    ]
    columns = [
        "question", "why", *(f"p50 at {s}" for s in scales), *(f"pages at {s}" for s in scales),
        "partitions", "exponent", "beside the probe", f"expected at {FAR_SCALE:g}",
    ]  # fmt: skip
    return TextTable(columns, rows, 2)


def targets(document: Document) -> TextTable:
    """A row for each target."""
    return _targets(verdicts(document))


def open_targets(document: Document) -> TextTable:
    """The targets that are not met first, then the others but those of questions."""
    found = sorted(verdicts(document), key=lambda verdict: verdict.met is True)
    return _targets([v for v in found if v.part != "latency" or v.met is not True])


def _targets(found: Sequence[Verdict]) -> TextTable:
    rows = [[v.part, v.name, v.wanted, v.got, _VERDICTS[v.met]] for v in found]
    return TextTable(["part", "what", "target", "measured", "verdict"], rows, 5)


def conditions(document: Document) -> list[list[str]]:
    """Date, command, machine, server and runs, each with its value."""
    return [
        ["date", document.started_at[:10]],
        ["command", document.command],
        ["machine", in_words(document.machine)],
        ["server", f"PostgreSQL {document.server['version']}"],
        *([run.label, _run(run)] for run in document.runs),
    ]


def _run(run: Run) -> str:
    words = f"revision {run.revision}, scale {run.scale:g}, seed {run.seed}"
    if run.storage:
        rows = sum(table.rows for table in run.storage)
        words += f", {rows:,} rows, {mb(sum(table.total for table in run.storage))}"
    return words


def left_out(document: Document) -> TextTable:
    """A row for each part that could not be measured."""
    rows = [
        [f"{run.label}, scale {run.scale:g}", name, why]
        for run in document.runs
        for name, why in run.left_out.items()
    ]
    return TextTable(["run", "left out", "reason"], rows, 3)


def settings(document: Document) -> TextTable:
    """The settings of the server that differ from the defaults."""
    rows = [[name, str(value)] for name, value in document.server["settings"].items()]
    return TextTable(["setting that is not the default", "value"], rows, 2)


def markdown(table: TextTable) -> str:
    """The table as Markdown."""
    if not table.rows:
        return "Not measured.\n"
    return markdown_table(table.columns, table.rows, table.words)


def share(old: float, new: float) -> str:
    """By how much the second differs, as a percentage; empty without a first."""
    return f"{new / old - 1:+.0%}" if old else ""


def _interval(value: Ratio) -> str:
    return f"{value.value:.2f} ({value.low:.2f}-{value.high:.2f})"
