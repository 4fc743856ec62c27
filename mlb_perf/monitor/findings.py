"""What a probe says: how bad, of which object, by which figure, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from mlb_perf.formatting import Unit


class Severity(IntEnum):
    """How bad it is; the number is the exit status of ``mlb-perf status``."""

    OK = 0
    WARNING = 1
    CRITICAL = 2

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """One thing that a probe saw.

    ``figure`` is in ``unit``, and ``threshold`` is the limit that it was held
    against; both are ``None`` where there is nothing to measure or it cannot be
    seen, and ``meaning`` then says so. ``remedy`` is SQL, or a command of the shell.
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
    """How bad a figure is of which more is worse, and the limit that says so.

    Below both, the limit is the warning's: the next one to be met.
    """
    if figure >= critical:
        return Severity.CRITICAL, critical
    if figure >= warning:
        return Severity.WARNING, warning
    return Severity.OK, warning


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Critical ones first; among equals the order in which the probes gave them."""
    return sorted(findings, key=lambda finding: -finding.severity)


def worst(findings: Iterable[Finding]) -> Severity:
    """The worst severity; OK where there is no finding."""
    return max((finding.severity for finding in findings), default=Severity.OK)
