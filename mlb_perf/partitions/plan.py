"""What is to be done: desired minus present, as plain values that print what they do.

Nothing here speaks to the database; the moment that counts as now is an argument.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from mlb_perf.months import Span, leaf_name, midnight, missing, month_after, month_of
from mlb_perf.partitions.names import qualified, quote
from mlb_perf.partitions.partition import Detached, MonthTable, Partition
from mlb_perf.partitions.policy import Policy

Kind = Literal["create", "detach", "finish", "drop"]

# Measured by `python -m mlb_perf.bench.partitions`, rounded up; docs/partitions.md.
EXPECTED_MS: dict[Kind, float] = {"create": 10, "detach": 20, "finish": 20, "drop": 20}


@dataclass(frozen=True)
class Action:
    """One partition to make, to detach, to finish detaching, or to drop.

    ``locks`` names the strongest locks and who waits; ``expected_ms`` is without
    the wait for others, in milliseconds.
    """

    kind: Kind
    table: str
    partition: str
    span: Span
    statements: tuple[str, ...]
    locks: str

    @property
    def expected_ms(self) -> float:
        return EXPECTED_MS[self.kind]


@dataclass
class Plan:
    """Actions in their order, and what is seen and left alone, a sentence each."""

    actions: list[Action] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, *kinds: Kind) -> list[Action]:
        return [action for action in self.actions if action.kind in kinds]


def plan_months(table: MonthTable, wanted: Span) -> Plan:
    """The partitions that ``table`` lacks of what is wanted."""
    actions = [
        Action("create", table.qualified, qualified(table.schema, leaf_name(table.name, s.suffix)),
               s, creation(table, s), _create_locks(table))
        for s in missing(wanted, table.covered)
    ]  # fmt: skip
    return Plan(actions)


def wanted_months(policy: Policy, now: dt.datetime) -> Span:
    """This month and those that the policy wants ahead."""
    return Span.of_months(now, month_after(month_of(now), policy.months_ahead))


def plan_retention(table: MonthTable, policy: Policy, now: dt.datetime) -> Plan:
    """The partitions that end before the months that the policy keeps."""
    if policy.retain_months is None:
        return Plan()
    cutoff = midnight(month_after(month_of(now), -policy.retain_months))
    old = [p for p in table.partitions
           if p.span.high <= cutoff and not p.is_default and not p.is_marked]  # fmt: skip
    if policy.is_held and old:
        kept = f"{table.qualified} is held: {_listed(old)} would be detached"
        return Plan(remarks=[f"{kept}; {_released(table.qualified)}"])
    if not old:
        return Plan()
    if stuck := [p for p in table.partitions if p.is_pending and not p.is_marked]:
        return Plan(remarks=[_stuck(table, partition) for partition in stuck])
    return Plan([detachment(table, partition) for partition in old])


def plan_unfinished(detached: Iterable[Detached], held: Iterable[str] = ()) -> Plan:
    """What an earlier command began to detach and did not end."""
    plan = Plan()
    for it in detached:
        if it.state != "resting" and it.parent not in held:
            plan.actions.append(Action("finish", it.parent, it.qualified, it.span, finishing(it),
                                       _DETACH_LOCKS))  # fmt: skip
    return plan


def plan_drops(detached: Iterable[Detached], now: dt.datetime) -> Plan:
    """What has rested in a graveyard for as long as its policy says."""
    plan = Plan()
    for it in detached:
        if it.state != "resting" or it.drop_after is None or it.drop_after > now:
            continue
        if it.is_held:
            kept = f"{it.qualified} has rested long enough, and is held"
            plan.remarks.append(f"{kept}; {_released(it.parent)}")
            continue
        statements = (f"DROP TABLE {it.qualified}",)
        locks = "ACCESS EXCLUSIVE on it; nobody uses it"
        plan.actions.append(Action("drop", it.parent, it.qualified, it.span, statements, locks))
    return plan


def plan_policy(
    policy: Policy, table: MonthTable | None, detached: list[Detached], now: dt.datetime
) -> Plan:
    """Everything that is due for one policy."""
    mine = [it for it in detached if it.parent == policy.qualified]
    held = [policy.qualified] if policy.is_held else []
    going = joined([plan_unfinished(mine, held), plan_drops(mine, now)])
    if table is None:
        return going
    coming = plan_months(table, wanted_months(policy, now))
    return joined([coming, going, plan_retention(table, policy, now)])


def joined(plans: Iterable[Plan]) -> Plan:
    """Several plans as one, in their order."""
    found = list(plans)
    return Plan([a for p in found for a in p.actions], [r for p in found for r in p.remarks])


def creation(table: MonthTable, span: Span) -> tuple[str, ...]:
    """The SQL that makes one partition, complete before it is attached.

    Not ``PARTITION OF``, which locks readers and writers of the parent out.
    """
    leaf = qualified(table.schema, leaf_name(table.name, span.suffix))
    options = f" WITH ({table.options})" if table.options else ""
    owner = () if table.is_own else (f"ALTER TABLE {leaf} OWNER TO {quote(table.owner)}",)
    values = span.values(is_date=table.is_date)
    return (
        f"CREATE TABLE {leaf} (LIKE {table.qualified} INCLUDING ALL EXCLUDING IDENTITY){options}",
        *owner,
        f"ALTER TABLE {table.qualified} ATTACH PARTITION {leaf} {values}",
    )


def detachment(table: MonthTable, partition: Partition) -> Action:
    """One partition out of the table and into the graveyard."""
    how, locks = " CONCURRENTLY", _DETACH_LOCKS
    if table.default is not None:  # PostgreSQL refuses the concurrent form beside a DEFAULT
        how, locks = "", f"ACCESS EXCLUSIVE on {table.qualified} for a moment: it has a DEFAULT"
    statements = (
        f"ALTER TABLE {table.qualified} DETACH PARTITION {partition.qualified}{how}",
        f"ALTER TABLE {partition.qualified} SET SCHEMA {quote(graveyard(table.schema))}",
    )
    return Action("detach", table.qualified, partition.qualified, partition.span, statements, locks)


def finishing(it: Detached) -> tuple[str, ...]:
    """The SQL that an interrupted detach has still to do."""
    detach = f"ALTER TABLE {it.parent} DETACH PARTITION {it.qualified}"
    first = {"attached": (f"{detach} CONCURRENTLY",), "pending": (f"{detach} FINALIZE",)}
    move = f"ALTER TABLE {it.qualified} SET SCHEMA {quote(graveyard(it.parent_schema))}"
    return (*first.get(it.state, ()), move)


def graveyard(schema: str) -> str:
    """Where partitions of the schema's tables rest; one a schema, for two may have equal names."""
    return f"{schema}_graveyard"


_DETACH_LOCKS = (
    "SHARE UPDATE EXCLUSIVE on the table: nobody waits; it waits for transactions that use it"
)


def _create_locks(table: MonthTable) -> str:
    locks = f"SHARE UPDATE EXCLUSIVE on {table.qualified}: nobody waits"
    if table.references:
        locks += f"; SHARE ROW EXCLUSIVE on {', '.join(table.references)}: writers wait a moment"
    if table.default is not None:
        locks += f"; ACCESS EXCLUSIVE on {table.default.qualified}, which is read"
    return locks


def _released(table: str) -> str:
    return f"end that with: mlb-perf partitions release {table}"


def _stuck(table: MonthTable, partition: Partition) -> str:
    return (
        f"{partition.qualified} is half detached, by a command that was not ours, and keeps others "
        f"from going; finish it with: ALTER TABLE {table.qualified} DETACH PARTITION "
        f"{partition.qualified} FINALIZE"
    )


def _listed(partitions: list[Partition]) -> str:
    return ", ".join(str(partition.span) for partition in partitions)
