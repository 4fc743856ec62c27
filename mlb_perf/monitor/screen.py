"""The report as one screen: what is wrong first, each with what mends it; then what is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.report import Report
from mlb_perf.monitor.words import in_words

SHOWN_OF_A_PROBE = 4

_INDENT = 10
_STYLES = {Severity.OK: "green", Severity.WARNING: "bold yellow", Severity.CRITICAL: "bold red"}
_CONSOLE = Console(width=80, no_color=True)


def render(report: Report, width: int | None, *, every: bool = False) -> Text:
    """The screen, wrapped at ``width``; not at all if that is None, as for a pipe.

    Of one probe it names four findings, and how many there are, unless ``every``.
    """
    lines = [*_head(report), Text()]
    wrong = [finding for finding in report.findings if finding.severity]
    for finding in wrong if every else _some(wrong):
        lines += [*_wrong(finding), Text()]
    if not every:
        lines += _rest(wrong)
    well = [finding for finding in report.findings if not finding.severity]
    lines += [_well(finding, max(len(f.probe) for f in well)) for finding in well]
    return Text("\n").join(part for line in lines for part in _wrapped(line, width))


def _head(report: Report) -> Iterator[Text]:
    facts = report.facts
    yield Text(f"{'Database':<{_INDENT}}{facts.url}")
    yield Text(
        f"{'':<{_INDENT}}PostgreSQL {facts.server_version}, revision {facts.revision or '?'}, "
        f"as {facts.role_name}, {facts.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    counts = Counter(finding.severity for finding in report.findings)
    said = [_counted(counts[severity], severity) for severity in reversed(Severity)]
    yield Text(f"{'State':<{_INDENT}}").append(", ".join(said), _STYLES[report.severity])


def _counted(count: int, severity: Severity) -> str:
    plural = "s" if severity is Severity.WARNING and count != 1 else ""
    return f"{count} {severity.label}{plural}"


def _some(wrong: list[Finding]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for finding in wrong:
        seen[finding.probe] += 1
        if seen[finding.probe] <= SHOWN_OF_A_PROBE:
            yield finding


def _rest(wrong: list[Finding]) -> Iterator[Text]:
    counts = Counter(finding.probe for finding in wrong)
    hidden = {probe: n - SHOWN_OF_A_PROBE for probe, n in counts.items() if n > SHOWN_OF_A_PROBE}
    if hidden:
        listed = ", ".join(f"{count} more of {probe}" for probe, count in hidden.items())
        yield Text(f"{'':<{_INDENT}}{listed}: mlb-perf status --all", "dim")
        yield Text()


def _wrong(finding: Finding) -> Iterator[Text]:
    label = finding.severity.label.upper()
    line = Text(f"{label:<{_INDENT}}", _STYLES[finding.severity])
    line.append(finding.object, "bold").append(f"  {finding.probe}", "not bold cyan")
    if finding.figure is not None:
        line.append(f"  {in_words(finding.figure, finding.unit)}", "bold")
    if finding.figure is not None and finding.threshold is not None:
        line.append(f", limit {in_words(finding.threshold, finding.unit)}", "not bold")
    yield line
    yield Text(f"{'':<{_INDENT}}{finding.meaning}")
    if finding.remedy:
        yield Text(f"{'':<{_INDENT}}> {finding.remedy}", "cyan")


def _well(finding: Finding, width: int) -> Text:
    figure = "" if finding.figure is None else in_words(finding.figure, finding.unit)
    line = Text(f"{'ok':<{_INDENT}}", _STYLES[Severity.OK])
    line.append(f"{finding.probe:<{width}}  ", "not green cyan")
    return line.append(f"{figure:>10}  {finding.meaning}", "default")


def _wrapped(line: Text, width: int | None) -> Iterator[Text]:
    """The line in pieces of ``width``, those after the first set in."""
    if width is None or line.cell_len <= width:
        yield line
        return
    body = line[_INDENT:]
    first = line[:_INDENT]
    for number, piece in enumerate(body.wrap(_CONSOLE, width - _INDENT, overflow="fold")):
        piece.rstrip()
        yield (first if number == 0 else Text(" " * _INDENT)).append_text(piece)
