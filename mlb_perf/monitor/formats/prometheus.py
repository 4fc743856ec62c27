"""The figures for Prometheus, in its text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.registry import Collector

from mlb_perf.monitor.findings import Severity
from mlb_perf.monitor.probes.probe import Sample
from mlb_perf.monitor.report import Report

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "mlb_perf_"
_TOTAL = "_total"  # which the library appends to the name of a counter


class _Families(Collector):
    """The families of one report."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def collect(self) -> Iterator[Metric]:
        yield from _of_report(self._report)
        yield from _of_probes(self._report)


def exposition(report: Report) -> str:
    """Every family with its HELP and TYPE, units in the names, labels escaped."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(report))
    return generate_latest(registry).decode()


def _of_report(report: Report) -> Iterator[Metric]:
    facts = report.facts
    about = (
        ("database", facts.database_name), ("role", facts.role_name),
        ("server_version", facts.server_version), ("revision", facts.revision or ""),
        ("head", facts.head),
    )  # fmt: skip
    yield _family("info", "The database of these figures", "gauge", [Sample(about, 1)])
    yield _family(
        "report_timestamp_seconds", "When these figures were taken", "gauge",
        [Sample((), facts.taken_at.timestamp())],
    )  # fmt: skip
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


def _of_probes(report: Report) -> Iterator[Metric]:
    for answer in report.answers:
        for metric in answer.probe.metrics:
            samples = metric.samples(answer.rows) if answer.rows is not None else []
            if samples:
                yield _family(metric.name, metric.help, metric.kind, samples)


def _family(name: str, help_: str, kind: str, samples: Iterable[Sample]) -> Metric:
    family = Metric(PREFIX + name.removesuffix(_TOTAL), help_, kind)
    for sample in samples:
        family.add_sample(PREFIX + name, dict(sample.labels), float(sample.value))
    return family
