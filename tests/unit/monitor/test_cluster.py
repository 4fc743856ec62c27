"""Figures of shards in place of the coordinator's."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from mlb_perf.citus.nodes import Nodes, Shard
from mlb_perf.monitor import cluster
from mlb_perf.monitor.findings import Severity
from mlb_perf.monitor.probes import PROBES
from mlb_perf.monitor.probes.probe import Probe
from mlb_perf.monitor.thresholds import Thresholds

ODDS = Shard("raw_data", "ix_odds_2026_05", "ix_odds")


class Asked(Nodes):
    """Nodes whose answers are given: the shard, and what its node says."""

    def __init__(self, *answers: tuple[Shard | None, dict[str, Any]]) -> None:
        super().__init__(None, {}, {})  # type: ignore[arg-type]
        self.answers = answers

    def ask(self, _query: str, _named: str) -> Iterator[tuple[Shard | None, dict[str, Any]]]:
        return iter(self.answers)

    def of_view(self, _view: str, named: str) -> Iterator[tuple[Shard | None, dict[str, Any]]]:
        return self.ask("", named)


def probe(name: str) -> Probe:
    (found,) = [it for it in PROBES if it.name == name]
    return found


def row(**columns: Any) -> SimpleNamespace:
    """A row as SQLAlchemy gives it."""
    return SimpleNamespace(_mapping=columns, **columns)


def use(scans: int) -> dict[str, Any]:
    return {"schema_name": "raw_data", "index_name": "ix_odds_2026_05_102008", "scans": scans,
            "entries_read": 1, "rows_fetched": 1, "index_bytes": 8192}  # fmt: skip


def index(name: str) -> SimpleNamespace:
    return row(schema_name="raw_data", index_name=name, index_bytes=0, table_name="odds")


@pytest.mark.parametrize(("scans", "left"), [(0, ["ix_odds", "ix_local"]), (3, ["ix_local"])])
def test_an_index_that_one_shard_uses_is_not_unused(scans: int, left: list[str]) -> None:
    nodes = Asked((ODDS, use(0)), (ODDS, use(scans)), (None, use(9)))
    found = cluster.corrected(nodes, probe("unused_indexes"), [index("ix_local"), index("ix_odds")])
    assert [it.index_name for it in found] == left
    assert [it.index_bytes for it in found if it.index_name == "ix_odds"] == [16384] * (not scans)


def test_use_is_the_sum_of_the_shards() -> None:
    nodes = Asked((ODDS, use(1)), (ODDS, use(2)))
    local = row(schema_name="x", index_name="y", scans=7, index_bytes=1)
    of_odds = row(schema_name="raw_data", index_name="ix_odds", scans=0, index_bytes=0)
    found = cluster.corrected(nodes, probe("index_usage"), [of_odds, local])
    assert [(it.scans, it.index_bytes) for it in found] == [(3, 16384), (7, 1)]


def test_bloat_is_the_sum_of_the_shards_and_no_rebuild_is_advised() -> None:
    shard = Shard("curated", "lines", "lines")
    own = {"schema_name": "curated", "table_name": "lines_102008", "heap_bytes": 2 * 10**9,
           "needed_bytes": 5 * 10**8, "bloat_bytes": 15 * 10**8, "dead_rows": 0, "dead_bytes": 0,
           "is_known": True}  # fmt: skip
    here = row(schema_name="curated", table_name="lines", partition_of=None, heap_bytes=0,
               bloat_bytes=0, bloat_ratio=None, dead_rows=0, dead_bytes=0,
               is_known=True)  # fmt: skip
    chosen = probe("table_bloat")
    found = cluster.corrected(Asked((shard, own), (shard, own)), chosen, [here])
    assert (found[0].heap_bytes, found[0].bloat_ratio) == (4 * 10**9, 0.75)
    (finding,) = chosen.findings(found, Thresholds())
    assert finding.remedy == "VACUUM FULL curated.lines -- blocks its readers and writers meanwhile"


def test_the_fullest_range_of_a_sequence_counts() -> None:
    ranges = [{"schema_name": "curated", "sequence_name": "s", "used_ratio": used} for used in
              (0.2, 0.97, 0.1)]  # fmt: skip
    here = row(schema_name="curated", sequence_name="s", used_ratio=0.01)
    nodes = Asked(*((None, its) for its in ranges))
    (found,) = cluster.corrected(nodes, probe("sequence_headroom"), [here])
    assert found.used_ratio == 0.97


def node(address: str, size: int, *, active: bool = True) -> SimpleNamespace:
    return SimpleNamespace(address=address, bytes=size, shards=4, isactive=active,
                           shouldhaveshards=True)  # fmt: skip


def test_an_uneven_cluster_and_a_node_that_is_away() -> None:
    even = cluster.CLUSTER.findings([node("a:1", 10**10), node("b:2", 10**10)], Thresholds())
    assert [(it.severity, it.figure) for it in even] == [(Severity.OK, 1)]
    full, away = cluster.CLUSTER.findings(
        [node("a:1", 10**10), node("b:2", 10**9, active=False)], Thresholds()
    )
    assert (full.object, full.severity, full.remedy) == (
        "b:2", Severity.CRITICAL, "SELECT citus_activate_node('b', 2)",
    )  # fmt: skip
    assert (away.object, away.severity, away.remedy) == (
        "a:1", Severity.WARNING, "SELECT citus_rebalance_start()",
    )  # fmt: skip


def test_a_silent_node_is_a_finding() -> None:
    nodes = Asked()
    nodes.silent["b:2"] = "connection refused"
    (finding,) = cluster.silent(nodes)
    assert (finding.object, finding.severity) == ("b:2", Severity.WARNING)
    assert "connection refused" in finding.meaning
