"""The report as one screen: problems first, each with its fix, then all else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rich.console import Console
from rich.text import Text

from mlb_perf.formatting import in_words, printable
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.report import Report

SHOWN_OF_A_PROBE = 4

_INDENT = 10
_FIGURE = 11
_STYLES = {Severity.OK: "green", Severity.WARNING: "bold yellow", Severity.CRITICAL: "bold red"}
_CONSOLE = Console(width=80, no_color=True)


@dataclass(frozen=True)
class _Line:
    """A line, and the indent of its continuation if it is too long."""

    text: Text
    indent: int = _INDENT

    def pieces(self, width: int | None) -> Iterator[Text]:
        if width is None or self.text.cell_len <= width:
            yield self.text
            return
        first, rest = self.text[: self.indent], self.text[self.indent :]
        for piece in rest.wrap(_CONSOLE, max(width - self.indent, 20), overflow="fold"):
            piece.rstrip()
            yield first.append_text(piece)
            first = Text(" " * self.indent)


def render(report: Report, width: int | None, *, every: bool = False) -> Text:
    """The screen, wrapped at ``width``; None does not wrap, for a pipe.

    Shows four findings of each probe and the number of the others, unless ``every``.
    """
    wrong = _merged(finding for finding in report.findings if finding.severity)
    well = [finding for finding in report.findings if not finding.severity]
    lines = [*_head(report), _Line(Text())]
    for finding in wrong if every else _some(wrong):
        lines += [*_wrong(finding), _Line(Text())]
    if not every:
        lines += _rest(wrong)
    column = max((len(finding.probe) for finding in well), default=0)
    lines += [_well(finding, column) for finding in well]
    return Text("\n").join(piece for line in lines for piece in line.pieces(width))


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Merge equal findings of several probes, such as one lock that blocks them all."""
    alike: dict[Finding, list[str]] = {}
    for finding in findings:
        alike.setdefault(replace(finding, probe=""), []).append(finding.probe)
    return [
        replace(finding, probe=", ".join(dict.fromkeys(probes)))
        for finding, probes in alike.items()
    ]


def _head(report: Report) -> Iterator[_Line]:
    facts = report.facts
    yield _Line(Text(f"{'Database':<{_INDENT}}{facts.url}"))
    yield _Line(
        Text(
            f"{'':<{_INDENT}}PostgreSQL {facts.server_version}, revision {facts.revision or '?'}, "
            f"as {facts.role_name}, {facts.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    )
    counts = Counter(finding.severity for finding in report.findings)
    said = ", ".join(_counted(counts[severity], severity) for severity in reversed(Severity))
    yield _Line(Text(f"{'State':<{_INDENT}}").append(said, _STYLES[report.severity]))


def _counted(count: int, severity: Severity) -> str:
    plural = "s" if severity is Severity.WARNING and count != 1 else ""
    return f"{count} {severity.label}{plural}"


def _some(wrong: list[Finding]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for finding in wrong:
        seen[finding.probe] += 1
        if seen[finding.probe] <= SHOWN_OF_A_PROBE:
            yield finding


def _rest(wrong: list[Finding]) -> Iterator[_Line]:
    counts = Counter(finding.probe for finding in wrong)
    hidden = {probe: n - SHOWN_OF_A_PROBE for probe, n in counts.items() if n > SHOWN_OF_A_PROBE}
    if hidden:
        listed = ", ".join(f"{count} more of {probe}" for probe, count in hidden.items())
        yield _Line(Text(f"{'':<{_INDENT}}{listed}: mlb-perf status --all", "dim"))
        yield _Line(Text())


def _wrong(finding: Finding) -> Iterator[_Line]:
    line = Text(f"{finding.severity.label.upper():<{_INDENT}}", _STYLES[finding.severity])
    line.append(printable(finding.object), "bold").append(f"  {finding.probe}", "not bold cyan")
    if finding.figure is not None:
        line.append(f"  {in_words(finding.figure, finding.unit)}", "bold")
        if finding.threshold is not None:
            line.append(f", limit {in_words(finding.threshold, finding.unit)}", "not bold")
    yield _Line(line)
    yield _Line(Text(f"{'':<{_INDENT}}{printable(finding.meaning)}"))
    if finding.remedy:
        yield _Line(Text(f"{'':<{_INDENT}}> {printable(finding.remedy)}", "cyan"), _INDENT + 2)


def _well(finding: Finding, column: int) -> _Line:
    figure = "" if finding.figure is None else in_words(finding.figure, finding.unit)
    line = Text(f"{'ok':<{_INDENT}}", _STYLES[Severity.OK])
    line.append(f"{finding.probe:<{column}} ", "not green cyan")
    line.append(f"{figure:>{_FIGURE}}  {printable(finding.meaning)}", "default")
    return _Line(line, _INDENT + column + _FIGURE + 3)
