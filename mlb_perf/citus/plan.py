"""The plan: transactions, statements, locks and expected seconds. A plain value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlb_perf.citus.catalog import Node, Table
from mlb_perf.citus.layout import Group, Placement
from mlb_perf.names import literal

# Measured on the tables of head, 8 and 32 shards: the sum is 0 to 30% above the locks held. The
# coordinator also locks the number of each shard.
_LOCKS_EACH = 2.5

# Measured on one machine (docs/scale-out.md): to create a relation and a shard, and to move rows
# and hash them on both sides.
_SECONDS_EACH = 0.02
_SECONDS_PER_SHARD = 0.01
_BYTES_A_SECOND = 15_000_000


@dataclass(frozen=True)
class Conversion:
    """One transaction: the tables of a group that are not distributed yet, in their order."""

    tables: tuple[str, ...]
    statements: tuple[str, ...]
    bytes: int
    locks: Mapping[str, int]
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What is left to do."""

    shards: int
    conversions: tuple[Conversion, ...]
    leftovers: tuple[str, ...]
    """Distributed tables of which the coordinator still holds the rows from before."""

    def lacking(self, nodes: Sequence[Node]) -> list[str]:
        """One sentence for each node that cannot hold the locks of a transaction."""
        need = [(max(c.locks[n.address] for c in self.conversions), n) for n in nodes
                if self.conversions]  # fmt: skip
        return [
            f"{node.address} can hold {node.free_locks:,} more locks, and the largest transaction "
            f"needs about {locks:,}: raise max_locks_per_transaction there and restart it, or take "
            "fewer --shards"
            for locks, node in need
            if node.free_locks is not None and locks > node.free_locks
        ]


def make(
    wanted: Sequence[Group], have: Mapping[str, Table], nodes: Sequence[Node], shards: int
) -> Plan:
    """The statements for the tables that are still local, and what is to be cleaned up."""
    anchors = _anchors(wanted, have)
    conversions = []
    for group in wanted:
        if left := [it for it in group if have[it.qualified].method is None]:
            statements = tuple(_statement(it, anchors) for it in left)
            conversions.append(_conversion(left, statements, have, nodes, shards))
    leftovers = tuple(
        it.qualified for group in wanted for it in group if have[it.qualified].local_bytes
    )
    return Plan(shards, tuple(conversions), leftovers)


def settings(shards: int) -> tuple[str, ...]:
    """The settings of a transaction that distributes.

    Sequential: after DDL on a reference table Citus refuses parallel DDL on tables that refer to
    it. Without the last one it would take local tables with a foreign key into its metadata.
    """
    return (
        f"SET LOCAL citus.shard_count = {shards}",
        "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
        "SET LOCAL citus.enable_local_reference_table_foreign_keys = off",
    )


def mistaken(wanted: Sequence[Group], have: Mapping[str, Table]) -> list[str]:
    """One sentence for each table that is distributed in another way than the models say."""
    return [
        f"{it.qualified} is {_how(found)} where the models say "
        f"{f'distributed by {it.key}' if it.key else 'a reference table'}: "
        f"undo it (mlb-perf citus undistribute), and run again"
        for group in wanted
        for it in group
        if (found := have[it.qualified]).method is not None
        and (found.method == "n", found.distributed_by) != (it.key is None, it.key)
    ]


def _how(found: Table) -> str:
    return f"distributed by {found.distributed_by}" if found.distributed_by else "not distributed"


def _anchors(wanted: Sequence[Group], have: Mapping[str, Table]) -> dict[str, str | None]:
    """By key, a table that is distributed already; None if none is."""
    spread = [it for group in wanted for it in group if it.key is not None]
    done = {str(it.key): it.qualified for it in spread if have[it.qualified].method}
    return {str(it.key): done.get(str(it.key)) for it in spread}


def _statement(it: Placement, anchors: dict[str, str | None]) -> str:
    """The first table of a key makes a colocation group, the others join it."""
    if it.key is None:
        return f"SELECT create_reference_table({literal(it.qualified)})"
    anchor = anchors[it.key]
    anchors[it.key] = anchor or it.qualified
    return (
        f"SELECT create_distributed_table({literal(it.qualified)}, {literal(it.key)}, "
        f"colocate_with => {literal(anchor or 'none')})"
    )


def _conversion(
    left: Sequence[Placement],
    statements: tuple[str, ...],
    have: Mapping[str, Table],
    nodes: Sequence[Node],
    shards: int,
) -> Conversion:
    spread = sum(1 for node in nodes if node.has_shards) or 1
    found = [(have[it.qualified], it.key is not None) for it in left]
    each = {node: _shards_on(node, shards, spread) for node in nodes}
    locks = {
        node.address: round(
            sum(
                _LOCKS_EACH * table.relations * (1 + (on_node if is_spread else 1))
                + (shards * (1 + table.partitions) if is_spread and node.is_coordinator else 0)
                for table, is_spread in found
            )
        )
        for node, on_node in each.items()
    }
    size = sum(table.bytes for table, _ in found)
    seconds = size / _BYTES_A_SECOND + sum(
        table.relations * _SECONDS_EACH
        + (1 + table.partitions) * (_SECONDS_PER_SHARD * shards if is_spread else 0)
        for table, is_spread in found
    )
    return Conversion(tuple(t.name for t, _ in found), statements, size, locks, seconds)


def _shards_on(node: Node, shards: int, spread: int) -> int:
    """How many shards of a table a node gets, at most."""
    return -(-shards // spread) if node.has_shards else 0
