"""Indexes that are built and dropped while others write: faults are really made."""

from __future__ import annotations

import logging
import threading

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from mlb_perf.errors import MigrationFailed, NameConflict
from mlb_perf.online.locks import PATIENCE, Patience
from tests.migration.stage import revision
from tests.support.sql import rows, run
from tests.support.waiting import eventually

NAME = "ix_t_when"
LIKE_IT = {"schema": "public", "include": ("b",), "where": "b > 0", "comment": "Why it's there"}
DEFINITION = (
    "CREATE INDEX ix_t_when ON public.t USING btree (a DESC, lower(c)) INCLUDE (b) WHERE (b > 0)"
)
INDEXES = (
    "SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index "
    "WHERE indrelid IN (SELECT oid FROM pg_class WHERE relname IN ('t', 'leaf_1', 'leaf Two')) "
    "AND NOT indisprimary ORDER BY 1"
)
LOG = (
    "SELECT revision, operation, object_name, status, error_sqlstate "
    "FROM performance_monitoring.optimization_log "
    "WHERE status <> 'retried' AND revision = '9999' ORDER BY log_id"
)


@pytest.fixture
def table(head: Engine) -> Engine:
    run(head, "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text)",
        "INSERT INTO t SELECT g, g % 100, g, 'x' FROM generate_series(1, 2000) AS g")  # fmt: skip
    return head


@pytest.fixture
def partitioned(head: Engine) -> Engine:
    run(
        head,
        "CREATE TABLE t (id int, a int, b int, c text) PARTITION BY RANGE (id)",
        "CREATE TABLE leaf_1 PARTITION OF t FOR VALUES FROM (0) TO (1000)",
        'CREATE TABLE "leaf Two" PARTITION OF t FOR VALUES FROM (1000) TO (3000)',
        "INSERT INTO t SELECT g, g % 100, g, 'x' FROM generate_series(1, 2000) AS g",
    )
    return head


def create(
    engine: Engine, columns: tuple[str, ...] = ("a DESC", "lower(c)"), **change: object
) -> None:
    with revision(engine, options={PATIENCE: Patience(total_seconds=0.5)}) as op:
        op.create_index_online(NAME, "t", columns, **{**LIKE_IT, **change})


def drop(engine: Engine) -> None:
    with revision(engine, "9999", "downgrade") as op:
        op.drop_index_online(NAME, "t", ("a DESC", "lower(c)"), **LIKE_IT)


