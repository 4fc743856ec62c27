"""The report as one HTML page, which needs no network: the findings, then figures over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from mlb_perf.formatting import in_words, plural, printable
from mlb_perf.monitor.findings import Finding
from mlb_perf.monitor.history import Chart, Points
from mlb_perf.monitor.report import Report
from mlb_perf.monitor.server_info import Facts

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 220, 70, 24
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --soft: #5c6675; --line: #d5dae1;
  --critical: #b3261e; --warning: #8a5a00; --ok: #2b6b3f }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181f; --soft: #a3adba;
  --line: #343c48; --critical: #ff8a80; --warning: #ffc46b; --ok: #84d69c } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 0 auto; max-width: 1100px; padding: 16px }
h1 { font-size: 20px } h2 { font-size: 16px; margin: 28px 0 8px }
.finding { border-left: 4px solid var(--line); padding: 4px 12px; margin: 10px 0 }
.critical { border-color: var(--critical) } .critical b { color: var(--critical) }
.warning { border-color: var(--warning) } .warning b { color: var(--warning) }
code { display: block; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft) }
p { margin: 2px 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
td { border-top: 1px solid var(--line); padding: 4px 6px; overflow-wrap: anywhere;
  vertical-align: top }
svg { width: 100%; height: auto } svg text { fill: var(--soft); font-size: 11px }
ul { list-style: none; padding: 0; columns: 2 } li { break-inside: avoid; overflow-wrap: anywhere }
@media (max-width: 600px) { ul { columns: 1 } }
"""
_COLOURS = ("#3a6fd8", "#d9622b", "#2e9e5b", "#a04bc4", "#c23b6b", "#178f9c", "#8a7a00", "#70757f")


def page(report: Report, charts: Iterable[Chart]) -> str:
    """The whole page; every name is escaped."""
    facts = report.facts
    wrong = [finding for finding in report.findings if finding.severity]
    well = [finding for finding in report.findings if not finding.severity]
    body = [
        f"<h1>{_text(facts.database_name)}: {report.severity.label}</h1>",
        f"<p>{_text(_about(facts))}</p>",
        *map(_wrong, wrong),
        *(part for chart in charts for part in _chart(chart)),
        f"<h2>{plural(len(well), 'check')} without a finding</h2>",
        f"<table>{''.join(map(_well, well))}</table>",
    ]
    title = _text(f"{facts.database_name}: mlb-perf status")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _about(facts: Facts) -> str:
    return (
        f"{facts.url}, PostgreSQL {facts.server_version}, revision {facts.revision or '?'}, as "
        f"{facts.role_name}, {facts.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    )


def _text(words: str) -> str:
    return escape(printable(words))


def _wrong(finding: Finding) -> str:
    figure = "" if finding.figure is None else f", {in_words(finding.figure, finding.unit)}"
    remedy = f"<code>{_text(finding.remedy)}</code>" if finding.remedy else ""
    return (
        f'<div class="finding {finding.severity.label}"><p><b>{finding.severity.label}</b> '
        f"{_text(finding.object)} ({finding.probe}{figure})</p>"
        f"<p>{_text(finding.meaning)}</p>{remedy}</div>"
    )


def _well(finding: Finding) -> str:
    figure = "" if finding.figure is None else in_words(finding.figure, finding.unit)
    return f"<tr><td>{finding.probe}</td><td>{figure}</td><td>{_text(finding.meaning)}</td></tr>"


def _chart(chart: Chart) -> Iterator[str]:
    yield f"<h2>{_text(chart.title)}</h2>"
    if chart.note:
        yield f"<p>{_text(chart.note)}</p>"
        return
    yield _svg(chart)
    items = (
        f'<li><span style="color:{_colour(number)}">&#9632;</span> {_text(name)}: '
        f"{in_words(points[-1][1], chart.unit)}</li>"
        for number, (name, points) in enumerate(chart.lines.items())
    )
    yield f"<ul>{''.join(items)}</ul>"


def _svg(chart: Chart) -> str:
    points = [point for line in (*chart.lines.values(), *chart.dashed.values()) for point in line]
    first, last = min(p[0] for p in points), max(p[0] for p in points)
    most = max(p[1] for p in points)
    seconds = max((last - first).total_seconds(), 1.0)

    def place(line: Points) -> str:
        return " ".join(
            f"{_LEFT + (_WIDTH - _LEFT) * (moment - first).total_seconds() / seconds:.1f},"
            f"{(_HEIGHT - _BOTTOM) * (1 - figure / (most or 1)) + 8:.1f}"
            for moment, figure in line
        )

    def drawn(line: Points, number: int, style: str) -> str:
        mark = (
            f'stroke="{_colour(number)}" stroke-width="3" stroke-linecap="round" fill="none"{style}'
        )
        return f'<polyline points="{place(line * 2 if len(line) == 1 else line)}" {mark}/>'

    names = list(chart.lines)
    lines = [drawn(line, names.index(name), "") for name, line in chart.lines.items()]
    lines += [
        drawn(line, names.index(name), ' stroke-dasharray="5 4"')
        for name, line in chart.dashed.items()
        if name in chart.lines
    ]
    labels = (
        f'<text x="0" y="16">{in_words(most, chart.unit)}</text>'
        f'<text x="0" y="{_HEIGHT - _BOTTOM + 8}">0</text>'
        f'<text x="{_LEFT}" y="{_HEIGHT}">{first:%Y-%m-%d}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT}" text-anchor="end">{last:%Y-%m-%d}</text>'
    )
    label = f'role="img" aria-label="{_text(chart.title)}"'
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + 4}" {label}>{"".join(lines)}{labels}</svg>'


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]
