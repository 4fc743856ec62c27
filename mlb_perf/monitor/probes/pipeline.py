"""The pipeline: games that could not be curated."""

from __future__ import annotations

from collections.abc import Iterator

from mlb_perf.formatting import one_line
from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows
from mlb_perf.monitor.thresholds import Thresholds

_COUNTED = "(SELECT *, 1 AS games FROM performance_monitoring.parked_games) AS answer"


def _parked(rows: Rows, _limits: Thresholds) -> Iterator[Finding]:
    for row in rows:
        yield Finding(
            Severity.WARNING, "parked_games", f"game {row.game_id}",
            f"could not be curated: {one_line(row.reason)}",
            remedy="mlb-perf promote --retry, once the reason is gone",
        )  # fmt: skip


def _none(_rows: Rows, _limits: Thresholds) -> Finding:
    return Finding(Severity.OK, "parked_games", "curation", "no game is parked")


PROBES = (
    Probe(
        "parked_games", _COUNTED, _parked, _none,
        (Metric("parked_games", "Games that could not be curated", "games", combine=sum,
                empty=True),),
    ),
)  # fmt: skip
