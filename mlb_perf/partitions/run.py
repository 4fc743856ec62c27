"""Read policies and partitions, make the plan, apply it step by step."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from sqlalchemy import Connection

from mlb_perf.errors import PartitionFailed
from mlb_perf.months import Span
from mlb_perf.partitions import catalog, create, detach, plan
from mlb_perf.partitions.partition import Detached, MonthTable
from mlb_perf.partitions.plan import Action, Plan
from mlb_perf.partitions.policy import Policy, policy_of, read_policies, without_policy
from mlb_perf.partitions.session import Session

Tell = Callable[[Action, float], None]
"""Called after each action with its milliseconds."""


def policies(connection: Connection, table: str | None) -> list[Policy]:
    """All policies by month, or the policy of one table, by its name in SQL.

    Raises :class:`~mlb_perf.errors.PartitionFailed` for a table without a policy.
    """
    if table is None:
        return read_policies(connection)
    schema, name = catalog.resolve(connection, table)
    found = policy_of(connection, schema, name)
    if found is None:
        raise PartitionFailed(without_policy(schema, name))
    return [found]


def make_plan(connection: Connection, chosen: list[Policy], now: dt.datetime) -> Plan:
    """All that is due at ``now`` for these policies."""
    detached = catalog.read_detached(connection)
    tables = {policy: catalog.read_table(connection, policy.qualified) for policy in chosen}
    due = plan.joined(plan.plan_policy(p, table, detached, now) for p, table in tables.items())
    due.remarks += catalog.read_faults(connection)
    if idle := [policy.qualified for policy, table in tables.items() if table is None]:
        due.remarks.append(
            f"not partitioned by month, so their policies have no effect: {', '.join(idle)}"
        )
    return due


def plan_between(connection: Connection, chosen: list[Policy], wanted: Span) -> Plan:
    """The missing months of these tables within a span.

    Raises :class:`~mlb_perf.errors.PartitionFailed` if one of them is not partitioned by month.
    """
    tables = [(policy.period, month_table(connection, policy.qualified)) for policy in chosen]
    return plan.joined(
        plan.plan_months(table, wanted.widened(period), period) for period, table in tables
    )


def month_table(connection: Connection, table: str) -> MonthTable:
    """The table; :class:`~mlb_perf.errors.PartitionFailed` if it is not partitioned by month."""
    found = catalog.read_table(connection, table)
    if found is None:
        raise PartitionFailed(
            f"{table} is not partitioned by range of one date or timestamptz column; "
            "mlb-perf info shows the database's revision"
        )
    return found


def apply(session: Session, actions: list[Action], tell: Tell) -> None:
    """Apply the actions one by one; those before an error stay applied.

    Raises :class:`~mlb_perf.errors.PartitionFailed`.
    """
    for action in actions:
        began = time.perf_counter()
        _APPLY[action.kind](session, action)
        tell(action, (time.perf_counter() - began) * 1000)


def one_detached(connection: Connection, table: str, which: str) -> Detached:
    """One detached partition of a table, by its month (2024-03) or its name.

    Raises :class:`~mlb_perf.errors.PartitionFailed` if there are none or several.
    """
    schema, name = catalog.resolve(connection, table)
    mine = [
        it
        for it in catalog.read_detached(connection)
        if (it.parent_schema, it.parent_name) == (schema, name)
    ]
    found = [it for it in mine if which in (f"{it.span.low:%Y-%m}", str(it.span), it.name)]
    if len(found) != 1:
        names = ", ".join(f"{it.name} ({it.span})" for it in found or mine) or "nothing"
        raise PartitionFailed(
            f"{which} matches {len(found)} of the detached partitions of {table}: {names}"
            + "".join(f"; {fault}" for fault in catalog.read_faults(connection))
        )
    return found[0]


def would_go_again(table: MonthTable, policy: Policy, restored: Detached, now: dt.datetime) -> bool:
    """Whether retention would detach the restored partition again."""
    again = plan.plan_retention(table, policy, now).of("detach")
    return restored.span in [action.span for action in again]


def one_action(table: MonthTable, which: str, now: dt.datetime) -> Action:
    """The action that detaches one partition, by its month (2024-03) or its name."""
    found = [
        p for p in table.partitions
        if not p.is_default and which in (f"{p.span.low:%Y-%m}", str(p.span), p.name)
    ]  # fmt: skip
    if len(found) != 1:
        names = ", ".join(f"{p.name} ({p.span})" for p in found or table.partitions) or "none"
        raise PartitionFailed(
            f"{which} matches {len(found)} partitions of {table.qualified}; it has {names}"
        )
    return plan.detachment(table, found[0], now)


def _create(session: Session, action: Action) -> None:
    create.create(session, action.table, action.span)


def _detach(session: Session, action: Action) -> None:
    table = month_table(session.connection, action.table)
    for partition in table.partitions:
        if partition.qualified == action.partition:
            detach.detach(session, table, partition)


def _finish(session: Session, action: Action) -> None:
    for it in catalog.read_detached(session.connection):
        if it.qualified == action.partition:
            detach.finish(session, it)


def _drop(session: Session, action: Action) -> None:
    for it in catalog.read_detached(session.connection):
        if it.qualified == action.partition:
            detach.drop(session, it)


_APPLY: dict[plan.Kind, Callable[[Session, Action], None]] = {
    "create": _create,
    "detach": _detach,
    "finish": _finish,
    "drop": _drop,
}
