"""What is refused before the first step, all of it in one error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from mlb_perf.citus import catalog, plan
from mlb_perf.citus.catalog import Node, Table
from mlb_perf.citus.layout import Group
from mlb_perf.errors import DistributionFailed
from mlb_perf.journal import JOURNAL
from mlb_perf.online.rebuild.state import has_states

OLDEST = 13
"""The oldest major version of Citus on which the tables were distributed."""


def require_citus(connection: Connection) -> str:
    """The version of the extension.

    Raises :class:`~mlb_perf.errors.DistributionFailed` if the database has none, or an old one.
    """
    version = catalog.version(connection)
    if version is None:
        raise DistributionFailed(
            "this database does not have the extension citus; install Citus on each node "
            "(https://docs.citusdata.com/), run CREATE EXTENSION citus in the database on each, "
            "and add the nodes with citus_set_coordinator_host and citus_add_node"
        )
    if int(version.split(".")[0]) < OLDEST:
        raise DistributionFailed(
            f"the extension citus is {version}, and mlb_perf needs {OLDEST} or later; upgrade it "
            "on each node, coordinator first, and run ALTER EXTENSION citus UPDATE"
        )
    return version


def require_ready(
    connection: Connection,
    wanted: Sequence[Group],
    have: Mapping[str, Table],
    nodes: Sequence[Node],
) -> None:
    """Raise :class:`~mlb_perf.errors.DistributionFailed` with all that is in the way."""
    placed = [it for group in wanted for it in group]
    if missing := [it.qualified for it in placed if it.qualified not in have]:
        raise DistributionFailed(
            f"{', '.join(missing)} does not exist; run mlb-perf alembic upgrade head first"
        )
    found = [
        *of_nodes(nodes),
        *of_rebuilds(connection),
        *of_key_types(wanted, have),
        *plan.mistaken(wanted, have),
        *catalog.obstacles(connection, placed),
    ]
    if found:
        raise DistributionFailed(f"nothing was changed: {'; '.join(found)}")


def of_nodes(nodes: Sequence[Node]) -> list[str]:
    """The coordinator is known, some node takes shards, and all answer."""
    found = []
    if not any(node.is_coordinator for node in nodes):
        found.append(
            "the coordinator is not in its metadata: run "
            "SELECT citus_set_coordinator_host('its host name', its port)"
        )
    if not any(node.has_shards for node in nodes):
        found.append(
            "no node takes shards: add a worker with SELECT citus_add_node('its host', its port)"
        )
    return found + [f"{node.address} does not answer: {node.error}" for node in nodes if node.error]


def of_rebuilds(connection: Connection) -> list[str]:
    """No rebuild is under way: its triggers and its shadow cannot be distributed."""
    if not has_states(connection, JOURNAL):
        return []
    return [
        f"the rebuild of {row.table_name} is not finished: mlb-perf rebuilds list has the command "
        "that finishes it"
        for row in connection.execute(JOURNAL.query("rebuild/rebuilds.sql"))
        if row.phase != "finished"
    ]


def of_key_types(wanted: Sequence[Group], have: Mapping[str, Table]) -> list[str]:
    """Tables of one key have it in one type, or Citus cannot put them next to each other."""
    types: dict[str, dict[str, list[str]]] = {}
    for group in wanted:
        for it in group:
            if it.key is not None:
                by_type = types.setdefault(it.key, {})
                by_type.setdefault(str(have[it.qualified].key_type), []).append(it.qualified)
    return [
        f"{key} has several types: "
        + ", ".join(f"{kind} in {', '.join(names)}" for kind, names in by_type.items())
        + "; give it one type, which cannot be changed once the tables are distributed"
        for key, by_type in types.items()
        if len(by_type) > 1
    ]
