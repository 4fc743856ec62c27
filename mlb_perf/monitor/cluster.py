"""On a cluster of Citus: figures of the shards in place of the coordinator's, which has no rows.

A distributed table is empty on the coordinator, its indexes are never scanned there, and its
sequences are not all that number its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from mlb_perf import sql
from mlb_perf.citus.nodes import Nodes, Shard
from mlb_perf.monitor.findings import Finding, Severity, grade
from mlb_perf.monitor.probes.probe import Metric, Probe, Rows, from_file
from mlb_perf.monitor.thresholds import Thresholds

Key = tuple[str, str]
_PREFIX = "performance_monitoring."
_FEEDS = (
    "action_network_games", "action_network_history", "action_network_odds", "mlb_stats_api_games",
    "odds_api_odds", "sbd_splits", "vsin_splits",
)  # fmt: skip
_POLLS = " UNION ALL ".join(
    sql.read("monitor/polls_of_feed.sql").replace("{table}", feed) for feed in _FEEDS
)
_SOURCES = {"feed_freshness": from_file("feed_freshness_of_cluster").replace("{polls}", _POLLS)}


def source(probe: Probe, major: int) -> str:
    """The query of the probe that Citus takes."""
    return _SOURCES.get(probe.name, probe.source_on(major))


def corrected(nodes: Nodes, probe: Probe, rows: Rows) -> Rows:
    """The rows of the probe with the figures of all nodes."""
    correct = _CORRECTIONS.get(probe.name)
    return rows if correct is None else correct(nodes, rows)


def silent(nodes: Nodes) -> Iterator[Finding]:
    """One finding for each node that did not answer: its shards are in no figure."""
    for address, error in nodes.silent.items():
        yield Finding(
            Severity.WARNING, "cluster", address, f"does not answer ({error}), so its shards are "
            "in no figure of this report", remedy="SELECT citus_check_cluster_node_health()",
        )  # fmt: skip


def _index_usage(nodes: Nodes, rows: Rows) -> Rows:
    figures = ("scans", "entries_read", "rows_fetched", "index_bytes")
    used = _summed(
        nodes.ask(sql.read("citus/index_use.sql"), "index_name"), lambda s: s.root_name, figures
    )
    return [_with(row, used.get((row.schema_name, row.index_name))) for row in rows]


def _unused(nodes: Nodes, rows: Rows) -> Rows:
    """Without those that some node has scanned."""
    found = sorted(_index_usage(nodes, rows), key=lambda row: -row.index_bytes)
    return [row for row in found if not getattr(row, "scans", 0)]


def _table_bloat(nodes: Nodes, rows: Rows) -> Rows:
    figures = ("heap_bytes", "needed_bytes", "bloat_bytes", "dead_rows", "dead_bytes")
    answers = nodes.of_view(f"{_PREFIX}table_bloat", "table_name")
    found = _summed(answers, lambda shard: shard.name, figures, known=True)
    for its in found.values():
        its["partition_of"] = "a cluster"  # which, as for a partition, no rebuild takes
    return _worst([_with(row, found.get((row.schema_name, row.table_name))) for row in rows],
                  "heap_bytes")  # fmt: skip


def _index_bloat(nodes: Nodes, rows: Rows) -> Rows:
    """Of shards only: the coordinator's indexes of distributed tables are empty."""
    figures = ("index_bytes", "bloat_bytes")
    query = sql.read("monitor/index_bloat.sql")
    found = _summed(nodes.ask(query, "index_name"), lambda s: s.name, figures, known=True)
    local = [row for row in rows if (row.schema_name, row.index_name) not in found]
    return _worst([*local, *(SimpleNamespace(**its) for its in found.values())], "index_bytes")


