"""Months are made by SQL and by Python alike, whoever else is at work."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from mlb_perf import diagnosis
from mlb_perf.errors import PartitionFailed
from mlb_perf.months import Span, month_after
from mlb_perf.names import qualified
from mlb_perf.partitions import create, ensure
from mlb_perf.partitions.catalog import read_table
from mlb_perf.partitions.plan import plan_months
from tests.integration.partitions.market import (
    HEALTH,
    KEYS,
    LEAVES,
    TABLE,
    Hands,
    catalog,
    make,
    this_month,
)
from tests.support.catalogs import assert_same
from tests.support.sql import rows, run

CREATE = "SELECT partition::text FROM performance_monitoring.create_monthly_partitions(:s, :t, :n)"
NAMES = ("quote", 'Odd "Quote" %s :x', "é" * 31, "x" * 63)


def by_sql(
    engine: Engine, name: str = "quote", ahead: int = 1, schema: str = "market"
) -> list[str]:
    with engine.begin() as connection:
        found = connection.execute(text(CREATE), {"s": schema, "t": name, "n": ahead})
        return list(found.scalars())


def by_python(engine: Engine, name: str = "quote", ahead: int = 1) -> list[str]:
    month = this_month(engine)
    with engine.begin() as connection:
        return ensure(connection, qualified("market", name), month, month_after(month, ahead))


def in_kathmandu(engine: Engine) -> Engine:
    options = {"options": "-c timezone=Asia/Kathmandu -c datestyle=SQL,DMY"}
    return create_engine(engine.url, poolclass=NullPool, connect_args=options)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", NAMES, ids=["plain", "odd", "accents", "long"])
def test_both_make_the_same(market: Engine, key: str, name: str) -> None:
    """Names, bounds, indexes, CHECKs, comments, whatever the session's time zone."""
    make(market, key, name)
    for engine, makes in ((in_kathmandu(market), by_sql), (market, by_python)):
        made = makes(engine, name, 2)
        assert len(made) == 3
        found = catalog(market)
        run(market, *(f"DROP TABLE {leaf}" for leaf in made))
        if makes is by_sql:
            expected = found
    assert_same(found, expected)
    assert makes(market, name, 2) == made
    assert [makes(market, name, 2) for makes in (by_python, by_sql)] == [[], []]
    assert rows(market, HEALTH) == []


def test_bounds_are_months_of_utc(market: Engine) -> None:
    make(market)
    by_sql(in_kathmandu(market))
    by_python(in_kathmandu(market), ahead=3)
    month = this_month(market)
    expected = []
    for number in range(4):
        span = Span.of_months(*[month_after(month, number)] * 2)
        expected.append((f"quote_{span.suffix}", span.values(is_date=False)))
    with create_engine(market.url, poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql("SET timezone = 'UTC'")
        assert [tuple(r) for r in connection.exec_driver_sql(LEAVES)] == expected


def test_callers_at_once(market: Engine) -> None:
    """Eight callers, two ways, one set of months; nobody fails."""
    make(market)
    made: list[str] = []
    errors: list[BaseException] = []
    start = threading.Barrier(8)

    def call(makes: Callable[..., list[str]]) -> None:
        start.wait()
        try:
            made.extend(makes(market, ahead=3))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=call, args=(m,)) for m in (by_sql, by_python) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(made) == sorted(f"market.{name}" for name, _ in rows(market, LEAVES))
    assert len(made) == 4


def test_nobody_waits_for_an_attach_and_it_for_nobody(market: Engine) -> None:
    """Open transactions that have read and written the parent are in nobody's way."""
    make(market)
    by_sql(market)
    with market.connect() as other:
        other.exec_driver_sql(f"INSERT INTO {TABLE} VALUES (1, now(), NULL, 1)")
        other.exec_driver_sql(f"SELECT FROM {TABLE}")
        with market.begin() as connection:
            connection.exec_driver_sql("SET lock_timeout = '500ms'")
            month = month_after(this_month(market), 2)
            assert ensure(connection, TABLE, month, month) != []
            other.exec_driver_sql("SET lock_timeout = '500ms'")
            other.exec_driver_sql(f"INSERT INTO {TABLE} VALUES (2, now(), NULL, 1)")
        other.commit()
    assert rows(market, f"SELECT count(*) FROM {TABLE}") == [(2,)]


def test_a_lock_that_is_not_to_be_had_is_asked_for_again(market: Engine) -> None:
    make(market)
    month = month_after(this_month(market), 5)
    wanted = Span.of_months(month, month)
    with market.connect() as other, Hands(market, seconds=0.4) as session:
        pid = other.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        other.exec_driver_sql(f"LOCK TABLE {TABLE} IN SHARE MODE")
        with pytest.raises(PartitionFailed, match=f"SHARE UPDATE EXCLUSIVE lock.*pid {pid}"):
            create.create(session, TABLE, wanted)
        other.rollback()
        assert create.create(session, TABLE, wanted) == [f"market.quote_{month:%Y_%m}"]
    log = (
        "SELECT operation, status FROM performance_monitoring.optimization_log"
        " WHERE object_name LIKE 'market.%' GROUP BY 1, 2 ORDER BY 2"
    )
    assert rows(market, log) == [("create_partition", "retried"), ("create_partition", "succeeded")]


