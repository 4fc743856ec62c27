"""The report as one JSON object; docs/monitoring.md describes it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.report import Report
from mlb_perf.monitor.server_info import Facts

_FOR_PROBES = ("data_directory", "tablespaces", "missing", "has_citus")


def as_json(report: Report, *, indent: int | None = 2) -> str:
    """The object; without ``indent`` on one line."""
    return json.dumps(as_dict(report), indent=indent)


def as_dict(report: Report) -> dict[str, Any]:
    """The object's contents."""
    findings = [_plain(finding) for finding in report.findings]
    counts = Counter(finding["severity"] for finding in findings)
    return {
        "version": 1,
        "severity": report.severity.label,
        "exit_status": int(report.severity),
        "counts": {severity.label: counts[severity.label] for severity in reversed(Severity)},
        "database": _database(report.facts),
        "findings": findings,
    }


def _database(facts: Facts) -> dict[str, Any]:
    """What describes the database; the rest is for the probes."""
    named = asdict(facts) | {"taken_at": facts.taken_at.isoformat()}
    return {name: value for name, value in named.items() if name not in _FOR_PROBES}


def _plain(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"severity": finding.severity.label}