def _sequences(nodes: Nodes, rows: Rows) -> Rows:
    """The fullest of each sequence's ranges."""
    fullest: dict[Key, dict[str, Any]] = {}
    for _, its in nodes.ask(sql.read("citus/sequence_use.sql"), "sequence_name"):
        key = (its["schema_name"], its["sequence_name"])
        if key not in fullest or its["used_ratio"] > fullest[key]["used_ratio"]:
            fullest[key] = its
    return [_with(row, fullest.get((row.schema_name, row.sequence_name))) for row in rows]


_CORRECTIONS: dict[str, Callable[[Nodes, Rows], Rows]] = {
    "index_usage": _index_usage,
    "unused_indexes": _unused,
    "table_bloat": _table_bloat,
    "index_bloat": _index_bloat,
    "sequence_headroom": _sequences,
}


def _summed(
    answers: Iterable[tuple[Shard | None, dict[str, Any]]],
    name: Callable[[Shard], str],
    figures: tuple[str, ...],
    *,
    known: bool = False,
) -> dict[Key, dict[str, Any]]:
    """The figures of all shards of a table or an index, with the other columns of one of them."""
    found: dict[Key, dict[str, Any]] = {}
    for shard, row in answers:
        if shard is None or (known and not row["is_known"]):
            continue
        own = {n: value for n, value in row.items() if n not in ("table_name", "index_name")}
        its = found.setdefault(
            (shard.schema_name, name(shard)), own | dict.fromkeys(figures, 0)
        )  # fmt: skip
        for figure in figures:
            its[figure] += row[figure] or 0
    return found


def _with(row: Any, figures: dict[str, Any] | None) -> Any:
    """The row with other figures."""
    return row if figures is None else SimpleNamespace(**{**row._mapping, **figures})


def _worst(rows: list[Any], whole: str) -> Rows:
    """The ratio of the sums, the most bloated first."""
    for row in rows:
        if isinstance(row, SimpleNamespace):
            size = getattr(row, whole)
            row.bloat_ratio = row.bloat_bytes / size if size else None
    return sorted(rows, key=lambda row: -(row.bloat_bytes or 0))


def _uneven(rows: Rows, limits: Thresholds) -> Iterator[Finding]:
    sizes = [row.bytes for row in rows if row.shouldhaveshards]
    mean = sum(sizes) / len(sizes) if sizes else 0
    for row in rows:
        if not row.isactive:
            yield Finding(
                Severity.CRITICAL, "cluster", row.address, "is not active: questions about its "
                "shards fail", remedy=f"SELECT citus_activate_node{_host(row.address)}",
            )  # fmt: skip
        times = row.bytes / mean if mean and row.shouldhaveshards else 0.0
        severity, limit = grade(times, limits.cluster_imbalance_warning_times)
        if severity and row.bytes >= limits.cluster_imbalance_minimum_bytes:
            yield Finding(
                severity, "cluster", row.address, "has more bytes than the mean of the nodes",
                times, "times", limit, "SELECT citus_rebalance_start()",
            )  # fmt: skip


def _host(address: str) -> str:
    host, _, port = address.rpartition(":")
    return f"('{host}', {port})"


def _even(rows: Rows, limits: Thresholds) -> Finding:
    taking = [row for row in rows if row.shouldhaveshards]
    said = "; ".join(f"{row.address}: {row.shards:,} shards" for row in taking)
    total = sum(row.bytes for row in taking)
    most = max((row.bytes * len(taking) / total for row in taking), default=None) if total else None
    return Finding(
        Severity.OK, "cluster", "nodes", said or "no table is distributed", most, "times",
        limits.cluster_imbalance_warning_times,
    )  # fmt: skip


CLUSTER = Probe(
    "cluster", f"({sql.read('citus/shards.sql')}) AS answer", _uneven, _even,
    (
        Metric("cluster_node_shards", "Shards of a node", "shards", ("address",)),
        Metric("cluster_node_size_bytes", "Bytes of a node's shards", "bytes", ("address",)),
    ),
)  # fmt: skip
"""Run besides the others where the extension is."""
