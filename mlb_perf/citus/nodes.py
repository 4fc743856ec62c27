"""Questions that every node answers for its shards, under the names of the tables here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.names import literal, qualified
from mlb_perf.schemas import SCHEMAS

_VIEW = text("SELECT pg_get_viewdef(to_regclass(:view))")


@dataclass(frozen=True)
class Shard:
    """The table or index of a shard; ``root_name``: of the index whose partition's index it is."""

    schema_name: str
    name: str
    root_name: str


@dataclass
class Nodes:
    """Asks the nodes over one connection; ``silent`` are those that did not answer, with why."""

    connection: Connection
    shards: Mapping[str, Shard]
    silent: dict[str, str]

    def of_view(self, view: str, named: str) -> Iterator[tuple[Shard | None, dict[str, Any]]]:
        """The same for a view of this database; the nodes need not have it."""
        query = self.connection.execute(_VIEW, {"view": view}).scalar_one()
        return self.ask(str(query).rstrip().rstrip(";"), named)

    def ask(self, query: str, named: str) -> Iterator[tuple[Shard | None, dict[str, Any]]]:
        """Each row of a query on each node, with the shard that its column ``named`` names.

        The query has the column ``schema_name``.
        """
        found = self.connection.execute(
            text(sql.read("citus/ask_nodes.sql")), {"command": on_node(query)}
        )
        for answer in found.all():
            if answer.rows is None:
                self.silent[answer.address] = answer.error
            for row in answer.rows or ():
                yield self.shards.get(qualified(row["schema_name"], row[named])), row


def on_node(query: str) -> str:
    """The statement that answers the rows of a query on a node, as JSON."""
    schemas = ", ".join(map(literal, SCHEMAS))
    rows = sql.read("citus/as_json.sql").replace("{schemas}", schemas).replace("{query}", query)
    return sql.read("citus/on_node.sql").replace("{query}", literal(rows))


def nodes_of(connection: Connection) -> Nodes:
    """The nodes of a database with the extension."""
    rows = connection.execute(text(sql.read("citus/shard_names.sql")), {"schemas": list(SCHEMAS)})
    return Nodes(connection, {r.shard: Shard(r.schema_name, r.name, r.root_name) for r in rows}, {})