def fail_to_build(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql(statement)


def test_it_is_as_asked_for_and_logged(table: Engine) -> None:
    create(table)
    assert rows(table, INDEXES) == [(DEFINITION, True)]
    assert rows(table, "SELECT obj_description('ix_t_when'::regclass)") == [("Why it's there",)]
    create(table)  # again: nothing to do
    drop(table)
    drop(table)
    assert rows(table, INDEXES) == []
    assert rows(table, LOG) == [
        ("9999", f"{what}_index_online", "public.ix_t_when", "succeeded", None)
        for what in ("create", "create", "drop", "drop")
    ]


def test_a_failed_build_leaves_nothing_and_the_next_one_succeeds(table: Engine) -> None:
    with pytest.raises(IntegrityError):
        create(table, columns=("a",), unique=True, include=(), where=None)
    assert rows(table, INDEXES) == []
    assert rows(table, LOG)[-1] == (
        "9999", "create_index_online", "public.ix_t_when", "failed", "23505",
    )  # fmt: skip
    run(table, "DELETE FROM t WHERE id > 100")
    create(table, columns=("a",), unique=True, include=(), where=None)
    assert rows(table, INDEXES) == [
        ("CREATE UNIQUE INDEX ix_t_when ON public.t USING btree (a)", True)
    ]


def test_an_invalid_leftover_is_built_again(table: Engine) -> None:
    fail_to_build(table, f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON t (a)")
    assert [valid for _, valid in rows(table, INDEXES)] == [False]
    create(table)
    assert rows(table, INDEXES) == [(DEFINITION, True)]


@pytest.mark.parametrize(
    ("there", "what"),
    [
        ("CREATE INDEX ix_t_when ON t (b)", "is another index: CREATE INDEX ix_t_when"),
        ("CREATE TABLE ix_t_when ()", "is not an index"),
        ("CREATE TABLE u (b int); CREATE INDEX ix_t_when ON u (b)", "is an index of u"),
    ],
)
def test_a_name_that_is_taken_is_refused(table: Engine, there: str, what: str) -> None:
    run(table, there)
    before = rows(table, INDEXES)
    with pytest.raises(NameConflict, match=what):
        create(table)
    assert rows(table, INDEXES) == before


def test_long_transaction_is_named_while_the_build_waits(
    table: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="alembic.mlb_perf")
    with table.connect() as idle:
        pid = idle.exec_driver_sql("UPDATE t SET c = 'y' WHERE id = 1; SELECT pg_backend_pid()")
        number = pid.scalar_one()
        builder = threading.Thread(target=create, args=(table,))
        builder.start()
        eventually(lambda: f"pid {number}" in caplog.text)
        run(table, "UPDATE t SET c = 'z' WHERE id = 2")  # and nobody waits for the build
        idle.rollback()
        builder.join(timeout=30)
    assert "has a transaction open for" in caplog.text
    assert rows(table, INDEXES) == [(DEFINITION, True)]


def test_long_transaction_is_named_while_a_drop_waits(
    table: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    create(table)
    caplog.set_level(logging.INFO, logger="alembic.mlb_perf")
    with table.connect() as idle:
        pid = idle.exec_driver_sql("SELECT count(*) FROM t WHERE a = 1; SELECT pg_backend_pid()")
        number = pid.scalar_one()
        dropper = threading.Thread(target=drop, args=(table,))
        dropper.start()
        eventually(lambda: f"pid {number}" in caplog.text)
        run(table, "UPDATE t SET c = 'z' WHERE id = 2")
        idle.rollback()
        dropper.join(timeout=30)
    assert "waiting for transactions that may use it: pid" in caplog.text
    assert rows(table, INDEXES) == []


@pytest.mark.parametrize(
    ("there", "what"),
    [
        ("CREATE TABLE ix_t_when ()", "is not an index"),
        ("CREATE TABLE u (b int); CREATE INDEX ix_t_when ON u (b)", "is an index of u"),
    ],
)
def test_what_is_not_the_index_is_not_dropped(table: Engine, there: str, what: str) -> None:
    run(table, there)
    with pytest.raises(NameConflict, match=what):
        drop(table)
    assert rows(table, "SELECT to_regclass('ix_t_when') IS NOT NULL") == [(True,)]


LEAVES = [
    (DEFINITION.replace(f"{NAME} ON public.t", f"{index} ON public.{leaf}"), True)
    for index, leaf in (("ix_leaf_1_when", "leaf_1"), ('"ix_leaf Two_when"', '"leaf Two"'))
]
PARENT = (DEFINITION.replace("ON public.t", "ON ONLY public.t"), True)


def test_on_a_partitioned_table_it_is_one_a_partition(partitioned: Engine) -> None:
    create(partitioned)
    assert sorted(rows(partitioned, INDEXES)) == sorted([*LEAVES, PARENT])
    create(partitioned)
    assert sorted(rows(partitioned, INDEXES)) == sorted([*LEAVES, PARENT])
    drop(partitioned)
    assert rows(partitioned, INDEXES) == []


def test_a_build_on_partitions_goes_on_where_it_was_cut_off(partitioned: Engine) -> None:
    """One leaf has its index attached, one has an INVALID one, and the parent's is INVALID."""
    run(
        partitioned,
        f"CREATE INDEX {NAME} ON ONLY t (a DESC, lower(c)) INCLUDE (b) WHERE b > 0",
        "CREATE INDEX ix_leaf_1_when ON leaf_1 (a DESC, lower(c)) INCLUDE (b) WHERE b > 0",
        f"ALTER INDEX {NAME} ATTACH PARTITION ix_leaf_1_when",
    )
    fail_to_build(
        partitioned, 'CREATE UNIQUE INDEX CONCURRENTLY "ix_leaf Two_when" ON "leaf Two" (a)'
    )
    create(partitioned)
    assert sorted(rows(partitioned, INDEXES)) == sorted([*LEAVES, PARENT])


def test_a_lock_that_is_not_available_is_given_up_and_named(partitioned: Engine) -> None:
    with partitioned.connect() as writer:
        found = writer.exec_driver_sql("INSERT INTO t VALUES (1); SELECT pg_backend_pid()")
        number = found.scalar_one()
        with pytest.raises(MigrationFailed, match=f"(?s)public.t: .* the SHARE lock.*pid {number}"):
            create(partitioned)
    assert rows(partitioned, INDEXES) == []
    retried = rows(
        partitioned,
        "SELECT error_sqlstate, lock_wait_ms >= 150 FROM performance_monitoring.optimization_log "
        "WHERE status = 'retried'",
    )
    assert len(retried) >= 2
    assert set(retried) == {("55P03", True)}