@pytest.mark.parametrize("makes", [by_sql, by_python])
def test_bounds_of_another_time_zone(market: Engine, makes: Callable[..., list[str]]) -> None:
    """What they leave open is filled: every hour of the months finds its partition."""
    make(market)
    month = this_month(market)
    edges = [f"{month_after(month, n):%Y-%m-%d} 00:00:00+05:45" for n in range(3)]
    run(
        market,
        *(
            f"CREATE TABLE market.theirs_{n} PARTITION OF {TABLE}"
            f" FOR VALUES FROM ('{edges[n]}') TO ('{edges[n + 1]}')"
            for n in range(2)
        ),
    )
    eve = month_after(month, 2) - dt.timedelta(days=1)
    rest = f"quote_{month_after(month, 1):%Y_%m}_from_{eve:%d}_1815"
    assert makes(market, ahead=1) == [f"market.{rest}"]
    named = sorted([rest, "theirs_0", "theirs_1"])
    assert rows(market, HEALTH) == [(name, "bounds in another time zone") for name in named]
    hours = (
        f"INSERT INTO {TABLE} (id, seen) SELECT 1, generate_series('{month} 00:00+00'::timestamptz,"
        f" '{month_after(month, 2)} 00:00+00'::timestamptz - interval '1 second', '1 hour')"
    )
    run(market, hours)


def test_a_default_partition_of_the_users_own(market: Engine) -> None:
    """It may hold rows of a month: then the month cannot be made, and the error says why."""
    make(market)
    run(
        market,
        f"CREATE TABLE market.rest PARTITION OF {TABLE} DEFAULT",
        f"INSERT INTO {TABLE} VALUES (1, now(), NULL, 1)",
    )
    with pytest.raises(PartitionFailed, match=r"DEFAULT partition holds rows of that month"):
        by_python(market)
    with pytest.raises(DBAPIError) as caught:
        by_sql(market)
    assert diagnosis.sqlstate(caught.value) == "23514"
    run(market, "DELETE FROM market.rest")
    assert len(by_sql(market)) == 2
    assert rows(market, HEALTH) == [("rest", "default partition")]


@pytest.mark.parametrize("makes", [by_sql, by_python])
def test_a_name_that_is_taken(market: Engine, makes: Callable[..., list[str]]) -> None:
    make(market)
    month = this_month(market)
    run(market, f"CREATE TABLE market.quote_{month:%Y_%m} ()")
    with pytest.raises((PartitionFailed, DBAPIError), match="another relation"):
        makes(market)
    assert rows(market, LEAVES) == []


def test_like_its_siblings(market: Engine) -> None:
    """Owner and storage settings, made by a superuser for another owner's table."""
    make(market)
    by_sql(market, ahead=0)
    name = rows(market, LEAVES)[0][0]
    run(market, f"ALTER TABLE market.{name} SET (fillfactor = 71, autovacuum_enabled = false)")
    role = f"owner_of_{market.url.database}"
    run(market, f'CREATE ROLE "{role}"', f'GRANT CREATE ON SCHEMA market TO "{role}"',
        f'ALTER TABLE {TABLE} OWNER TO "{role}"')  # fmt: skip
    try:
        by_sql(market, ahead=1)
        by_python(market, ahead=2)
        query = (
            "SELECT pg_get_userbyid(relowner), array_to_string(reloptions, ',') FROM pg_class"
            " WHERE oid IN (SELECT inhrelid FROM pg_inherits"
            f" WHERE inhparent = '{TABLE}'::regclass)"
            " AND relname <> :name"
        )
        settings = "fillfactor=71,autovacuum_enabled=false"
        assert rows(market, query, name=name) == [(role, settings)] * 2
    finally:
        run(market, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')


def test_sixty_months(market: Engine) -> None:
    """Made in one go; a question about one day reads one partition."""
    make(market, "date")
    month = this_month(market)
    with market.begin() as connection:
        assert len(ensure(connection, TABLE, month_after(month, -57), month_after(month, 2))) == 60
        found = read_table(connection, TABLE)
        assert found is not None
        wanted = Span.of_months(month_after(month, -57), month_after(month, 2))
        assert plan_months(found, wanted).actions == []
    plan = rows(market, f"EXPLAIN (COSTS OFF) SELECT FROM {TABLE} WHERE seen = DATE '{month}'")
    assert (
        [line for (line,) in plan if "quote_" in line and "Scan" in line]
        == [line for (line,) in plan if f"quote_{month:%Y_%m}" in line and "Scan" in line]
        != []
    )


@pytest.mark.parametrize(
    ("schema", "name", "ahead", "state", "message"),
    [
        ("market", "absent", 1, "42P01", "there is no table market.absent"),
        ("market", "x'; DROP TABLE market.book; --", 1, "42P01", "there is no table"),
        ("market", "book", 1, "42809", "market.book is not partitioned by range"),
        ("market", "quote", -1, "22023", "months_ahead is -1"),
        ("market", "quote", None, "22023", "months_ahead is NULL"),
    ],
)
def test_what_sql_refuses(
    market: Engine, schema: str, name: str, ahead: int, state: str, message: str
) -> None:
    make(market)
    with pytest.raises(DBAPIError, match=message) as caught:
        by_sql(market, name, ahead, schema)
    assert diagnosis.sqlstate(caught.value) == state
    assert rows(market, "SELECT count(*) FROM market.book") == [(2,)]


def test_what_needs_no_months(market: Engine) -> None:
    """A plain table, one by hash, one that is not there, thirty-one years."""
    make(market)
    run(market, "CREATE TABLE market.h (a int) PARTITION BY HASH (a)")
    today = dt.date(2026, 1, 1)
    with market.begin() as connection:
        for table in ("market.book", "market.h", "market.nothing"):
            assert ensure(connection, table, today, today) == []
        with pytest.raises(PartitionFailed, match="would need 373 months"):
            ensure(connection, TABLE, today, dt.date(2057, 1, 1))
