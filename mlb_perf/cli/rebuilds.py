"""``mlb-perf rebuilds``: how far the rebuilds of tables are, and the old tables that were kept."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, Row, text

from mlb_perf import sql
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.migrate.config import target

app = typer.Typer(
    no_args_is_help=True,
    help="Rebuilds of tables: how far they are, and the old tables that -x keep=yes has kept.",
)

RUNNER_SECONDS = 60.0
LOCK_TIMEOUT = "2s"  # nobody uses what was kept, unless somebody does


@app.command("list")
def show() -> None:
    """List each table that was rebuilt or is being rebuilt, then the tables that were kept."""
    with _connection() as connection:
        states = _read(connection, "rebuilds") if _has_states(connection) else []
        kept = _read(connection, "kept")
    for row in states:
        typer.echo(
            f"{row.table_name}: {row.direction} of {row.revision}, {row.phase}, "
            f"{row.rows_copied:,} rows copied, {row.updated_at:%Y-%m-%d %H:%M} UTC"
        )
    for row in kept:
        typer.echo(f"{row.name}: kept, {row.size}; mlb-perf rebuilds drop {row.name}")
    if not states and not kept:
        typer.echo("no table was rebuilt")


@app.command("drop")
def drop(
    table: Annotated[
        str | None,
        typer.Argument(help="As `mlb-perf rebuilds list` names it.", show_default=False),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Drop all that were kept.")] = False,
) -> None:
    """Drop a table that -x keep=yes has kept, or all of them."""
    if (table is None) != everything:
        raise ConfigurationError("name one table, or give --all; mlb-perf rebuilds list names them")
    with _connection() as connection, one_runner(connection, RUNNER_SECONDS):
        kept = {row.name: row.schema_name for row in _read(connection, "kept")}
        connection.commit()
        if table is not None and table not in kept:
            raise ConfigurationError(
                f"{table} is no table that was kept; those are {', '.join(kept) or 'none'}"
            )
        for name in [table] if table is not None else list(kept):
            _drop(connection, name, kept[name])
            typer.echo(f"{name} is dropped")


def _drop(connection: Connection, name: str, schema: str) -> None:
    connection.exec_driver_sql(f"DROP TABLE {name}")
    empty = connection.execute(
        text(sql.read("online/rebuild/empty_schemas.sql")), {"names": [schema], "next": ""}
    ).scalars()
    for left in list(empty):
        connection.exec_driver_sql(f"DROP SCHEMA {left}")
    connection.commit()


def _read(connection: Connection, name: str) -> list[Row[Any]]:
    return list(connection.execute(text(sql.read(f"online/rebuild/{name}.sql"))))


def _has_states(connection: Connection) -> bool:
    found = connection.execute(text("SELECT to_regclass('performance_monitoring.rebuilds')"))
    return found.scalar() is not None


def _connection() -> AbstractContextManager[Connection]:
    return connect(migration_engine(target().connect_url(), {"lock_timeout": LOCK_TIMEOUT}))
