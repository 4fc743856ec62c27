"""The end: the old table goes, or is kept."""

from __future__ import annotations

from sqlalchemy import text

from mlb_perf import sql
from mlb_perf.online.lock_ladder import transaction, under_lock
from mlb_perf.online.rebuild import state
from mlb_perf.online.rebuild.dependents import statistics, views
from mlb_perf.online.rebuild.target import SHADOWS, Rebuild, exists


def finish(rebuild: Rebuild) -> None:
    """After the swap nobody uses the old table; its locks are asked for briefly all the same.

    Its foreign keys go first, one by one, because dropping one locks the table
    that it refers to.
    """
    target = rebuild.target
    _drop(rebuild, target.rest)
    if target.keep:
        _keep(rebuild)
    else:
        _drop_foreign_keys(rebuild)
        _drop(rebuild, target.before)
    with transaction(rebuild.connection):
        rebuild.run(f"DROP FUNCTION IF EXISTS {target.function}()")
        _drop_empty_schemas(rebuild)
        state.advance(rebuild.connection, target, phase="finished")


def _drop(rebuild: Rebuild, table: str) -> None:
    if exists(rebuild, table):
        under_lock(
            rebuild.step,
            [table],
            "ACCESS EXCLUSIVE",
            lambda: rebuild.run(f"DROP TABLE {table}"),
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
    """What is kept is rows: it holds no key that others must heed, and takes no number.

    Statistics are asked for by nobody, and those of partitions would stand in the schema.
    Its partitions lie in the table's own schema, and their names will be wanted again.
    """
    _drop_foreign_keys(rebuild)
    statistics.drop(rebuild, rebuild.target.before)
    for column in rebuild.target.was.serial_columns:
        rebuild.run(f"ALTER TABLE {rebuild.target.before} ALTER {column} DROP DEFAULT")
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/storage.sql")), {"table": rebuild.target.before}
    ).all()
    for row in rows:
        if not row.name.startswith(f"{rebuild.target.before_schema}."):
            rebuild.run(f"ALTER TABLE {row.name} SET SCHEMA {rebuild.target.before_schema}")


def _drop_empty_schemas(rebuild: Rebuild) -> None:
    """Those that a rebuild made; what somebody put there keeps them."""
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/empty_schemas.sql")),
        {"names": [rebuild.target.before_schema, SHADOWS], "next": views.NEXT_SCHEMAS},
    ).scalars()
    for schema in list(rows):
        rebuild.run(f"DROP SCHEMA {schema}")
