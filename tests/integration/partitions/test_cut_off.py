"""A detach that is killed, held up or refused: the next command ends it, and no row is lost."""

from __future__ import annotations

import subprocess

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import PartitionFailed
from mlb_perf.months import Span, month_after
from mlb_perf.partitions import detach, detach_sql, ensure
from mlb_perf.partitions import run as running
from tests.integration.partitions.market import (
    HEALTH,
    STATES,
    TABLE,
    Hands,
    catalog,
    command,
    contents,
    fill,
    make,
    month,
    name,
    this_month,
)
from tests.support.catalogs import assert_same
from tests.support.processes import mlb_perf, start
from tests.support.sql import rows, run
from tests.support.waiting import eventually


def test_a_transaction_that_does_not_end(market: Engine) -> None:
    """The detach gives up, names who holds it up, and is finished by the next command."""
    make(market)
    fill(market, -3, 1)
    leaf = name(market, -3)
    with market.connect() as idle:
        pid = idle.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        idle.exec_driver_sql(f"SELECT FROM {TABLE}")
        with pytest.raises(PartitionFailed, match=rf"pid {pid} .*finish it with: mlb-perf"):
            command("detach", TABLE, "--patience", "0.3")
        assert rows(market, STATES) == [(leaf, "pending")]
        assert rows(market, HEALTH) == [(leaf, "detach pending")]
        idle.exec_driver_sql(f"INSERT INTO {TABLE} VALUES (999, now(), 1, 1)")
        idle.commit()
    said = command("detach", TABLE)
    assert f"DETACH PARTITION market.{leaf} FINALIZE" in said
    assert rows(market, STATES) == [(leaf, "resting")]
    assert rows(market, HEALTH) == []


def child() -> subprocess.Popen[str]:
    return start(mlb_perf("partitions", "detach", TABLE))


def end_its_session(engine: Engine) -> None:
    """A killed client's session may go on waiting; without it the test is quicker."""
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'mlb_perf'"
    )
    eventually(lambda: not rows(engine, query))


def test_killed_while_the_detach_waits(market: Engine) -> None:
    make(market)
    fill(market, -3, 0)
    before = contents(market)
    with market.connect() as idle:
        idle.exec_driver_sql(f"SELECT FROM {TABLE}")
        process = child()
        eventually(lambda: rows(market, STATES) == [(name(market, -3), "pending")])
        process.kill()
        process.communicate()
        end_its_session(market)
    command("detach", TABLE)
    assert rows(market, STATES) == [(name(market, -3), "resting")]
    command("restore", TABLE, month(market, -3))
    assert contents(market) == before


def test_killed_between_the_detach_and_the_move(market: Engine) -> None:
    """Another session makes the schema of the graveyard: the move waits, and is killed there."""
    make(market)
    fill(market, -3, 1)
    before = contents(market)
    with market.connect() as other:
        other.exec_driver_sql("CREATE SCHEMA market_graveyard")
        process = child()
        eventually(lambda: rows(market, STATES) == [(name(market, -3), "detached")])
        process.kill()
        process.communicate()
        end_its_session(market)
        assert rows(market, HEALTH) == [(name(market, -3), "detach not finished")]
    command("detach", TABLE)
    assert rows(market, STATES) == [(name(market, -3), "resting")]
    command("restore", TABLE, month(market, -3))
    assert contents(market) == before


def test_cut_off_before_anything_was_done(market: Engine) -> None:
    """Marked and no more: the next command does it; nothing is marked twice."""
    make(market)
    fill(market, -3, 0)
    run(market, f"COMMENT ON TABLE market.{name(market, -3)} IS 'mine'")
    with Hands(market) as session:
        table = running.month_table(session.connection, TABLE)
        detach.choose(session, detach_sql.as_detached(table, table.partitions[0]))
    assert rows(market, STATES) == [(name(market, -3), "attached")]
    command("detach", TABLE)
    command("restore", TABLE, month(market, -3))
    comment = "SELECT obj_description(to_regclass(:leaf), 'pg_class')"
    assert rows(market, comment, leaf=f"market.{name(market, -3)}") == [("mine",)]


@pytest.mark.parametrize("beside_a_default", [False, True])
def test_rows_that_others_refer_to(market: Engine, beside_a_default: bool) -> None:
    """A foreign key from elsewhere stops the detach; the partition is as it was, unmarked."""
    make(market)
    fill(market, -3, 0)
    run(
        market,
        "CREATE TABLE market.bet (id int, seen timestamptz,"
        " FOREIGN KEY (id, seen) REFERENCES market.quote)",
        f"INSERT INTO market.bet SELECT id, seen FROM market.{name(market, -3)} LIMIT 1",
    )
    if beside_a_default:
        run(market, f"CREATE TABLE market.rest PARTITION OF {TABLE} DEFAULT")
    before = catalog(market)
    with pytest.raises(PartitionFailed, match="rows of another table refer to rows of that"):
        command("detach", TABLE)
    assert rows(market, STATES) == []
    assert_same(catalog(market), before)


def test_a_default_partition(market: Engine) -> None:
    """DETACH CONCURRENTLY is refused beside one; the plain form takes the lock ladder."""
    make(market)
    fill(market, -3, 0)
    run(market, f"CREATE TABLE market.rest PARTITION OF {TABLE} DEFAULT")
    before = contents(market)
    assert "CONCURRENTLY" not in command("detach", TABLE)
    assert rows(market, STATES) == [(name(market, -3), "resting")]
    command("restore", TABLE, month(market, -3))
    assert contents(market) == before


def test_names_that_are_taken_in_the_graveyard(market: Engine) -> None:
    make(market)
    fill(market, -3, 0)
    leaf = name(market, -3)
    run(market, "CREATE SCHEMA market_graveyard",
        f"CREATE TABLE market_graveyard.x (a int CONSTRAINT {leaf}_pkey PRIMARY KEY)")  # fmt: skip
    with pytest.raises(PartitionFailed, match=rf"market_graveyard.{leaf}_pkey already exists"):
        command("detach", TABLE)
    assert rows(market, STATES) == []


def test_a_month_that_rests_is_not_made_anew(market: Engine) -> None:
    """A late row of that month gets an error that names the place of its month."""
    make(market)
    fill(market, -3, 0)
    command("detach", TABLE)
    old = month_after(this_month(market), -3)
    with market.begin() as connection, pytest.raises(PartitionFailed, match="partitions restore"):
        ensure(connection, TABLE, old, old)
    run(market, f"CREATE TABLE market.other PARTITION OF {TABLE} "
        f"{Span.of_months(old, old).values(is_date=False)}")  # fmt: skip
    with pytest.raises(PartitionFailed, match=r"market.other now holds .*; copy the rows instead"):
        command("restore", TABLE, f"{old:%Y-%m}")
