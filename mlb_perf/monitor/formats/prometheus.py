"""The figures in Prometheus' text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlb_perf.monitor.findings import Severity
from mlb_perf.monitor.probes.probe import Sample
from mlb_perf.monitor.report import Report

_PREFIX = "mlb_perf_"


def exposition(report: Report) -> str:
    """Every family with its HELP and TYPE, units in the names, labels escaped."""
    lines = [line for family in (*_of_report(report), *_of_probes(report)) for line in family]
    return "\n".join(lines) + "\n"


def _of_report(report: Report) -> Iterator[Iterator[str]]:
    facts = report.facts
    about = (
        ("database", facts.database_name), ("role", facts.role_name),
        ("server_version", facts.server_version), ("revision", facts.revision or ""),
        ("head", facts.head),
    )  # fmt: skip
    yield _family("info", "The database of these figures", "gauge", [Sample(about, 1)])
    yield _family("findings", "Findings by probe and severity", "gauge", _counts(report))
    yield _family(
        "probe_success", "Whether the probe succeeded", "gauge",
        [Sample((("probe", a.probe.name),), a.rows is not None) for a in report.answers],
    )  # fmt: skip
    yield _family(
        "probe_duration_seconds", "Duration of the probe", "gauge",
        [Sample((("probe", a.probe.name),), a.seconds) for a in report.answers],
    )  # fmt: skip


def _counts(report: Report) -> Iterator[Sample]:
    """Also zeros, so that an alert ends."""
    for probe in sorted({finding.probe for finding in report.findings}):
        for severity in (Severity.WARNING, Severity.CRITICAL):
            labels = (("probe", probe), ("severity", severity.label))
            found = [f for f in report.findings if (f.probe, f.severity) == (probe, severity)]
            yield Sample(labels, len(found))


def _of_probes(report: Report) -> Iterator[Iterator[str]]:
    for answer in report.answers:
        for metric in answer.probe.metrics:
            samples = metric.samples(answer.rows) if answer.rows is not None else []
            if samples:
                yield _family(metric.name, metric.help, metric.kind, samples)


def _family(name: str, help_: str, kind: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {_PREFIX}{name} {help_.replace(chr(92), chr(92) * 2)}"
    yield f"# TYPE {_PREFIX}{name} {kind}"
    for sample in samples:
        labels = ",".join(f'{label}="{_escaped(value)}"' for label, value in sample.labels)
        value = float(sample.value)
        number = f"{value:.0f}" if value.is_integer() else repr(value)
        yield f"{_PREFIX}{name}{{{labels}}} {number}" if labels else f"{_PREFIX}{name} {number}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
