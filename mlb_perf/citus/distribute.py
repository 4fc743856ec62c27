"""Distribute the tables: transaction by transaction, and continue where an earlier run stopped.

Citus' own catalog says which tables are done, so nothing else has to be remembered.
"""

from __future__ import annotations

from sqlalchemy import Connection

from mlb_perf.citus import catalog, checks, plan
from mlb_perf.citus.layout import groups
from mlb_perf.citus.plan import Conversion, Plan
from mlb_perf.citus.transaction import Done, moving
from mlb_perf.engine import execute
from mlb_perf.errors import DistributionFailed
from mlb_perf.names import literal
from mlb_perf.online.locks import Patience

SHARDS = 32
"""Citus' own default: a cluster can grow to as many workers without a split."""


def make_plan(connection: Connection, shards: int) -> Plan:
    """The plan for this database, if it can be carried out.

    Raises :class:`~mlb_perf.errors.DistributionFailed` with all that is in the way.
    """
    checks.require_citus(connection)
    wanted = groups()
    nodes = catalog.nodes(connection)
    have = catalog.tables(connection, [it for group in wanted for it in group])
    checks.require_ready(connection, wanted, have, nodes)
    found = plan.make(wanted, have, nodes, shards)
    if lacking := found.lacking(nodes):
        raise DistributionFailed(f"nothing was changed: {'; '.join(lacking)}")
    return found


def convert(connection: Connection, it: Conversion, shards: int, patience: Patience) -> Done:
    """One transaction of the plan.

    Writers of its tables wait from its beginning to its end, readers go on: EXCLUSIVE is Citus' own
    lock. Raises :class:`~mlb_perf.errors.DistributionFailed`; the transactions before it stay.
    """
    with moving(connection, "distribute", it.tables, "EXCLUSIVE", patience) as done:
        for statement in (*plan.settings(shards), *it.statements):
            execute(connection, statement)
    return done


def clean_up(connection: Connection) -> tuple[str, ...]:
    """Truncate the rows that the coordinator still holds of distributed tables; their names.

    Citus truncates along foreign keys, so this comes after the last conversion.
    """
    have = catalog.tables(connection, [it for group in groups() for it in group])
    left = tuple(table.name for table in have.values() if table.local_bytes)
    for table in left:
        execute(
            connection, f"SELECT truncate_local_data_after_distributing_table({literal(table)})"
        )
    return left
