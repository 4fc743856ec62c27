"""A database at head for a module's tests, and a schema for the faults of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.integration.monitor.support import do


@pytest.fixture
def faults(shared_head: Engine) -> Iterator[Engine]:
    """An engine on the module's database, with an empty schema ``faults``."""
    do(shared_head, "CREATE SCHEMA faults")
    yield shared_head
    do(shared_head, "DROP SCHEMA faults CASCADE")


@pytest.fixture
def rows(faults: Engine) -> Engine:
    """A table of 1,000 rows with an index, and functions that write."""
    do(
        faults,
        "CREATE TABLE faults.t AS SELECT i AS a, i % 7 AS b FROM generate_series(1, 1000) i",
        "CREATE INDEX by_a ON faults.t (a)",
        "CREATE SEQUENCE faults.s",
        "ANALYZE faults.t",
        "CREATE FUNCTION faults.writes() RETURNS int LANGUAGE sql AS "
        "'DELETE FROM faults.t; SELECT 1'",
        "CREATE FUNCTION faults.unlocks() RETURNS int LANGUAGE plpgsql AS "
        "'BEGIN SET LOCAL transaction_read_only = off; DELETE FROM faults.t; RETURN 1; END'",
        "CREATE FUNCTION faults.commits() RETURNS int LANGUAGE plpgsql AS "
        "'BEGIN DELETE FROM faults.t; COMMIT; RETURN 1; END'",
        "CREATE FUNCTION faults.hides() RETURNS int LANGUAGE plpgsql AS "
        "'BEGIN DELETE FROM faults.t; RETURN 1; EXCEPTION WHEN read_only_sql_transaction THEN "
        "RETURN 2; END'",
        "CREATE FUNCTION faults.pretends() RETURNS int LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'pretended' USING ERRCODE = 'MP000'; END $$",
    )
    return faults
