"""The sections of the report as values, for the page and for the terminal.

``templates/section.html.mako`` writes them as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from mlb_perf.bench.document import Document, Stall
from mlb_perf.bench.found import Measurement, TextTable
from mlb_perf.bench.judge.targets import limit_of_direct, verdicts
from mlb_perf.bench.report import question_tables, tables
from mlb_perf.bench.report.plots import lines, rows
from mlb_perf.bench.report.plots.svg import Plot
from mlb_perf.formatting import ms, plural

WIDE, NARROW, PANEL = 880.0, 350.0, 300.0


@dataclass(frozen=True)
class Figure:
    """A plot by the CSS class of the screen that shows it: wide, narrow, or empty for both."""

    plots: dict[str, Plot]
    title: str = ""


@dataclass(frozen=True)
class Section:
    """One part of the report; ``text`` explains it. Code stands between backticks."""

    name: str
    title: str
    text: str = ""
    result: str = ""
    """A sentence for page and terminal."""
    legend: Mapping[str, str] = field(default_factory=dict)
    """The meaning of each mark, by its CSS class."""
    figures: list[Figure] = field(default_factory=list)
    tables: list[TextTable] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    in_panels: bool = False
    """Figures beside each other."""

    @property
    def is_measured(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.lines) or any(table.rows for table in self.tables)


def sections(document: Document) -> Iterator[Section]:
    """All sections in their order, those without figures among them."""
    yield _latency(document)
    yield _storage(document)
    yield _ingest(document)
    yield _concurrency(document)
    yield from _stalls(document)
    yield _growth(document)
    yield _targets(document)
    yield from map(_measurement, document.measurements)
    yield _conditions(document)


def _both(draw: Callable[[float], Plot], title: str = "") -> Figure:
    return Figure({"wide": draw(WIDE), "narrow": draw(NARROW)}, title)


def _latency(document: Document) -> Section:
    wide, narrow = rows.latency(document, WIDE), rows.latency(document, NARROW)
    return Section(
        "latency",
        "Questions",
        "The median of each question, measured by the client, on a logarithmic scale. Before each "
        "execution the same connection reads one row by its primary key (the probe). A question's "
        "`times the probe` is its median over the median of those probes, and can be compared "
        "between machines. Both sides answer a question one directly after the other; `after / "
        "before` is the ratio of their medians.",
        legend={"before": "before", "after": "after", "tick": "target"},
        figures=[Figure({"wide": wide[n], "narrow": narrow[n]}, n.replace("_", " ")) for n in wide],
        tables=[question_tables.categories(document), question_tables.latency(document)],
    )


def _storage(document: Document) -> Section:
    table = tables.storage(document)
    return Section(
        "storage",
        "Storage",
        "Bytes of the largest tables with all their partitions: heap, TOAST and indexes, from "
        "dark to light.",
        legend={"before box": "before", "after box": "after"},
        figures=[_both(partial(rows.storage, document))] if table.rows else [],
        tables=[table],
    )


def _ingest(document: Document) -> Section:
    run = document.run("after")
    return Section(
        "ingest",
        "Loading",
        "The rate of loading into the table with all its indexes, as a share of a bare COPY of "
        "the same bytes into a table without indexes; the two alternate. `load` is the way of "
        "`mlb-perf load`. Each batch is a transaction.",
        legend={"after": "after the upgrade", "tick": "target"},
        figures=[_both(partial(rows.loading, run))] if run and run.ingest else [],
        tables=[tables.ingest(document)],
    )


def _concurrency(document: Document) -> Section:
    run = document.run("after")
    loads = lines.drawn_loads(run) if run else []
    return Section(
        "concurrency",
        "Many clients",
        "Each client sends its next statement as soon as it has an answer. Lookups are the "
        "catalogue's quick questions; the primary-key probes show the most that the server can do. "
        "Prepared: each client prepares a statement once, and the server plans it for all values "
        "where it expects that to cost no more.",
        limit_of_direct(run) if run else "",
        legend={kind: f"{workload}, {way}" for workload, way, kind in lines.SERIES},
        figures=[
            _both(partial(lines.throughput, loads), "Transactions a second"),
            _both(partial(lines.waiting, loads), "95th percentile of the latency"),
        ]
        if loads
        else [],
        tables=[tables.concurrency(document)],
    )


def _stalls(document: Document) -> Iterator[Section]:
    title = "While the schema changes"
    if not document.stalls:
        yield Section("stall", title)
    for number, stall in enumerate(document.stalls):
        name = f"stall-{number + 1}" if number else "stall"
        yield Section(
            name,
            f"{title}: {stall.rows:,} rows" if len(document.stalls) > 1 else title,
            "Upgrade and downgrade, one revision at a time, while others read and write.",
            _of_stall(stall),
            legend={"s2": "longest write", "s1": "longest read", "tick": "target"},
            figures=[_both(partial(lines.timeline, stall))],
            tables=[tables.revisions(stall), tables.rebuilds(stall)],
        )


def _of_stall(stall: Stall) -> str:
    return (
        f"{stall.writers} writers and {stall.readers} readers worked on {stall.rows:,} raw rows: "
        f"{plural(len(stall.errors), 'statement')} failed, and "
        f"{plural(len(stall.differences), 'row')} differed afterwards. "
        f"{plural(stall.lock_retries, 'attempt')} to lock a table timed out and were repeated; the "
        f"longest swap of a table held its lock for {ms(stall.longest_swap_ms)}. The verification "
        f"before a swap corrected {plural(stall.repaired_copies, 'copy', 'copies')}."
    )


def _growth(document: Document) -> Section:
    drawn = lines.growing(document, PANEL)
    return Section(
        "growth",
        "Growth",
        "Medians over the scale of the data, and the times expected at scale 100 (dashed). The "
        "expectation takes a time as a fixed part and a part for each page, and lets pages grow "
        "with the measured exponent. It holds while the pages that are read stay in memory.",
        figures=[Figure({"": plot}, name.replace("_", " ")) for name, plot in drawn.items()],
        tables=[question_tables.growing(document)],
        in_panels=True,
    )


def _targets(document: Document) -> Section:
    found = verdicts(document)
    met = sum(verdict.met is True for verdict in found)
    return Section(
        "targets",
        "Targets",
        "The table begins with the targets that are not met. The table of questions shows those "
        "that questions meet.",
        f"{met} of {len(found)} targets are met.",
        tables=[tables.open_targets(document), tables.left_out(document)],
    )


def _measurement(found: Measurement) -> Section:
    names = [line.name for curves in found.curves for line in curves.lines]
    legend = dict(zip(lines.KINDS, names, strict=False))
    return Section(
        f"measurement-{found.name}",
        found.title,
        result=found.measured_on,
        legend=legend | {"tick": "target"} if found.curves else {},
        figures=[_both(partial(lines.curves, curves), curves.title) for curves in found.curves],
        tables=found.tables,
        lines=found.lines,
    )


def _conditions(document: Document) -> Section:
    return Section(
        "conditions",
        "How it was measured",
        "Both sides hold the same rows in one database: it was filled at the older revision, "
        "measured, upgraded, and measured again, each time after VACUUM (ANALYZE). The values in "
        "the questions are drawn from the rows with a fixed seed. Caches are warm. Client and "
        "server share the machine."
        if document.runs
        else "",
        tables=[
            TextTable(["condition", "value"], list(tables.conditions(document)), 2),
            tables.settings(document),
        ],
    )
