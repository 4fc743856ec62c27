"""What costs less in bulk: quotes that may be new are not looked for, months are planned once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from mlb_perf.engine import execute
from mlb_perf.partitions import ensure
from mlb_perf.pipeline.promote import batch, promote
from mlb_perf.pipeline.promote.run import Promoter, hot_tables
from mlb_perf.pipeline.promote.session import promoting
from tests.integration.pipeline.feeds import START, RawRow, odds_row
from tests.integration.pipeline.test_promote_faults import conserved, load
from tests.support.sql import rows, run
from tests.support.waiting import WAITING, wait_for_rows

POLLS = 12
STORED = (
    "SELECT side, price, collected_at FROM staging.betting_odds_unified ORDER BY side, collected_at"
)
COPY = """
    INSERT INTO staging.betting_odds_unified (
        external_game_id, source, sportsbook_key, sportsbook_id, market_type, side, price,
        decimal_price, game_id, game_date, collected_at, data_quality_score, validation_status
    )
    SELECT external_game_id, source, sportsbook_key, sportsbook_id, market_type, side, price,
        decimal_price, game_id, game_date, collected_at + interval '1 hour', data_quality_score,
        validation_status
    FROM staging.betting_odds_unified
"""


def polls(first: int = 0) -> list[RawRow]:
    """One an hour; the prices of all are the same."""
    begin = START - dt.timedelta(hours=20)
    return [odds_row(at=begin + dt.timedelta(hours=first + n)) for n in range(POLLS)]


@pytest.fixture
def inserts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How quotes were stored, each time: looked for, or taken as new. Four are many."""
    monkeypatch.setattr(batch, "_MANY", 4)
    found: list[str] = []

    def noted(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "INSERT INTO staging.betting_odds_unified" in statement:
            is_looked_for = re.search(r"ON CONFLICT \(external_game_id", statement)
            found.append("looked for" if is_looked_for else "new")

    event.listen(Engine, "before_cursor_execute", noted)
    yield found
    event.remove(Engine, "before_cursor_execute", noted)


def test_only_quotes_that_may_be_stored_are_looked_for(head: Engine, inserts: list[str]) -> None:
    load(head, *polls())
    promote(head.url)
    assert inserts == ["new"]
    # And those of later moments.
    load(head, *polls(first=POLLS - 1)[1:])
    promote(head.url)
    assert inserts == ["new", "new"]
    with head.begin() as connection:
        connection.exec_driver_sql("UPDATE raw_data.odds_api_odds SET processed_at = NULL")
    promote(head.url)
    assert inserts == ["new", "new", "looked for"]
    assert len(rows(head, STORED)) == 2 * (2 * POLLS - 1)
    conserved(head)


def test_a_poll_is_looked_for(head: Engine, inserts: list[str]) -> None:
    load(head, *polls()[:1])
    promote(head.url)
    assert inserts == ["looked for"]


def test_a_quote_that_another_session_stores_meanwhile(head: Engine, inserts: list[str]) -> None:
    load(head, *polls()[:1])
    promote(head.url)
    load(head, *polls()[1:])
    inserts.clear()
    with head.connect() as other, ThreadPoolExecutor(1) as pool:
        other.exec_driver_sql(COPY)
        running = pool.submit(promote, head.url)
        wait_for_rows(head, WAITING)
        other.commit()
        report = running.result(timeout=60)
    assert inserts == ["new", "new", "looked for"]  # the first is the other session's
    assert report.quotes == 2 * (POLLS - 2)
    found = rows(head, STORED)
    assert len(found) == 2 * POLLS == len(set(found))
    assert rows(head, "SELECT * FROM staging.rejected_records") == []
    conserved(head)


def test_which_tables_are_hot_is_planned_once(head: Engine) -> None:
    """However many months there are: planning them is most of the question."""
    plans = "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
    with promoting(head.url) as session:
        assert hot_tables(session) == []
        load(head, *polls()[:1])
        assert [table.name for table in hot_tables(session)] == ["odds_api_odds"]
        assert [tuple(row) for row in session.exec_driver_sql(plans)] == [(2, 0)]


def test_a_look_for_hot_rows_reads_none_that_was_hot(head: Engine) -> None:
    """Neither their rows, which the planner last counted as hot, nor their old index entries."""
    begin = START - dt.timedelta(hours=20)
    load(head, *(odds_row(at=begin + dt.timedelta(minutes=n)) for n in range(600)))
    run(head, "ANALYZE raw_data.odds_api_odds")
    promote(head.url)
    with promoting(head.url) as session:
        hot_tables(session)  # the first look marks what is dead
        explained = execute(session, "EXPLAIN (ANALYZE) EXECUTE mlb_perf_hot_tables").scalars()
        plan = "\n".join(explained)
    assert "on odds_api_odds_2026_07" in plan
    assert "Seq Scan on odds_api_odds_2026_07" not in plan, plan
    assert sum(map(int, re.findall(r"Heap Fetches: (\d+)", plan))) == 0, plan


EARLIER = START - dt.timedelta(days=70)


@pytest.fixture
def earlier(head: Engine) -> Engine:
    """A database that has that month too."""
    with head.begin() as connection:
        ensure(connection, "raw_data.odds_api_odds", EARLIER, EARLIER)
    return head


def test_a_poll_plans_no_month_before_its_hot_rows(earlier: Engine) -> None:
    """Each month takes a statement some 0.1 ms to plan, and there are as many as are kept."""
    load(earlier, odds_row(at=EARLIER))
    promote(earlier.url)
    load(earlier, *polls()[:1])
    found: list[str] = []

    def noted(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if re.search(r"(FROM|UPDATE) raw_data\.", statement) and "PREPARE" not in statement:
            found.append(statement)

    with promoting(earlier.url) as session:
        event.listen(session, "before_cursor_execute", noted)
        staged, _ = Promoter([session]).drain()
        event.remove(session, "before_cursor_execute", noted)
        planned = [leaf for statement in found for leaf in _leaves(session, statement)]
    assert staged.rows == 1
    assert len(found) >= 3  # what it says of its game, the claim, and that it is promoted
    assert min(planned) == "odds_api_odds_2026_07"
    assert rows(earlier, MONTHS)[0] == ("raw_data.odds_api_odds_2026_05",)


MONTHS = """
    SELECT relid::regclass::text COLLATE "C" FROM pg_partition_tree('raw_data.odds_api_odds')
    WHERE isleaf ORDER BY 1
"""


def _leaves(session: Connection, statement: str) -> list[str]:
    """The partitions of raw rows that its plan names."""
    plan = execute(session, f"EXPLAIN {statement}").scalars()
    return re.findall(r" on (odds_api_odds_\d+_\d+)", "\n".join(plan))


def test_a_row_that_is_older_than_the_hot_ones_is_promoted_too(earlier: Engine) -> None:
    """It comes after the oldest hot row was looked for; the next round finds it."""
    load(earlier, *polls()[:1])
    late = odds_row("g2", at=EARLIER, start=EARLIER + dt.timedelta(days=1))
    done: list[str] = []

    def loading(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FOR UPDATE SKIP LOCKED" in statement and not done:
            done.append(statement)
            load(earlier, late)

    with promoting(earlier.url) as session:
        event.listen(session, "before_cursor_execute", loading)
        staged, _ = Promoter([session]).drain()
        event.remove(session, "before_cursor_execute", loading)
    assert done
    assert staged.rows == 2
    conserved(earlier)
