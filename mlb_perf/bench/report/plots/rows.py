"""A row for each question, way of loading or table: dots and bars under one axis."""

from __future__ import annotations

from mlb_perf.bench.document import Case, Document, Run, TableSize
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.judge.targets import BARE_SHARE, share_of_bare
from mlb_perf.bench.report.plots import svg
from mlb_perf.bench.report.plots.svg import Mark, Plot, Scale
from mlb_perf.formatting import MB, mb, ms

_TOP, _LEFT, _BAR = 22.0, 8.0, 11.0
_NAMES = 210.0
"""Room for a question's name; on a narrow screen the name is above its row."""
_NARROW = 500.0
_TABLES = 12

Median = tuple[str, float | None, float, float | None]
"""A question's name, its medians before and after, and its target, all in ms."""


def latency(document: Document, width: float) -> dict[str, Plot]:
    """Medians by question before and after, on a log scale; a plot for each category."""
    found: dict[str, list[Median]] = {}
    for old, case in document.questions():
        found.setdefault(case.category, []).append(_median(old, case))
    values = [value for rows in found.values() for row in rows for value in row[1:] if value]
    ticks = svg.decades(min(values), max(values)) if values else []
    return {name: _category(name, rows, ticks, width) for name, rows in found.items()}


def _median(old: Case | None, new: Case) -> Median:
    was = summarise(old.samples_ms).p50 if old else None
    return new.name, was, summarise(new.samples_ms).p50, new.target_ms


def _category(name: str, rows: list[Median], ticks: list[float], width: float) -> Plot:
    is_narrow = width < _NARROW
    left, step = (_LEFT, 34.0) if is_narrow else (_NAMES, 19.0)
    x = svg.log_scale(ticks[0], ticks[-1], left, width - 24)
    height = _TOP + len(rows) * step + _LEFT
    labels = [(x(tick), svg.milliseconds(tick)) for tick in ticks]
    marks = svg.grid_across(labels, _TOP, height - _LEFT, width)
    for number, row in enumerate(sorted(rows, key=lambda row: -(row[1] or row[2]))):
        top = _TOP + number * step
        if is_narrow:
            marks += [svg.text(left, top + 13, row[0], "label"), *_question(row, x, top + 24)]
        else:
            words = svg.text(left - 12, top + step / 2 + 4, row[0], "label", "end")
            marks += [words, *_question(row, x, top + step / 2)]
    label = f"{name}: median of each question before and after, on a log scale"
    return Plot(width, height, label, marks)


def _question(row: Median, x: Scale, y: float) -> list[Mark]:
    name, before, after, target = row
    marks = []
    if target is not None:
        marks.append(svg.line(x(target), y - 6, x(target), y + 6, "target"))
    if before is not None:
        marks.append(svg.line(x(before), y, x(after), y, "way"))
        marks.append(svg.dot(x(before), y, "before", f"{name} before: {ms(before)}"))
    return [*marks, svg.dot(x(after), y, "after", f"{name} after: {ms(after)}")]


def loading(run: Run, width: float) -> Plot:
    """The rate of each way of loading as a share of the bare COPY's."""
    shares = [(case.name, share_of_bare(case)) for case in run.ingest]
    ticks = svg.round_ticks(max(1.0, *(share for _, share in shares)))
    x = svg.linear_scale(ticks[-1], _LEFT, width - 40)
    height = _TOP + 32 * len(shares)
    marks = svg.grid_across([(x(tick), f"{tick:.0%}") for tick in ticks], _TOP, height, width)
    target = svg.line(x(BARE_SHARE), _TOP, x(BARE_SHARE), height, "target")
    bars, words = [], []
    for number, (name, share) in enumerate(shares):
        top = _TOP + 32 * number
        says = f"{name}: {share:.0%}"
        bars.append(svg.bar(_LEFT, top + 17, x(share) - _LEFT, _BAR, "after", says))
        words.append(svg.text(_LEFT, top + 13, name, "label"))
        words.append(svg.text(x(share) + 5, top + 26, f"{share:.0%}"))
    marks += [*bars, target, *words]
    return Plot(width, height, "Rates of loading as shares of a bare COPY", marks)


def storage(document: Document, width: float) -> Plot:
    """The largest tables: heap, TOAST and indexes, one bar for each side."""
    shown = document.sizes()[:_TABLES]
    ticks = svg.round_ticks(max(size.total for pair in shown for size in pair if size) / MB)
    x = svg.linear_scale(ticks[-1] * MB, _LEFT, width - 72)
    step = 22.0 + (_BAR + 2) * max(sum(size is not None for size in pair) for pair in shown)
    height = _TOP + step * len(shown)
    labels = [(x(tick * MB), f"{svg.short(tick)} MB") for tick in ticks]
    marks = svg.grid_across(labels, _TOP, height, width)
    for number, (old, new) in enumerate(shown):
        y = _TOP + step * number + 13
        marks.append(svg.text(_LEFT, y, new.table, "label"))
        for label, size in (("before", old), ("after", new)):
            if size is not None:
                marks += _stacked(size, label, x, y + 4)
                y += _BAR + 2
    return Plot(width, height, "Bytes of the largest tables", marks)


def _stacked(size: TableSize, label: str, x: Scale, y: float) -> list[Mark]:
    marks, start = [], 0
    for part in ("heap", "toast", "indexes"):
        share = getattr(size, part)
        says = f"{size.table} {label}: {part} {mb(share)} of {mb(size.total)}"
        width = x(start + share) - x(start)
        marks.append(svg.bar(x(start), y, width, _BAR, f"{part} {label}", says))
        start += share
    return [*marks, svg.text(x(start) + 5, y + 9.5, mb(size.total))]
