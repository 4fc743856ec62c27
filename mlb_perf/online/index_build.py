"""How an index is built and dropped while others write, online and offline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import NameConflict
from mlb_perf.online.compare import without_table
from mlb_perf.online.index_progress import DROP, watch
from mlb_perf.online.index_shape import IndexShape
from mlb_perf.online.journal import Step, autocommit, step
from mlb_perf.online.lock_ladder import Patience, transaction, under_lock

PATIENCE = "mlb_perf_patience"
"""The key of the context's options under which the ladder's patience is kept."""


def create(context: MigrationContext, shape: IndexShape) -> None:
    """Build the index unless it is there, valid and the same."""
    with autocommit(context):
        if context.as_sql:
            _write_offline(context, shape.create(concurrently=True), shape.comment_on())
            return
        with step(context, "create_index_online", shape.qualified) as it:
            build(it, shape, patience(context))
            if comment := shape.comment_on():
                execute(it.connection, comment)


def drop(context: MigrationContext, shape: IndexShape) -> None:
    """Drop the index if it is there."""
    with autocommit(context):
        if context.as_sql:
            _write_offline(context, shape.drop(concurrently=True))
            return
        with step(context, "drop_index_online", shape.qualified) as it:
            found = _state(it.connection, shape)
            if found is not None and found.is_partitioned:
                _drop_partitioned(it, shape, patience(context))
            else:
                _drop_plain(it.connection, shape, found)


def build(it: Step, shape: IndexShape, patience: Patience) -> None:
    """Build the index of a plain or a partitioned table, on a connection in autocommit mode."""
    if _is_partitioned(it.connection, shape):
        _create_on_partitions(it, shape, patience)
    else:
        _create_plain(it, shape)


def patience(context: MigrationContext) -> Patience:
    """How long the context's steps ask for a lock."""
    found = context.opts.get(PATIENCE)
    return found if isinstance(found, Patience) else Patience()


def _create_plain(it: Step, shape: IndexShape) -> None:
    found = _state(it.connection, shape)
    if found is not None and (found.is_valid or not found.is_on_table):
        _refuse_other(it.connection, found, shape)
        return
    if found is not None:  # INVALID: a build was cut off here; it serves nobody
        _drop_plain(it.connection, shape, found)
    try:
        with _patient(it.connection), watch(it.connection, f"index {shape.qualified}"):
            execute(it.connection, shape.create(concurrently=True))
    except DBAPIError as error:
        _drop_invalid(it.connection, shape, error)
        raise


def _drop_plain(connection: Connection, shape: IndexShape, found: Row[Any] | None) -> None:
    """Drop what is there of that name, if it is an index of that table."""
    if found is not None and not found.is_on_table:
        _refuse_other(connection, found, shape)
    with _patient(connection), watch(connection, f"index {shape.qualified}", DROP):
        execute(connection, shape.drop(concurrently=True))


def _create_on_partitions(it: Step, shape: IndexShape, patience: Patience) -> None:
    """The parent's index first, INVALID until each partition has one attached to it."""
    found = _state(it.connection, shape)
    if found is None:
        under_lock(
            it,
            [f"ONLY {shape.qualified_table}"],
            "SHARE",
            lambda: _execute(it.connection, shape.create(only=True)),
            patience,
        )
    else:
        _refuse_other(it.connection, found, shape)
    for leaf in _leaves(it.connection, shape):
        if leaf.attached_index is None:
            own = shape.on_leaf(leaf.schema_name, leaf.table_name)
            _create_plain(it, own)
            under_lock(
                it,
                [own.qualified_table],
                "ACCESS SHARE",
                lambda own=own: _execute(  # type: ignore[misc]
                    it.connection, f"ALTER INDEX {shape.qualified} ATTACH PARTITION {own.qualified}"
                ),
                patience,
            )
    state = _state(it.connection, shape)
    assert state is not None
    if not state.is_valid:
        raise NameConflict(
            f"index {shape.qualified} is not valid although every partition that was there has "
            "one; a partition was added meanwhile: run again"
        )


def _drop_partitioned(it: Step, shape: IndexShape, patience: Patience) -> None:
    under_lock(
        it,
        [shape.qualified_table],
        "ACCESS EXCLUSIVE",
        lambda: _execute(it.connection, shape.drop()),
        patience,
    )


def _drop_invalid(connection: Connection, shape: IndexShape, error: DBAPIError) -> None:
    """A failed build's index would cost every writer, and serve nobody."""
    if error.connection_invalidated or connection.closed:
        return
    found = _state(connection, shape)
    if found is not None and not found.is_valid:
        _drop_plain(connection, shape, found)


def _refuse_other(connection: Connection, found: Row[Any], shape: IndexShape) -> None:
    """The name must belong to this very index."""
    if found.definition is None:
        what = "is something else than an index"
    elif not found.is_on_table:
        what = f"is an index of {found.table_name}"
    elif without_table(found.definition) != _words_of_server(connection, shape):
        what = f"is another index: {found.definition}"
    else:
        return
    raise NameConflict(
        f"{shape.qualified} {what}, where mlb_perf wants {shape.create()}; rename it "
        f"(ALTER INDEX {shape.qualified} RENAME TO ...) or drop it, and run again"
    )


def _words_of_server(connection: Connection, shape: IndexShape) -> str:
    """PostgreSQL's own words for the index, from an empty copy of the table."""
    probe = IndexShape(
        **{**vars(shape), "schema": "pg_temp", "table": "mlb_perf_probe", "comment": None}
    )
    with transaction(connection):
        execute(
            connection,
            f"CREATE TEMPORARY TABLE mlb_perf_probe (LIKE {shape.qualified_table}) ON COMMIT DROP",
        )
        # The index lands in its table's schema; a name before it is not allowed.
        execute(connection, probe.create())
        found = _state(connection, probe)
    assert found is not None
    return without_table(found.definition)


def _state(connection: Connection, shape: IndexShape) -> Row[Any] | None:
    return connection.execute(
        text(sql.read("online/index_state.sql")),
        {"index": shape.qualified, "table": shape.qualified_table},
    ).one_or_none()


def _leaves(connection: Connection, shape: IndexShape) -> list[Row[Any]]:
    return list(
        connection.execute(
            text(sql.read("online/leaves.sql")),
            {"index": shape.qualified, "table": shape.qualified_table},
        )
    )


def _is_partitioned(connection: Connection, shape: IndexShape) -> bool:
    kind = connection.execute(
        text("SELECT relkind FROM pg_class WHERE oid = CAST(:table AS regclass)"),
        {"table": shape.qualified_table},
    ).scalar_one()
    return str(kind) == "p"


@contextmanager
def _patient(connection: Connection) -> Iterator[None]:
    """Without a lock timeout: a concurrent build waits for old snapshots, and blocks nobody."""
    before = execute(connection, "SHOW lock_timeout").scalar_one()
    execute(connection, "SET lock_timeout = 0")
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            execute(connection, f"SET lock_timeout = '{before}'")


def _execute(connection: Connection, statement: str) -> None:
    execute(connection, statement)


def _write_offline(context: MigrationContext, *statements: str | None) -> None:
    """As SQL: the header's lock timeout would end a build that waits for an old snapshot."""
    timeout = context.opts.get("mlb_perf_lock_timeout", "0")
    lines = ["SET lock_timeout = 0", *statements, f"SET lock_timeout = '{timeout}'"]
    for line in lines:
        if line is not None:
            context.impl.static_output(f"{line};\n")
