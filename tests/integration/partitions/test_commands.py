"""What the commands print, and how they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from mlb_perf.errors import MlbPerfError
from mlb_perf.months import Span, month_after
from tests.integration.partitions.market import LEAVES, TABLE, command, fill, make, name, this_month
from tests.support.sql import rows, run


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plan", "market.absent"), "table market.absent does not exist; write it as schema.table"),
        (("plan", 'a"b"c.d.e.f'), 'table a"b"c.d.e.f does not exist'),
        (("plan", "market.book"), "partition policy for market.book is missing; add one: INSERT"),
        (("restore", TABLE, "2020-01"), "2020-01 matches 0 of the detached partitions of"),
        (("detach", TABLE, "2020-01"), "2020-01 matches 0 partitions of market.quote; it has"),
        (("apply", TABLE, "--from", "2026-13", "--to", "2026-14"), "'2026-13' is not a month"),
        (("apply", TABLE, "--from", "2026-03", "--to", "2026-01"), "is after"),
        (("apply", "--from", "2026-03"), "use --from and --to together"),
        (("hold", "market.book"), "partition policy for market.book is missing"),
    ],
)
def test_what_a_user_may_get_wrong(market: Engine, words: tuple[str, ...], message: str) -> None:
    make(market)
    fill(market, 0, 1)
    with pytest.raises(MlbPerfError, match=re.escape(message)):
        command(*words)


def test_the_plan_is_printed_and_changes_nothing(market: Engine) -> None:
    make(market, "date")
    fill(market, -3, 0)
    before = rows(market, LEAVES)
    after = Span.of_months(*[month_after(this_month(market), 1)] * 2)
    lines = command("plan", TABLE).splitlines()
    assert lines[0] == (
        f"-- create market.quote_{after.suffix}: {after}; about 40 ms; SHARE UPDATE EXCLUSIVE on "
        "market.quote: blocks no reader or writer; SHARE ROW EXCLUSIVE on market.book: blocks "
        "writers for a moment"
    )
    assert lines[2] == (
        f"ALTER TABLE market.quote ATTACH PARTITION market.quote_{after.suffix} "
        f"{after.values(is_date=True)};"
    )
    assert rows(market, LEAVES) == before
    command("apply", TABLE)
    assert len(rows(market, LEAVES)) == len(before) + 1
    assert command("apply", TABLE) == "no month is missing\n"


@contextmanager
def changes() -> Iterator[list[str]]:
    """The statements by which commands change anything, as they are sent."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: Any) -> None:
        if statement.startswith(("CREATE", "ALTER", "COMMENT", "DO", "DROP")):
            sent.append(f"{statement};")

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def without_moments(printed: str) -> str:
    """A mark holds the moment of the detach; the plan can only write its own there."""
    return re.sub(r'"detached_at": "[^"]+"', '"detached_at": "then"', printed)


@pytest.mark.parametrize("beside_a_default", [False, True])
def test_what_the_plan_prints_is_what_is_run(market: Engine, beside_a_default: bool) -> None:
    """All of it, in its order: months made, detached, finished and dropped."""
    make(market)
    fill(market, -4, 0)
    run(market, f"COMMENT ON TABLE market.{name(market, -4)} IS 'Season''s 1st: 100%'")
    if beside_a_default:
        run(market, f"CREATE TABLE market.rest PARTITION OF {TABLE} DEFAULT")
    with changes() as sent:
        planned = statements(command("plan", TABLE))
        assert sent == []
        command("apply", TABLE)
        command("detach", TABLE)
        # The first of two months makes the schema that both need.
        schema = "CREATE SCHEMA IF NOT EXISTS market_graveyard;"
        assert planned.count(schema) == 2
        last = planned.rindex(schema)
        planned = planned[:last] + planned[last + len(schema) + 1 :]
        assert without_moments("\n".join(sent)) == without_moments(planned)
    run(market, "UPDATE performance_monitoring.partition_policies SET graveyard_days = 0")
    with changes() as sent:
        planned = statements(command("plan", TABLE))
        command("drop", TABLE, "--yes")
        assert "\n".join(sent) == planned
        assert len(sent) == 2


def test_what_is_left_of_a_detach_is_printed(market: Engine) -> None:
    make(market)
    fill(market, -3, 1)
    with market.connect() as idle:
        idle.exec_driver_sql(f"SELECT FROM {TABLE}")
        with pytest.raises(MlbPerfError, match="finish it with"):
            command("detach", TABLE, "--patience", "0.3")
    with changes() as sent:
        planned = statements(command("plan", TABLE))
        assert planned.startswith("ALTER TABLE market.quote DETACH PARTITION ")
        command("detach", TABLE)
        assert without_moments("\n".join(sent)) == without_moments(planned)


def statements(printed: str) -> str:
    return "\n".join(line for line in printed.splitlines() if not line.startswith("--"))
