"""How a table is partitioned and how long its months are kept: rows, not code.

The rows are in ``performance_monitoring.partition_policies``. A revision inserts
the package's own; change them with SQL::

    UPDATE performance_monitoring.partition_policies SET retain_months = 24
    WHERE schema_name = 'raw_data' AND table_name = 'odds_api_odds';
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from mlb_perf.errors import PartitionFailed
from mlb_perf.months import MONTHS_AHEAD, Period
from mlb_perf.names import literal, qualified

_POLICIES = text(
    "SELECT schema_name, table_name, months_ahead, retain_months, graveyard_days, is_held,"
    " strategy"
    " FROM performance_monitoring.partition_policies WHERE strategy IN ('month', 'week', 'day')"
    " ORDER BY schema_name, table_name"
)
_HOLD = text(
    "UPDATE performance_monitoring.partition_policies SET is_held = :held, updated_at = now()"
    " WHERE schema_name = :schema AND table_name = :table"
)


@dataclass(frozen=True)
class Policy:
    """A table by month, week or day: ``months_ahead`` and ``retain_months`` count its periods.

    ``retain_months`` None keeps all; ``is_held`` stops detach and drop.
    """

    schema: str
    table: str
    months_ahead: int = MONTHS_AHEAD
    retain_months: int | None = None
    graveyard_days: int = 30
    is_held: bool = False
    period: Period = "month"

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.table)


def read_policies(connection: Connection) -> list[Policy]:
    """Every policy of a table by month, week or day, in the order of their names."""
    return [
        Policy(r.schema_name, r.table_name, r.months_ahead or 0, r.retain_months,
               r.graveyard_days, r.is_held, r.strategy)
        for r in connection.execute(_POLICIES)
    ]  # fmt: skip


def policy_of(connection: Connection, schema: str, table: str) -> Policy | None:
    """The policy of one table; None if it has none."""
    found = (p for p in read_policies(connection) if (p.schema, p.table) == (schema, table))
    return next(found, None)


def period_of(connection: Connection, schema: str, table: str) -> Period:
    """The length of a table's partitions; a month if it has no policy."""
    found = policy_of(connection, schema, table)
    return found.period if found else "month"


def set_hold(connection: Connection, schema: str, table: str, *, held: bool) -> None:
    """Start or end a hold: a table on hold loses no partition.

    Raises :class:`~mlb_perf.errors.PartitionFailed` for a table without a policy.
    """
    values = {"schema": schema, "table": table, "held": held}
    if connection.execute(_HOLD, values).rowcount == 0:
        raise PartitionFailed(without_policy(schema, table))


def without_policy(schema: str, table: str) -> str:
    """The message for a table that has no policy."""
    columns = "(schema_name, table_name, partition_column, strategy, months_ahead)"
    row = f"({literal(schema)}, {literal(table)}, 'collected_at', 'month', {MONTHS_AHEAD})"
    add = f"INSERT INTO performance_monitoring.partition_policies {columns} VALUES {row}"  # noqa: S608
    return f"partition policy for {qualified(schema, table)} is missing; add one: {add}"
