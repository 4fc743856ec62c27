"""What the catalog promises and does not hold: triggers, constraints, collations."""

from __future__ import annotations

from collections.abc import Iterator

from mlb_perf.formatting import one_line, plural
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, from_file
from mlb_perf.monitor.thresholds import Thresholds


def _triggers(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        yield Finding(
            Severity.WARNING, "disabled_triggers", row.table_name,
            f"{plural(row.disabled, 'trigger')} disabled ({row.triggers}): what they check or "
            "write is missing from rows written since",
            float(row.disabled), "count", 0, row.remedy,
        )  # fmt: skip


def _all_fire(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(Severity.OK, "disabled_triggers", "triggers", "no trigger is disabled")


def _constraints(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        yield Finding(
            Severity.WARNING, "unvalidated_constraints", row.name,
            f"NOT VALID: rows from before it may break it: {one_line(row.definition)}",
            remedy=f"{row.remedy} -- names the rows that break it, if there are any",
        )  # fmt: skip


def _all_valid(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(
        Severity.OK, "unvalidated_constraints", "constraints", "every constraint is validated"
    )


def _collations(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        yield Finding(
            Severity.WARNING, "collations", row.name,
            f"its indexes were built with version {row.recorded} of the library, which now has "
            f"{row.present or 'none'}: an index on text may miss rows and admit duplicates",
            remedy=row.remedy,
        )  # fmt: skip


def _all_same(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(Severity.OK, "collations", "collations", "versions are those of the indexes")


PROBES = (
    Probe(
        "disabled_triggers", from_file("disabled_triggers"), _triggers, _all_fire,
        (Metric("disabled_triggers", "Triggers that do not fire", "disabled", combine=sum,
                empty=True),),
    ),
    Probe(
        "unvalidated_constraints", from_file("unvalidated_constraints"), _constraints, _all_valid,
    ),
    Probe("collations", from_file("collations"), _collations, _all_same),
)  # fmt: skip
