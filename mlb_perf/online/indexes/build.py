"""Build and drop an index while others write, online and offline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import NameConflict
from mlb_perf.online.compare import without_table
from mlb_perf.online.given import given, is_given
from mlb_perf.online.indexes.progress import BUILD, DROP, watch
from mlb_perf.online.indexes.shape import IndexShape
from mlb_perf.online.journal import Step, autocommit, step
from mlb_perf.online.locks import Patience, patience_of, transaction, under_lock


def create(context: MigrationContext, shape: IndexShape) -> None:
    """Build the index unless the same one exists and is valid."""
    if is_given(context):
        _create_at_once(given(context), shape)
        return
    with autocommit(context):
        if context.as_sql:
            _write_offline(context, shape.create(concurrently=True), shape.comment_on())
            return
        with step(context, "create_index_online", shape.qualified) as it:
            build(it, shape, patience_of(context))
            if comment := shape.comment_on():
                execute(it.connection, comment)


def drop(context: MigrationContext, shape: IndexShape) -> None:
    """Drop the index if it exists."""
    if is_given(context):
        execute(given(context), shape.drop())
        return
    with autocommit(context):
        if context.as_sql:
            _write_offline(context, shape.drop(concurrently=True))
            return
        with step(context, "drop_index_online", shape.qualified) as it:
            found = _state(it.connection, shape)
            if found is not None and found.is_partitioned:
                _drop_partitioned(it, shape, patience_of(context))
            else:
                _drop_plain(it.connection, shape, found)


def build(it: Step, shape: IndexShape, patience: Patience) -> None:
    """Build the index of a plain or a partitioned table, on a connection in autocommit mode."""
    found = _look(it.connection, shape)
    if found.table_is_partitioned:
        _create_on_partitions(it, shape, patience, _there(found))
    else:
        _create_plain(it, shape, _there(found))


def _create_at_once(connection: Connection, shape: IndexShape) -> None:
    """Build it in the caller's transaction, which a concurrent build cannot do."""
    found = _state(connection, shape)
    if found is not None and (found.is_valid or not found.is_on_table):
        _refuse_other(connection, found, shape)
        return
    for statement in (shape.drop(), shape.create(), shape.comment_on()):
        if statement:
            execute(connection, statement)


def _create_plain(it: Step, shape: IndexShape, found: Row[Any] | None) -> None:
    if found is not None and (found.is_valid or not found.is_on_table):
        _refuse_other(it.connection, found, shape)
        return
    if found is not None:  # INVALID: a build was interrupted here; no query uses it
        _drop_plain(it.connection, shape, found)
    try:
        what = it.shown(f"index {shape.qualified}")
        patiently(it.connection, shape.create(concurrently=True), what)
    except DBAPIError as error:
        _drop_invalid(it.connection, shape, error)
        raise


def _drop_plain(connection: Connection, shape: IndexShape, found: Row[Any] | None) -> None:
    """Drop the index of that name, which must be one of that table."""
    if found is not None and not found.is_on_table:
        _refuse_other(connection, found, shape)
    patiently(connection, shape.drop(concurrently=True), f"index {shape.qualified}", DROP)


def _create_on_partitions(
    it: Step, shape: IndexShape, patience: Patience, found: Row[Any] | None
) -> None:
    """The parent's index first, INVALID until each partition has one attached to it."""
    if found is None:
        under_lock(
            it,
            [f"ONLY {shape.qualified_table}"],
            "SHARE",
            lambda: it.run(shape.create(only=True)),
            patience,
        )
    else:
        _refuse_other(it.connection, found, shape)
    for leaf in _leaves(it.connection, shape):
        if leaf.attached_index is None:
            own = shape.on_leaf(leaf.schema_name, leaf.table_name)
            _create_plain(it, own, _state(it.connection, own))
            under_lock(
                it,
                [own.qualified_table],
                "ACCESS SHARE",
                lambda own=own: it.run(  # type: ignore[misc]
                    f"ALTER INDEX {shape.qualified} ATTACH PARTITION {own.qualified}"
                ),
                patience,
            )
    state = _state(it.connection, shape)
    assert state is not None
    if not state.is_valid:
        raise NameConflict(
            f"index {shape.qualified} is not valid, because a partition was attached during the "
            "build; run again"
        )


