"""What the commands print, and how they refuse."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import MlbPerfError
from mlb_perf.months import Span, month_after
from tests.integration.partitions.market import (
    LEAVES,
    TABLE,
    command,
    fill,
    make,
    name,
    rows,
    this_month,
)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plan", "market.absent"), "there is no table market.absent; write it as schema.table"),
        (("plan", 'a"b"c.d.e.f'), "there is no table"),
        (("plan", "market.book"), "partition policy for market.book is missing; add one: INSERT"),
        (("restore", TABLE, "2020-01"), "2020-01 of market.quote names 0 of what was detached"),
        (("detach", TABLE, "2020-01"), "2020-01 names 0 partitions of market.quote; it has quote_"),
        (("apply", TABLE, "--from", "2026-13", "--to", "2026-14"), "'2026-13' is no month"),
        (("apply", TABLE, "--from", "2026-03", "--to", "2026-01"), "is after"),
        (("apply", "--from", "2026-03"), "give a table, --from and --to together"),
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
        f"-- create market.quote_{after.suffix}: {after}; about 10 ms; SHARE UPDATE EXCLUSIVE on "
        "market.quote: nobody waits; SHARE ROW EXCLUSIVE on market.book: writers wait a moment"
    )
    assert lines[2] == (
        f"ALTER TABLE market.quote ATTACH PARTITION market.quote_{after.suffix} "
        f"{after.values(is_date=True)};"
    )
    assert lines[-2:] == [
        f"ALTER TABLE market.quote DETACH PARTITION market.{name(market, -3)} CONCURRENTLY;",
        f"ALTER TABLE market.{name(market, -3)} SET SCHEMA market_graveyard;",
    ]
    assert rows(market, LEAVES) == before
    command("apply", TABLE)
    assert len(rows(market, LEAVES)) == len(before) + 1
    assert command("apply", TABLE) == "nothing is missing\n"
