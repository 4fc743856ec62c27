"""Whether the tables of a database are distributed by Citus, and what its errors name."""

from __future__ import annotations

import os
import re

import psycopg2
from sqlalchemy import Connection, text

from mlb_perf.online.distributed import has_citus
from mlb_perf.schemas import SCHEMAS

FORCED_VARIABLE = "MLB_PERF_TEST_AS_DISTRIBUTED"
"""For tests on plain PostgreSQL: every database is taken for a distributed one."""

_HAS_DISTRIBUTED = text(
    "SELECT count(*) > 0 FROM pg_catalog.pg_dist_partition AS p"
    " JOIN pg_class AS c ON c.oid = p.logicalrelid"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = ANY (:schemas)"
)
_TABLE_OF_SHARD = text(
    "SELECT n.nspname, c.relname FROM pg_catalog.pg_dist_shard AS s"
    " JOIN pg_class AS c ON c.oid = s.logicalrelid"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE s.shardid = :shard"
)

# A shard is named by its table, or a hash of the name, and its number: "odds_api_odds_102066".
_SHARD = re.compile(r"_(?P<number>[0-9]+)\W")

# "Partition key of the failing row contains (game_date) = (2026-07-01)", in any language. The
# detail of a CHECK begins with the whole row: "Failing row contains (a, 1, ...)".
_PARTITION_KEY = re.compile(r"[^(]*\([^()]*\) = \((?P<value>.*)\)")


def is_distributed(connection: Connection) -> bool:
    """Whether Citus has any of the package's tables."""
    return bool(os.environ.get(FORCED_VARIABLE)) or bool(
        has_citus(connection)
        and connection.execute(_HAS_DISTRIBUTED, {"schemas": list(SCHEMAS)}).scalar_one()
    )


def table_of_shard(connection: Connection, error: psycopg2.Error) -> tuple[str, str] | None:
    """Schema and name of the table whose shard an error names; None if it names none."""
    found = _SHARD.search(error.diag.message_primary or "")
    if found is None or not has_citus(connection):
        return None
    row = connection.execute(_TABLE_OF_SHARD, {"shard": int(found["number"])}).one_or_none()
    return None if row is None else (row.nspname, row.relname)


def partition_key(error: psycopg2.Error) -> str | None:
    """The value for which there is no partition, as the detail of the error has it."""
    found = _PARTITION_KEY.match(error.diag.message_detail or "")
    return found["value"] if found else None


def lacks_partition(error: psycopg2.Error) -> bool:
    """Whether the error says that no partition takes a row: 23514, as that of a CHECK.

    A CHECK has a name, and a row put into a wrong partition has a table that is no parent. An error
    of a worker of Citus names neither constraint nor table: its detail shows which it is.
    """
    if error.pgcode != "23514" or error.diag.constraint_name:
        return False
    return bool(error.diag.table_name) or partition_key(error) is not None
