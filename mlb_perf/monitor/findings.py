"""A finding of a probe: severity, object, figure, and the fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from mlb_perf.formatting import Unit


class Severity(IntEnum):
    """How bad a finding is; its number is the exit status of ``mlb-perf status``."""

    OK = 0
    WARNING = 1
    CRITICAL = 2

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """One result of a probe.

    ``figure`` is in ``unit``, ``threshold`` is the limit for it. Both are ``None``
    if there is nothing to measure or this role cannot see it; ``meaning`` then says
    so. ``remedy`` is SQL, or a shell command.
    """

    severity: Severity
    probe: str
    object: str
    meaning: str
    figure: float | None = None
    unit: Unit | None = None
    threshold: float | None = None
    remedy: str | None = None


def grade(figure: float, warning: float, critical: float = float("inf")) -> tuple[Severity, float]:
    """The severity of a figure of which more is worse, and the limit that decides it.

    Below both limits, it is the limit of the warning.
    """
    if figure >= critical:
        return Severity.CRITICAL, critical
    if figure >= warning:
        return Severity.WARNING, warning
    return Severity.OK, warning


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Critical findings first; equal ones in the order of the probes."""
    return sorted(findings, key=lambda finding: -finding.severity)


def worst(findings: Iterable[Finding]) -> Severity:
    """The worst severity; OK if there is no finding."""
    return max((finding.severity for finding in findings), default=Severity.OK)
