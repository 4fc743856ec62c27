"""The end: the old table is dropped, or kept."""

from __future__ import annotations

from sqlalchemy import text

from mlb_perf import sql
from mlb_perf.names import quote
from mlb_perf.online.locks import transaction, under_lock
from mlb_perf.online.rebuild import dropped_columns, state
from mlb_perf.online.rebuild.dependents import statistics, views
from mlb_perf.online.rebuild.target import Rebuild, exists, unless_dropped
from mlb_perf.online.shadows import SHADOWS


def finish(rebuild: Rebuild) -> None:
    """Drop the old table, or keep it. Nobody uses it any more; the ladder asks for the locks.

    Its foreign keys go first, one by one, because dropping one locks the referenced table.
    """
    target = rebuild.target
    _drop(rebuild, target.rest)
    dropped_columns.keep(rebuild)
    if target.keep:
        _keep(rebuild)
    else:
        _drop_foreign_keys(rebuild)
        _drop(rebuild, target.before)
    _drop_triggers(rebuild)
    with transaction(rebuild.connection):
        rebuild.run(f"DROP FUNCTION IF EXISTS {target.function}()")
        dropped_columns.forget(rebuild)
        _drop_empty_schemas(rebuild)
        if not rebuild.ends_with_revision:
            state.advance(rebuild, phase="finished")


def _drop(rebuild: Rebuild, table: str) -> None:
    if exists(rebuild, table):
        under_lock(
            rebuild.step,
            [table],
            "ACCESS EXCLUSIVE",
            lambda: rebuild.run(f"DROP TABLE {table}"),
            rebuild.patience,
        )


def _drop_triggers(rebuild: Rebuild) -> None:
    """Those that are left on partitions: of a kept table, and detached ones."""
    found = rebuild.connection.execute(
        text(sql.read("online/rebuild/sync_triggers.sql")),
        {"function": f"{rebuild.target.function}()"},
    ).all()
    for trigger in found:
        with unless_dropped(trigger.table_name):
            under_lock(
                rebuild.step,
                [trigger.table_name],
                "ACCESS EXCLUSIVE",
                lambda trigger=trigger: rebuild.run(  # type: ignore[misc]
                    f"DROP TRIGGER {trigger.name} ON {trigger.table_name}"
                ),
                rebuild.patience,
            )


def _drop_foreign_keys(rebuild: Rebuild) -> None:
    rows = rebuild.connection.execute(
        text(
            "SELECT quote_ident(conname) AS name, confrelid::regclass::text AS referenced"
            " FROM pg_constraint"
            " WHERE conrelid = to_regclass(:table) AND contype = 'f' AND conparentid = 0"
        ),
        {"table": rebuild.target.before},
    ).all()
    for row in rows:
        under_lock(
            rebuild.step,
            [rebuild.target.before, row.referenced],
            "ACCESS EXCLUSIVE",
            lambda name=row.name: rebuild.run(  # type: ignore[misc]
                f"ALTER TABLE {rebuild.target.before} DROP CONSTRAINT {name}"
            ),
            rebuild.patience,
        )


def _keep(rebuild: Rebuild) -> None:
    """Keep the rows, without foreign keys, defaults and statistics.

    The partitions leave the table's schema, where the next rebuild needs their names.
    """
    _drop_foreign_keys(rebuild)
    statistics.drop(rebuild, rebuild.target.before)
    for column in rebuild.target.was.serial_columns:
        rebuild.run(f"ALTER TABLE {rebuild.target.before} ALTER {quote(column)} DROP DEFAULT")
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/storage.sql")), {"table": rebuild.target.before}
    ).all()
    for row in rows:
        if not row.name.startswith(f"{quote(rebuild.target.before_schema)}."):
            rebuild.run(f"ALTER TABLE {row.name} SET SCHEMA {quote(rebuild.target.before_schema)}")


def _drop_empty_schemas(rebuild: Rebuild) -> None:
    """Drop the schemas that a rebuild created, unless another user's objects are in them."""
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/empty_schemas.sql")),
        {"names": [rebuild.target.before_schema, SHADOWS], "next": views.NEXT_SCHEMAS},
    ).scalars()
    for schema in list(rows):
        rebuild.run(f"DROP SCHEMA {schema}")
