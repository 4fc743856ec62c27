"""What is to be done: desired minus present, as plain values that print what they do.

Nothing here speaks to the database; the moment that counts as now is an argument.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from mlb_perf.months import Span, leaf_name, midnight, missing, month_after, month_of
from mlb_perf.names import qualified, quote, shell_word
from mlb_perf.partitions import detach_sql
from mlb_perf.partitions.partition import Detached, MonthTable, Partition
from mlb_perf.partitions.policy import Policy

Kind = Literal["create", "detach", "finish", "drop"]

# Measured by `mlb-perf bench partitions`, rounded up; docs/partitions.md.
EXPECTED_MS: dict[Kind, float] = {"create": 40, "detach": 80, "finish": 80, "drop": 20}
_BYTES_DROPPED_A_MS = 1_000_000


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
    bytes: int = 0

    @property
    def expected_ms(self) -> float:
        """Files that are dropped take their time by their size."""
        return EXPECTED_MS[self.kind] + self.bytes / _BYTES_DROPPED_A_MS


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
    return Plan([detachment(table, partition, now) for partition in old])


def plan_unfinished(
    table: MonthTable | None, detached: Iterable[Detached], now: dt.datetime
) -> Plan:
    """What an earlier command began to detach and did not end; ``table`` is that of all of it."""
    return Plan([_going(it, "finish", table, now) for it in detached if it.state != "resting"])


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
        plan.actions.append(
            Action("drop", it.parent, it.qualified, it.span, statements, locks, it.bytes)
        )
    return plan


def plan_policy(
    policy: Policy, table: MonthTable | None, detached: list[Detached], now: dt.datetime
) -> Plan:
    """Everything that is due for one policy."""
    mine = [it for it in detached if it.parent == policy.qualified]
    unfinished = Plan() if policy.is_held else plan_unfinished(table, mine, now)
    going = joined([unfinished, plan_drops(mine, now)])
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


def detachment(table: MonthTable, partition: Partition, now: dt.datetime) -> Action:
    """One partition out of the table and into the graveyard; ``now`` goes into its mark."""
    it = detach_sql.as_leaving(table, partition)
    going = _going(it, "detach", table, now)
    return replace(going, statements=(detach_sql.chosen(it), *going.statements))


def _going(it: Detached, kind: Kind, table: MonthTable | None, now: dt.datetime) -> Action:
    has_default = table is not None and table.default is not None
    locks = _DETACH_LOCKS
    if has_default:
        locks = f"ACCESS EXCLUSIVE on {it.parent} for a moment: it has a DEFAULT"
    statements = detach_sql.statements(
        it, now, has_default=has_default, has_graveyard=table is not None and table.has_graveyard
    )
    return Action(kind, it.parent, it.qualified, it.span, statements, locks)


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
    return f"end that with: mlb-perf partitions release {shell_word(table)}"


def _stuck(table: MonthTable, partition: Partition) -> str:
    return (
        f"{partition.qualified} is half detached, by a command that was not ours, and keeps others "
        f"from going; finish it with: ALTER TABLE {table.qualified} DETACH PARTITION "
        f"{partition.qualified} FINALIZE"
    )


def _listed(partitions: list[Partition]) -> str:
    return ", ".join(str(partition.span) for partition in partitions)
