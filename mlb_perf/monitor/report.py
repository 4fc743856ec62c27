"""Run every probe, and collect the answers."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.citus.nodes import Nodes, nodes_of
from mlb_perf.monitor import cluster
from mlb_perf.monitor.disk import disk_findings
from mlb_perf.monitor.findings import Finding, Severity, worst, worst_first
from mlb_perf.monitor.probes import PROBES
from mlb_perf.monitor.probes.probe import Probe, Rows
from mlb_perf.monitor.server_info import INSUFFICIENT_PRIVILEGE, Facts, gather, revision_finding
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.names import qualified
from mlb_perf.schemas import SCHEMAS

_NOT_ANSWERED = {
    "40001": "a standby that applies changes ended the query; retry",
    "55P03": "another session, such as a migration, holds a lock that the probe needs; retry",
    "57014": "no answer within the statement_timeout of 20 s; query the view yourself",
}


@dataclass(frozen=True)
class Answer:
    """The answer of one probe; ``rows`` is None if the query failed."""

    probe: Probe
    rows: Rows | None
    findings: list[Finding]
    seconds: float


@dataclass(frozen=True)
class Report:
    """The database's state at one moment."""

    facts: Facts
    answers: list[Answer]
    limits: Thresholds = field(default_factory=Thresholds)

    @property
    def findings(self) -> list[Finding]:
        """The findings of all probes, the worst first."""
        probed = [finding for answer in self.answers for finding in answer.findings]
        rest = (*disk_findings(self.facts, self.limits), revision_finding(self.facts))
        return worst_first([*probed, *rest])

    @property
    def severity(self) -> Severity:
        """The severity of the worst finding; its number is the exit status."""
        return worst(self.findings)


def assess(
    connection: Connection, limits: Thresholds | None = None, probes: Iterable[Probe] = PROBES
) -> Report:
    """Run all probes; reads only. The connection comes from :func:`server_info.probing`.

    A probe that this role may not run, or that meets a lock, gives a finding that
    says so. Raises :class:`~mlb_perf.errors.MonitoringUnavailable`.
    """
    limits, probes = limits or Thresholds(), tuple(probes)
    early = [probe.needs for probe in probes if probe.needs and not probe.is_late]
    late = [probe.needs for probe in probes if probe.needs and probe.is_late]
    facts = gather(connection, early, late)
    nodes = nodes_of(connection) if facts.has_citus else None
    if nodes is not None:
        probes = (*probes, cluster.CLUSTER)
    answers = [_run(connection, probe, limits, facts, nodes) for probe in probes]
    if nodes is not None:
        answers[-1].findings.extend(cluster.silent(nodes))
    return Report(facts, answers, limits)


def _run(
    connection: Connection, probe: Probe, limits: Thresholds, facts: Facts, nodes: Nodes | None
) -> Answer:
    if probe.needs in facts.missing:
        return Answer(probe, None, [_not_yet(probe, facts)], 0.0)
    started = time.perf_counter()
    values = asdict(limits) | {"schemas": list(SCHEMAS)}
    try:
        source = cluster.source(probe, facts.major) if nodes else probe.source_on(facts.major)
        statement = text(f"SELECT * FROM {source}")  # noqa: S608  a constant of the package
        rows: Rows | None = connection.execute(statement, values).all()
        if nodes is not None and rows is not None:
            rows = cluster.corrected(nodes, probe, rows)
    except DBAPIError as error:
        rows, findings = None, [_unanswered(error, probe, facts.role_name)]
    else:
        findings = probe.findings(rows or (), limits)
    return Answer(probe, rows, findings, time.perf_counter() - started)


def _not_yet(probe: Probe, facts: Facts) -> Finding:
    return Finding(
        Severity.WARNING, probe.name, "database",
        f"not known: the view {probe.needs} comes after revision {facts.revision or '?'}",
        remedy="mlb-perf alembic upgrade head",
    )  # fmt: skip


def _unanswered(error: DBAPIError, probe: Probe, role: str) -> Finding:
    state = diagnosis.sqlstate(error) or ""
    if state == INSUFFICIENT_PRIVILEGE:
        remedy = f"GRANT pg_monitor TO {qualified(role)}"
        means = "this role may not read it"
    elif state in _NOT_ANSWERED:
        remedy, means = None, _NOT_ANSWERED[state]
    else:
        raise error
    said = f"not known: {diagnosis.said(error)}; {means}"
    return Finding(Severity.WARNING, probe.name, "database", said, remedy=remedy)