def _drop_partitioned(it: Step, shape: IndexShape, patience: Patience) -> None:
    under_lock(
        it,
        [shape.qualified_table],
        "ACCESS EXCLUSIVE",
        lambda: it.run(shape.drop()),
        patience,
    )


def _drop_invalid(connection: Connection, shape: IndexShape, error: DBAPIError) -> None:
    """The index of a failed build would slow down every writer, and help no query."""
    if error.connection_invalidated or connection.closed:
        return
    found = _state(connection, shape)
    if found is not None and not found.is_valid:
        _drop_plain(connection, shape, found)


def _refuse_other(connection: Connection, found: Row[Any], shape: IndexShape) -> None:
    """Raise unless the name belongs to the same index."""
    if found.definition is None:
        what = "is not an index"
    elif not found.is_on_table:
        what = f"is an index of {found.table_name}"
    elif without_table(found.definition) != _definition(connection, shape):
        what = f"is another index: {found.definition}"
    else:
        return
    raise NameConflict(
        f"{shape.qualified} {what}, where mlb_perf wants {shape.create()}; rename it "
        f"(ALTER INDEX {shape.qualified} RENAME TO ...) or drop it, and run again"
    )


def is_same(connection: Connection, shape: IndexShape) -> bool:
    """Whether the index of that name, which must exist, has the definition of the shape."""
    found = _state(connection, shape)
    assert found is not None
    return without_table(found.definition) == _definition(connection, shape)


def _definition(connection: Connection, shape: IndexShape) -> str:
    """The server's definition of the index, from an empty copy of the table."""
    probe = replace(shape, schema="pg_temp", table="mlb_perf_probe", comment=None, tablespace=None)
    with transaction(connection):
        execute(
            connection,
            f"CREATE TEMPORARY TABLE mlb_perf_probe (LIKE {shape.qualified_table}) ON COMMIT DROP",
        )
        # The index gets the schema of its table; its name takes none.
        execute(connection, probe.create())
        found = _state(connection, probe)
    assert found is not None
    return without_table(found.definition)


def _look(connection: Connection, shape: IndexShape) -> Row[Any]:
    return connection.execute(
        text(sql.read("online/index_state.sql")),
        {"index": shape.qualified, "table": shape.qualified_table},
    ).one()


def _there(found: Row[Any]) -> Row[Any] | None:
    return found if found.is_there else None


def _state(connection: Connection, shape: IndexShape) -> Row[Any] | None:
    """The object of the index's name; None if there is none."""
    return _there(_look(connection, shape))


def _leaves(connection: Connection, shape: IndexShape) -> list[Row[Any]]:
    return list(
        connection.execute(
            text(sql.read("online/leaves.sql")),
            {"index": shape.qualified, "table": shape.qualified_table},
        )
    )


def patiently(connection: Connection, statement: str, what: str, query: str = BUILD) -> None:
    """Run a concurrent statement without a lock timeout, and show its progress.

    It waits for transactions that are older than itself and blocks nobody; the log names them.
    """
    before = execute(connection, sql.read("online/no_lock_timeout.sql")).one()
    try:
        with watch(connection, before.pid, what, query):
            execute(connection, statement)
    finally:
        if not connection.closed and not connection.invalidated:
            execute(connection, f"SET lock_timeout = '{before.lock_timeout}'")


def _write_offline(context: MigrationContext, *statements: str | None) -> None:
    """Write SQL; the script's lock timeout would end a build that waits for an old snapshot."""
    timeout = context.opts.get("mlb_perf_lock_timeout", "0")
    lines = ["SET lock_timeout = 0", *statements, f"SET lock_timeout = '{timeout}'"]
    for line in lines:
        if line is not None:
            context.impl.static_output(f"{line};\n")
