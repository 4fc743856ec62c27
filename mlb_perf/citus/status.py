"""The cluster: its nodes, their shards, and how even they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.citus import catalog, checks
from mlb_perf.citus.layout import Placement, groups
from mlb_perf.schemas import SCHEMAS


@dataclass(frozen=True)
class NodeShards:
    """The shards of distributed tables on a node, partitions counted each, and their bytes."""

    address: str
    is_coordinator: bool
    is_active: bool
    takes_shards: bool
    shards: int
    bytes: int


@dataclass(frozen=True)
class Status:
    """The extension's version, the nodes, and how many tables lie as the models say."""

    version: str
    nodes: tuple[NodeShards, ...]
    reference: int
    spread: int
    local: tuple[str, ...]
    leftovers: tuple[str, ...]

    @property
    def imbalance(self) -> float:
        """Bytes of the fullest node that takes shards over the mean; 1 is even."""
        sizes = [node.bytes for node in self.nodes if node.takes_shards]
        mean = sum(sizes) / len(sizes) if sizes else 0
        return max(sizes) / mean if mean else 1.0


def read(connection: Connection) -> Status:
    """The state now; :class:`~mlb_perf.errors.DistributionFailed` without the extension."""
    version = checks.require_citus(connection)
    placed = [it for group in groups() for it in group]
    have = catalog.tables(connection, placed)
    rows = connection.execute(text(sql.read("citus/shards.sql")), {"schemas": list(SCHEMAS)})
    nodes = tuple(
        NodeShards(
            r.address, r.is_coordinator, r.isactive, r.shouldhaveshards, r.shards, r.bytes
        ) for r in rows
    )  # fmt: skip
    return Status(
        version, nodes, _count(placed, have, "n"), _count(placed, have, "h"),
        tuple(it.qualified for it in placed if not _is_done(it, have)),
        tuple(table.name for table in have.values() if table.local_bytes),
    )  # fmt: skip


def _count(placed: Sequence[Placement], have: dict[str, catalog.Table], method: str) -> int:
    return sum(1 for it in placed if it.qualified in have and have[it.qualified].method == method)


def _is_done(it: Placement, have: dict[str, catalog.Table]) -> bool:
    return it.qualified in have and have[it.qualified].method is not None
