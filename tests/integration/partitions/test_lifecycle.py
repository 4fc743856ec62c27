"""Detached, laid to rest, restored, dropped: with every row, by command and by SQL."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from sqlalchemy import Engine, text

from mlb_perf.distribution import FORCED_VARIABLE
from mlb_perf.errors import PartitionFailed
from mlb_perf.partitions import run as running
from mlb_perf.partitions.restore import restore
from tests.integration.partitions.market import (
    HEALTH,
    KEYS,
    LEAVES,
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
    set_policy,
)
from tests.support.catalogs import assert_same
from tests.support.sql import rows, run

OLD = "SELECT * FROM performance_monitoring.drop_old_partitions('market', 'quote', 2{})"


@pytest.mark.parametrize("key", KEYS)
def test_out_and_back_again(market: Engine, key: str) -> None:
    """The months that are not kept go; restored, rows, definitions and comments are as before."""
    make(market, key)
    fill(market, -4, 1)
    run(market, f"COMMENT ON TABLE market.{name(market, -4)} IS 'Season''s first'")
    before, shape = contents(market), catalog(market)
    command("detach")
    gone = {f"market.{name(market, n)}" for n in (-4, -3)}
    assert contents(market) == [row for row in before if row[0] not in gone]
    assert rows(market, STATES) == [(name(market, n), "resting") for n in (-4, -3)]
    assert rows(market, HEALTH) == []
    assert command("plan", TABLE) == "nothing is due\n"
    for n in (-3, -4):
        assert "the next detach removes it again" in command("restore", TABLE, month(market, n))
    assert contents(market) == before
    assert_same(catalog(market), shape)
    assert rows(market, STATES) == []


def test_a_distributed_table_is_detached_plainly(
    market: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Citus refuses CONCURRENTLY; a month goes and comes back in the same way."""
    monkeypatch.setenv(FORCED_VARIABLE, "yes")
    make(market, KEYS[0])
    fill(market, -4, 1)
    before, shape = contents(market), catalog(market)
    printed = command("detach", TABLE, month(market, -4))
    assert "it is distributed by Citus" in printed
    assert "CONCURRENTLY" not in printed
    assert rows(market, STATES) == [(name(market, -4), "resting")]
    command("restore", TABLE, month(market, -4))
    assert contents(market) == before
    assert_same(catalog(market), shape)


@pytest.mark.parametrize("by_sql", [True, False], ids=["plain detach", "concurrent detach"])
def test_restore_reads_no_row_under_the_lock(
    market: Engine, by_sql: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The server itself says that the CHECK proves the bounds; a newer index is built before."""
    make(market)
    fill(market, -3, 1)
    before = contents(market)
    if by_sql:
        run(market, OLD.format(", false"))
    else:
        command("detach", TABLE)
    run(market, f"CREATE INDEX came_since ON {TABLE} (note, price)")
    with Hands(market) as session:
        session.connection.exec_driver_sql("SET client_min_messages = debug1")
        with caplog.at_level("INFO", "sqlalchemy.dialects.postgresql"):
            restore(session, running.one_detached(session.connection, TABLE, month(market, -3)))
    notices = " ".join(caplog.messages)
    assert f'constraint for table "{name(market, -3)}" is implied by existing' in notices
    attach = notices[notices.index("is implied") :]
    assert "building index" not in attach
    assert contents(market) == before
    assert rows(market, HEALTH) == []


def test_drop_old_partitions_in_sql(market: Engine) -> None:
    """It says what it would do; asked to, it does it; after its time in the graveyard it drops."""
    make(market)
    fill(market, -4, 1)
    before = rows(market, LEAVES)
    actions = "SELECT partition, action FROM ({}) AS did"
    would = [(f"market.{name(market, n)}", "would detach") for n in (-4, -3)]
    assert rows(market, actions.format(OLD.format(""))) == would
    assert rows(market, LEAVES) == before
    with market.begin() as connection:
        did = connection.execute(text(actions.format(OLD.format(", dry_run => false")))).all()
    assert [tuple(r) for r in did] == [(n, "detached") for n, _ in would]
    assert rows(market, STATES) == [(name(market, n), "resting") for n in (-4, -3)]
    set_policy(market, graveyard_days=0)
    with market.begin() as connection:
        did = connection.execute(text(actions.format(OLD.format(", false")))).all()
    resting = [f"market_graveyard.{name(market, n)}" for n in (-4, -3)]
    assert [tuple(r) for r in did] == [(n, "dropped") for n in resting]
    assert rows(market, STATES) == []


def test_dropped_after_its_time_and_not_before(market: Engine) -> None:
    make(market)
    fill(market, -4, 0)
    command("detach", TABLE)
    assert command("drop", TABLE, "--yes") == "no partition is due to be dropped\n"
    set_detached_days_ago(market, name(market, -4), 31)
    said = command("drop", TABLE)
    assert f"DROP TABLE market_graveyard.{name(market, -4)};" in said
    assert "nothing was dropped" in said
    assert len(rows(market, STATES)) == 2
    command("drop", TABLE, "--yes")
    assert rows(market, STATES) == [(name(market, -3), "resting")]


def test_a_hold(market: Engine) -> None:
    """Nothing of a held table goes, neither by command nor by SQL, and it can be released."""
    make(market)
    fill(market, -4, 0)
    command("detach", TABLE, month(market, -4))
    set_policy(market, graveyard_days=0)
    command("hold", TABLE)
    before = (rows(market, LEAVES), rows(market, STATES))
    command("detach", TABLE)
    command("drop", TABLE, "--yes")
    with pytest.raises(PartitionFailed, match="is on hold; end the hold with: mlb-perf"):
        command("detach", TABLE, month(market, -3))
    with market.begin() as connection:
        did = connection.execute(text(OLD.format(", false"))).all()
    assert [r.action for r in did] == ["held", "held"]
    assert (rows(market, LEAVES), rows(market, STATES)) == before
    command("release", TABLE)
    command("drop", TABLE, "--yes")
    assert rows(market, STATES) == []


def test_writers_and_readers_go_on_meanwhile(market: Engine) -> None:
    make(market)
    fill(market, -6, 1)
    ended = threading.Event()
    errors: list[Exception] = []
    written: list[int] = []

    def work(number: int) -> None:
        with market.connect() as connection:
            connection.exec_driver_sql("SET lock_timeout = '1s'")
            while not ended.is_set():
                try:
                    values = f"({len(written) * 4 + number + 1000}, now(), 1, 1)"
                    connection.exec_driver_sql(
                        f"INSERT INTO {TABLE} (id, seen, book, price) VALUES {values}"
                    )
                    connection.exec_driver_sql(f"SELECT count(*) FROM {TABLE}").scalar_one()
                    connection.commit()
                    written.append(number)
                except Exception as error:
                    errors.append(error)
                    return

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    command("detach", TABLE)
    command("restore", TABLE, month(market, -5))
    ended.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert written
    assert len(rows(market, STATES)) == 3


def set_detached_days_ago(engine: Engine, leaf: str, days: int) -> None:
    """The mark of a partition that was detached so long ago."""
    with engine.begin() as connection:
        then = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        said = connection.execute(
            text("SELECT obj_description(to_regclass(:leaf), 'pg_class')"),
            {"leaf": f"market_graveyard.{leaf}"},
        ).scalar_one()
        older = re.sub(r'"detached_at": "[^"]+"', f'"detached_at": "{then.isoformat()}"', said)
        assert older != said
        connection.exec_driver_sql(
            f"COMMENT ON TABLE market_graveyard.{leaf} IS '{older}'",
            execution_options={"no_parameters": True},
        )
