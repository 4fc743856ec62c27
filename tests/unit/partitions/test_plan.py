"""Desired minus present: plans as values, with the SQL as exact text."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from mlb_perf.months import BEGINNING, END, Span, month_after
from mlb_perf.partitions.partition import Detached, MonthTable, Partition, State
from mlb_perf.partitions.plan import Plan, plan_months, plan_policy, wanted_months
from mlb_perf.partitions.policy import Policy

POLICY = Policy("curated", "line", months_ahead=2, retain_months=3)


def moment(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)


def months(first: str, count: int) -> tuple[Partition, ...]:
    start = dt.date.fromisoformat(f"{first}-01")
    found = []
    for number in range(count):
        day = month_after(start, number)
        found.append(Partition("curated", f"line_{day:%Y_%m}", Span.of_months(day, day)))
    return tuple(found)


def table(*partitions: Partition, is_date: bool = True) -> MonthTable:
    return MonthTable("curated", "line", "game_date", is_date, "owner", True, None, (), partitions)


def done(plan: Plan) -> list[tuple[str, str, str]]:
    return [(a.kind, a.partition, str(a.span)) for a in plan.actions]


def planned(have: MonthTable, now: str, policy: Policy = POLICY, *gone: Detached) -> Plan:
    return plan_policy(policy, have, list(gone), moment(now))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2024-02-29T23:59", ["2024-02", "2024-03", "2024-04"]),
        ("2026-12-31T23:59", ["2026-12", "2027-01", "2027-02"]),
        ("2027-01-01T00:00", ["2027-01", "2027-02", "2027-03"]),
    ],
)
def test_this_month_and_those_ahead(now: str, expected: list[str]) -> None:
    plan = plan_months(table(), wanted_months(POLICY, moment(now)))
    assert [str(action.span) for action in plan.actions] == expected


def test_the_sql_of_a_month() -> None:
    (action,) = plan_months(
        table(is_date=False), Span.of_months(*[dt.date(2026, 12, 1)] * 2)
    ).actions
    assert action.statements == (
        "CREATE TABLE curated.line_2026_12 (LIKE curated.line INCLUDING ALL EXCLUDING IDENTITY)",
        (
            "ALTER TABLE curated.line ATTACH PARTITION curated.line_2026_12 "
            "FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00')"
        ),
    )


def test_owner_options_and_quoted_names() -> None:
    odd = MonthTable(
        "My Schema", 'a"b', "K", True, "Her", False, "fillfactor=70", ("curated.t",), ()
    )
    (action,) = plan_months(odd, Span.of_months(*[dt.date(2026, 1, 1)] * 2)).actions
    assert action.statements == (
        (
            'CREATE TABLE "My Schema"."a""b_2026_01" (LIKE "My Schema"."a""b" INCLUDING ALL '
            "EXCLUDING IDENTITY) WITH (fillfactor=70)"
        ),
        'ALTER TABLE "My Schema"."a""b_2026_01" OWNER TO "Her"',
        (
            'ALTER TABLE "My Schema"."a""b" ATTACH PARTITION "My Schema"."a""b_2026_01" '
            "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')"
        ),
    )
    assert "SHARE ROW EXCLUSIVE on curated.t" in action.locks


def test_nothing_is_due_when_all_is_there() -> None:
    assert planned(table(*months("2026-08", 6)), "2026-11-25") == Plan()


def test_retention_goes_by_bounds_not_by_names() -> None:
    """Three whole months before this one are kept; what ends on the first of them goes."""
    lying = replace(months("2026-07", 1)[0], name="line_2099_01")
    plan = planned(table(lying, *months("2026-08", 6)), "2026-11-01")
    assert done(plan) == [("detach", "curated.line_2099_01", "2026-07")]
    assert done(planned(table(lying, *months("2026-08", 6)), "2026-10-31T23:59")) == []


def test_the_sql_of_a_detach() -> None:
    """The mark before and after, so that a detach that is cut off can be finished or undone."""
    (month,) = months("2026-01", 1)
    dear = replace(month, comment="It's dear", checks=("ck_price",))
    marked = (
        'COMMENT ON TABLE curated.line_2026_01 IS \'mlb_perf detached: {{"schema": "curated", '
        '"table": "line", "start": "2026-01-01T00:00:00+00:00", '
        '"end": "2026-02-01T00:00:00+00:00", "detached_at": {}, '
        '"comment": "It\'\'s dear", "checks": ["ck_price"]}}\''
    )
    plan = planned(table(dear, *months("2026-08", 6)), "2026-11-25")
    *before, named, mark, schema, move = plan.actions[0].statements
    assert before == [
        marked.format("null"),
        "ALTER TABLE curated.line DETACH PARTITION curated.line_2026_01 CONCURRENTLY",
    ]
    assert "conname <> ALL (ARRAY['ck_price']::name[])" in named
    assert "RENAME CONSTRAINT %I TO mlb_perf_bounds', 'curated.line_2026_01'::regclass" in named
    assert mark == marked.format('"2026-11-25T00:00:00+00:00"')
    assert schema == "CREATE SCHEMA IF NOT EXISTS curated_graveyard"
    assert move == "ALTER TABLE curated.line_2026_01 SET SCHEMA curated_graveyard"
    there = replace(table(dear, *months("2026-08", 6)), has_graveyard=True)
    assert schema not in planned(there, "2026-11-25").actions[0].statements


def test_without_a_bound_nothing_is_old() -> None:
    open_end = Partition("curated", "rest", Span(moment("2020-01-01"), END))
    old = Partition("curated", "old", Span(BEGINNING, moment("2020-01-01")))
    plan = planned(table(old, open_end), "2026-11-25")
    assert done(plan) == [("detach", 'curated."old"', "the beginning to 2020-01-01")]


def test_a_default_partition_stays_and_forbids_the_concurrent_form() -> None:
    default = Partition("curated", "rest", Span(BEGINNING, END), is_default=True)
    plan = planned(table(default, *months("2026-07", 7)), "2026-11-25")
    (action,) = plan.actions
    assert action.statements[1] == (
        "ALTER TABLE curated.line DETACH PARTITION curated.line_2026_07"
    )
    assert action.locks.startswith("ACCESS EXCLUSIVE")


def test_a_policy_that_keeps_all() -> None:
    plan = planned(table(*months("1990-01", 1)), "2026-11-25", replace(POLICY, retain_months=None))
    assert {action.kind for action in plan.actions} == {"create"}


def test_a_hold_lets_nothing_go() -> None:
    held = replace(POLICY, is_held=True)
    gone = [detached("resting", "2026-01-01"), detached("pending", None)]
    gone = [replace(it, is_held=True) for it in gone]
    plan = planned(table(*months("2026-07", 7)), "2026-11-25", held, *gone)
    assert plan.actions == []
    assert plan.remarks == [
        (
            "curated_graveyard.line_2026_01 is due to be dropped, but its table is on hold; "
            "end the hold with: mlb-perf partitions release curated.line"
        ),
        (
            "curated.line is on hold, so these months stay: 2026-07; end the hold with: "
            "mlb-perf partitions release curated.line"
        ),
    ]


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (
            "attached",
            "ALTER TABLE curated.line DETACH PARTITION curated.line_2026_01 CONCURRENTLY",
        ),
        ("pending", "ALTER TABLE curated.line DETACH PARTITION curated.line_2026_01 FINALIZE"),
        ("detached", "DO $bounds$"),
    ],
)
def test_what_was_cut_off_is_finished(state: State, first: str) -> None:
    plan = planned(table(*months("2026-08", 6)), "2026-11-25", POLICY, detached(state, None))
    assert done(plan) == [("finish", "curated.line_2026_01", "2026-01")]
    assert plan.actions[0].statements[0].startswith(first)


def test_a_detach_of_somebody_else_that_is_stuck_is_named() -> None:
    (stuck,) = months("2026-06", 1)
    plan = planned(table(replace(stuck, is_pending=True), *months("2026-07", 7)), "2026-11-25")
    assert plan.actions == []
    assert plan.remarks[0].endswith(
        "ALTER TABLE curated.line DETACH PARTITION curated.line_2026_06 FINALIZE"
    )


def test_dropped_after_its_time_and_not_before() -> None:
    gone = detached("resting", "2026-11-25T12:00")
    have = table(*months("2026-08", 6))
    assert done(planned(have, "2026-11-25T11:59", POLICY, gone)) == []
    (action,) = planned(have, "2026-11-25T12:00", POLICY, gone).actions
    assert (action.kind, action.statements) == (
        "drop",
        ("DROP TABLE curated_graveyard.line_2026_01",),
    )


def test_what_rests_of_other_tables_is_not_ours() -> None:
    other = replace(detached("resting", "2026-01-01"), parent_name="other")
    assert planned(table(*months("2026-08", 6)), "2026-11-25", POLICY, other) == Plan()


def detached(state: State, drop_after: str | None) -> Detached:
    span = Span.of_months(dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    return Detached(
        "curated_graveyard" if state == "resting" else "curated", "line_2026_01",
        "curated", "line", span, state, moment(drop_after) if drop_after else None,
        False, 0, None, (),
    )  # fmt: skip
