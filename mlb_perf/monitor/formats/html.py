"""The report as one HTML page, which needs no network: the findings, then figures over time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

from mlb_perf import templates
from mlb_perf.formatting import in_words, plural, printable
from mlb_perf.monitor.findings import Finding
from mlb_perf.monitor.formats.plot import plot
from mlb_perf.monitor.history import Chart
from mlb_perf.monitor.report import Report
from mlb_perf.monitor.server_info import Facts

_FOLDER = Path(__file__).with_name("templates")


def page(report: Report, charts: Iterable[Chart]) -> str:
    """The whole page; the template escapes every value."""
    name = printable(report.facts.database_name)
    wrong = [finding for finding in report.findings if finding.severity]
    well = [finding for finding in report.findings if not finding.severity]
    return templates.render(
        _FOLDER,
        "status.html.mako",
        title=f"{name}: mlb-perf status",
        heading=f"{name}: {report.severity.label}",
        about=_about(report.facts),
        wrong=map(_shown, wrong),
        well=map(_shown, well),
        checks=f"{plural(len(well), 'check')} without a finding",
        plots=map(plot, charts),
    )


def _about(facts: Facts) -> str:
    return (
        f"{facts.url}, PostgreSQL {facts.server_version}, revision {facts.revision or '?'}, as "
        f"{printable(facts.role_name)}, {facts.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    )


def _shown(finding: Finding) -> SimpleNamespace:
    """The finding in words, without control characters."""
    figure = "" if finding.figure is None else in_words(finding.figure, finding.unit)
    if finding.severity and finding.figure is not None and finding.threshold is not None:
        figure += f", limit {in_words(finding.threshold, finding.unit)}"
    return SimpleNamespace(
        severity=finding.severity.label, probe=finding.probe, object=printable(finding.object),
        meaning=printable(finding.meaning), figure=figure, remedy=printable(finding.remedy or ""),
    )  # fmt: skip
