"""Wanted months minus existing months, as plain values that print their SQL.

Nothing here connects to a database; the present moment is an argument.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from mlb_perf.months import Period, Span, later, leaf_name, midnight, missing, start_of
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
    """One partition to create, to detach, to finish detaching, or to drop.

    ``locks`` names the strongest locks and which sessions wait; ``expected_ms``
    excludes the wait for other sessions.
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
        """Milliseconds; the time to drop a file depends on its size."""
        return EXPECTED_MS[self.kind] + self.bytes / _BYTES_DROPPED_A_MS


@dataclass
class Plan:
    """Actions in order, and a sentence for each thing that is left alone."""

    actions: list[Action] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, *kinds: Kind) -> list[Action]:
        return [action for action in self.actions if action.kind in kinds]


def plan_months(table: MonthTable, wanted: Span, period: Period = "month") -> Plan:
    """Create the months, weeks or days of ``wanted`` that ``table`` lacks."""
    actions = [
        Action("create", table.qualified, qualified(table.schema, leaf_name(table.name, s.suffix)),
               s, creation(table, s), _create_locks(table))
        for s in missing(wanted, table.covered, period)
    ]  # fmt: skip
    return Plan(actions)


def wanted_months(policy: Policy, now: dt.datetime) -> Span:
    """This month, week or day, and as many ahead as the policy says."""
    first = start_of(now, policy.period)
    return Span(midnight(first), midnight(later(first, policy.period, policy.months_ahead + 1)))


def plan_retention(table: MonthTable, policy: Policy, now: dt.datetime) -> Plan:
    """Detach the partitions that end before the months that the policy keeps."""
    if policy.retain_months is None:
        return Plan()
    cutoff = midnight(later(start_of(now, policy.period), policy.period, -policy.retain_months))
    old = [p for p in table.partitions
           if p.span.high <= cutoff and not p.is_default and not p.is_marked]  # fmt: skip
    if policy.is_held and old:
        kept = f"{table.qualified} is on hold, so these months stay: {_listed(old)}"
        return Plan(remarks=[f"{kept}; {_released(table.qualified)}"])
    if not old:
        return Plan()
    if stuck := [p for p in table.partitions if p.is_pending and not p.is_marked]:
        return Plan(remarks=[_stuck(table, partition) for partition in stuck])
    return Plan([detachment(table, partition, now) for partition in old])


def plan_unfinished(
    table: MonthTable | None, detached: Iterable[Detached], now: dt.datetime
) -> Plan:
    """Finish what an earlier command began to detach; all of it belongs to ``table``."""
    return Plan([_detach(it, "finish", table, now) for it in detached if it.state != "resting"])


def plan_drops(detached: Iterable[Detached], now: dt.datetime) -> Plan:
    """Drop partitions that have been in a graveyard for as long as their policy says."""
    plan = Plan()
    for it in detached:
        if it.state != "resting" or it.drop_after is None or it.drop_after > now:
            continue
        if it.is_held:
            kept = f"{it.qualified} is due to be dropped, but its table is on hold"
            plan.remarks.append(f"{kept}; {_released(it.parent)}")
            continue
        statements = (f"DROP TABLE {it.qualified}",)
        locks = "ACCESS EXCLUSIVE on it; no session uses it"
        plan.actions.append(
            Action("drop", it.parent, it.qualified, it.span, statements, locks, it.bytes)
        )
    return plan


def plan_policy(
    policy: Policy, table: MonthTable | None, detached: list[Detached], now: dt.datetime
) -> Plan:
    """All that is due for one policy."""
    mine = [it for it in detached if it.parent == policy.qualified]
    unfinished = Plan() if policy.is_held else plan_unfinished(table, mine, now)
    leaving = joined([unfinished, plan_drops(mine, now)])
    if table is None:
        return leaving
    coming = plan_months(table, wanted_months(policy, now), policy.period)
    return joined([coming, leaving, plan_retention(table, policy, now)])


def joined(plans: Iterable[Plan]) -> Plan:
    """Several plans as one, in their order."""
    found = list(plans)
    return Plan([a for p in found for a in p.actions], [r for p in found for r in p.remarks])


def creation(table: MonthTable, span: Span) -> tuple[str, ...]:
    """The SQL that creates one partition, complete before it is attached.

    Not ``PARTITION OF``, which blocks readers and writers of the parent.
    """
    leaf = qualified(table.schema, leaf_name(table.name, span.suffix))
    options = f" WITH ({table.options})" if table.options else ""
    place = f" TABLESPACE {quote(table.tablespace)}" if table.tablespace else ""
    owner = () if table.is_own else (f"ALTER TABLE {leaf} OWNER TO {quote(table.owner)}",)
    values = span.values(is_date=table.is_date)
    # Citus refuses parallel work on a table after DDL on one that its foreign keys refer to.
    mode = "SET LOCAL citus.multi_shard_modify_mode = 'sequential'"
    like = f"LIKE {table.qualified} INCLUDING ALL EXCLUDING IDENTITY"
    return (
        *((mode,) if table.is_distributed and table.references else ()),
        f"CREATE TABLE {leaf} ({like}){options}{place}",
        *owner,
        *(grant.replace("%s", leaf, 1) for grant in table.grants),
        f"ALTER TABLE {table.qualified} ATTACH PARTITION {leaf} {values}",
    )


def detachment(table: MonthTable, partition: Partition, now: dt.datetime) -> Action:
    """Move one partition from the table to the graveyard; ``now`` goes into its mark."""
    it = detach_sql.as_detached(table, partition)
    action = _detach(it, "detach", table, now)
    return replace(action, statements=(detach_sql.mark(it, None), *action.statements))


def _detach(it: Detached, kind: Kind, table: MonthTable | None, now: dt.datetime) -> Action:
    reason = _reason_for_lock(table)
    locks = _DETACH_LOCKS
    if reason:
        locks = f"ACCESS EXCLUSIVE on {it.parent} for a moment: it {reason}"
    statements = detach_sql.remaining(
        it, now, at_once=bool(reason), has_graveyard=table is not None and table.has_graveyard
    )
    return Action(kind, it.parent, it.qualified, it.span, statements, locks)


def _reason_for_lock(table: MonthTable | None) -> str | None:
    """Why it cannot be detached CONCURRENTLY; None if it can."""
    if table is not None and table.default is not None:
        return "has a DEFAULT partition"
    return "is distributed by Citus" if table is not None and table.is_distributed else None


_DETACH_LOCKS = (
    "SHARE UPDATE EXCLUSIVE on the table: blocks no session, waits for transactions that use it"
)


def _create_locks(table: MonthTable) -> str:
    locks = f"SHARE UPDATE EXCLUSIVE on {table.qualified}: blocks no reader or writer"
    if table.references:
        locks += (
            f"; SHARE ROW EXCLUSIVE on {', '.join(table.references)}: blocks writers for a moment"
        )
    if table.default is not None:
        locks += f"; ACCESS EXCLUSIVE on {table.default.qualified}, which is scanned"
    return locks


def _released(table: str) -> str:
    return f"end the hold with: mlb-perf partitions release {shell_word(table)}"


def _stuck(table: MonthTable, partition: Partition) -> str:
    return (
        f"{partition.qualified} is half detached, by another program, and blocks other detaches; "
        f"finish it with: ALTER TABLE {table.qualified} DETACH PARTITION "
        f"{partition.qualified} FINALIZE"
    )


def _listed(partitions: list[Partition]) -> str:
    return ", ".join(str(partition.span) for partition in partitions)
