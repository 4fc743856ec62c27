"""Each problem that partition_health names is really made; a sound table has none."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from mlb_perf.months import Span, month_after
from tests.integration.partitions.market import HEALTH, TABLE, command, fill, make, name, this_month
from tests.support.sql import rows, run


@pytest.fixture
def sound(market: Engine) -> Engine:
    make(market)
    fill(market, -3, 1)
    run(market, f"ANALYZE {TABLE}")
    everything = "SELECT * FROM performance_monitoring.partition_health WHERE schema_name = :schema"
    assert rows(market, everything, schema="market") == []
    return market


def remedies(engine: Engine) -> list[str]:
    query = (
        "SELECT remedy FROM performance_monitoring.partition_health WHERE schema_name = 'market'"
        " AND problem <> 'stale statistics'"
    )
    return [remedy for (remedy,) in rows(engine, query)]


def test_months_missing_ahead(sound: Engine) -> None:
    run(sound, f"DROP TABLE market.{name(sound, 0)}, market.{name(sound, 1)}")
    assert rows(sound, HEALTH) == [(None, "months missing ahead")]
    (remedy,) = remedies(sound)
    command(*remedy.split()[2:])
    assert rows(sound, HEALTH) == []


def test_a_gap(sound: Engine) -> None:
    run(sound, f"DROP TABLE market.{name(sound, -1)}")
    assert rows(sound, HEALTH) == [(None, "gap")]
    (remedy,) = remedies(sound)
    command(*remedy.split()[2:])
    assert rows(sound, HEALTH) == []


def test_an_index_that_a_partition_lacks(sound: Engine) -> None:
    """What a build that was cut off leaves: the parent's index, and not one for each partition."""
    run(sound, f"CREATE INDEX half ON ONLY {TABLE} (price)")
    leaves = sorted(name(sound, n) for n in range(-3, 2))
    assert rows(sound, HEALTH) == [(leaf, "index missing") for leaf in leaves]
    for leaf in leaves[:-1]:
        run(sound, f"CREATE INDEX half_{leaf} ON market.{leaf} (price)",
            f"ALTER INDEX market.half ATTACH PARTITION market.half_{leaf}")  # fmt: skip
    assert rows(sound, HEALTH) == [(leaves[-1], "index missing")]


def test_bounds_in_another_time_zone(sound: Engine) -> None:
    month = month_after(this_month(sound), 2)
    run(
        sound,
        f"CREATE TABLE market.theirs PARTITION OF {TABLE} FOR VALUES"
        f" FROM ('{month:%Y-%m-%d} 00:00-05') TO ('{month_after(month):%Y-%m-%d} 00:00-05')",
    )
    assert rows(sound, HEALTH) == [("theirs", "bounds in another time zone")]


def test_statistics_that_are_stale(sound: Engine) -> None:
    """Autovacuum analyzes the partitions, never the parent."""
    query = (
        "SELECT detail, remedy FROM performance_monitoring.partition_health"
        " WHERE schema_name = 'market' AND problem = 'stale statistics'"
    )
    month = this_month(sound)
    run(  # in one transaction: counts of the INSERT that arrive after ANALYZE are added to its own
        sound,
        f"INSERT INTO {TABLE} SELECT 1000 + n, TIMESTAMPTZ '{month} 00:00+00', 1, 1"
        f" FROM generate_series(1, 300) AS n; ANALYZE market.{name(sound, 0)}",
    )
    assert rows(sound, query) == [
        (
            "the parent's statistics say 100 rows, its partitions have about 400",
            "ANALYZE market.quote",
        )
    ]
    run(sound, f"ANALYZE {TABLE}")
    assert rows(sound, query) == []


def test_hash_partitions_that_are_missing(market: Engine) -> None:
    run(
        market,
        "CREATE SCHEMA market",
        "CREATE TABLE market.odds (a int) PARTITION BY HASH (a)",
        "CREATE TABLE market.odds_0 PARTITION OF market.odds"
        " FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "INSERT INTO performance_monitoring.partition_policies (schema_name, table_name,"
        " partition_column, strategy, hash_modulus) VALUES ('market', 'odds', 'a', 'hash', 2)",
    )
    assert rows(market, HEALTH) == [(None, "hash partitions missing")]
    run(
        market,
        "CREATE TABLE market.odds_1 PARTITION OF market.odds"
        " FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
    )
    assert rows(market, HEALTH) == []


def test_a_reader_of_statistics_sees_it(sound: Engine) -> None:
    """A member of pg_monitor with USAGE on the schema; others see nothing."""
    run(sound, f"DROP TABLE market.{name(sound, -1)}")
    role = f"watcher_of_{sound.url.database}"
    run(sound, f'CREATE ROLE "{role}" IN ROLE pg_monitor',
        f'GRANT USAGE ON SCHEMA performance_monitoring TO "{role}"')  # fmt: skip
    try:
        with sound.connect() as connection:
            connection.exec_driver_sql(f'SET ROLE "{role}"')
            assert [tuple(row) for row in connection.exec_driver_sql(HEALTH)] == [(None, "gap")]
    finally:
        run(sound, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')


def test_the_months_of_a_span(sound: Engine) -> None:
    """apply --from --to makes what is missing there, and nothing else."""
    month = month_after(this_month(sound), -6)
    words = ("apply", TABLE, "--from", f"{month:%Y-%m}", "--to", f"{month_after(month):%Y-%m}")
    said = command(*words)
    created = [line.split()[1] for line in said.splitlines() if line.startswith("created ")]
    spans = [Span.of_months(m, m) for m in (month, month_after(month))]
    assert created == [f"market.quote_{span.suffix}" for span in spans]
