"""A partitioned table of the tests' own, and how to ask of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Engine, text

from mlb_perf.migrate.catalog import Catalog
from mlb_perf.months import midnight, month_after, month_of
from mlb_perf.online.locks import Patience
from mlb_perf.partitions import ensure
from mlb_perf.partitions.session import Session
from tests.support import catalogs
from tests.support.command_line import invoke
from tests.support.sql import rows, run

KEYS = ("date", "timestamptz")
TABLE = "market.quote"
HEALTH = (
    "SELECT partition_name, problem FROM performance_monitoring.partition_health"
    " WHERE schema_name = 'market' AND problem <> 'stale statistics' ORDER BY 2, 1"
)
STATES = "SELECT partition_name, state FROM performance_monitoring.detached_partitions ORDER BY 1"
LEAVES = (
    "SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition"
    f" AND oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = '{TABLE}'::regclass)"
    " ORDER BY 1"
)


def make(engine: Engine, key: str = "timestamptz", name: str = "quote") -> None:
    """A table with a key, an index, a CHECK and a foreign key, and its policy."""
    quoted = '"' + name.replace('"', '""') + '"'
    run(
        engine,
        "CREATE SCHEMA IF NOT EXISTS market",
        "CREATE TABLE IF NOT EXISTS market.book (book int PRIMARY KEY)",
        "INSERT INTO market.book VALUES (1), (2) ON CONFLICT DO NOTHING",
        f"CREATE TABLE market.{quoted} (id int NOT NULL, seen {key} NOT NULL,"
        " book int REFERENCES market.book, price int CHECK (price <> 0), note text DEFAULT 'none',"
        " PRIMARY KEY (id, seen)) PARTITION BY RANGE (seen)",
        f"CREATE INDEX ON market.{quoted} (book, seen DESC) WHERE price > 0",
        f"COMMENT ON COLUMN market.{quoted}.price IS 'American'",
    )
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO performance_monitoring.partition_policies (schema_name, table_name,"
                " partition_column, strategy, months_ahead, retain_months)"
                " VALUES ('market', :name, 'seen', 'month', 1, 2)"
            ),
            {"name": name},
        )


def this_month(engine: Engine) -> dt.date:
    return month_of(rows(engine, "SELECT now()")[0][0])


def fill(engine: Engine, first: int, last: int, each: int = 20) -> None:
    """Rows in the months from ``first`` to ``last``, counted from this month; partitions too."""
    month = this_month(engine)
    with engine.begin() as connection:
        ensure(connection, TABLE, month_after(month, first), month_after(month, last))
        for number in range(first, last + 1):
            connection.execute(
                text(
                    f"INSERT INTO {TABLE} (id, seen, book, price)"
                    " SELECT n, CAST(:month AS timestamptz) + n * interval '1 day', 1 + n % 2,"
                    " 100 + n FROM generate_series(0, :each - 1) AS n"
                ),
                {"month": midnight(month_after(month, number)), "each": each},
            )


def contents(engine: Engine, table: str = TABLE) -> list[tuple[Any, ...]]:
    return rows(engine, f"SELECT tableoid::regclass::text, t.* FROM {table} AS t ORDER BY 2, 3")


def command(*words: str) -> str:
    """What a command prints, which must succeed; its error is raised."""
    result = invoke("partitions", *words)
    assert result.exit_code == 0, result.output
    return result.output


def catalog(engine: Engine) -> Catalog:
    return catalogs.catalog(engine, ["market"])


def name(engine: Engine, months: int) -> str:
    return f"quote_{month_after(this_month(engine), months):%Y_%m}"


def month(engine: Engine, months: int) -> str:
    return f"{month_after(this_month(engine), months):%Y-%m}"


def set_policy(engine: Engine, **values: int) -> None:
    changes = ", ".join(f"{column} = {value}" for column, value in values.items())
    run(engine, f"UPDATE performance_monitoring.partition_policies SET {changes}"
        " WHERE schema_name = 'market'")  # fmt: skip


class Hands:
    """A session as the commands have one."""

    def __init__(self, engine: Engine, seconds: float = 10) -> None:
        self.connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.session = Session(self.connection, Patience(total_seconds=seconds))

    def __enter__(self) -> Session:
        return self.session

    def __exit__(self, *_: object) -> None:
        self.connection.close()
