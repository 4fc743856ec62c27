"""``mlb-perf rebuilds``: the progress of rebuilds, and the old tables that were kept."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, Row, text

from mlb_perf import sql
from mlb_perf.cli.shared import echo
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.migrate.config import target
from mlb_perf.migrate.half_done import notices
from mlb_perf.online.rebuild.state import has_states

app = typer.Typer(
    no_args_is_help=True,
    help="Rebuilds of tables: their progress, and the old tables that -x keep=yes has kept.",
)

RUNNER_SECONDS = 60.0
LOCK_TIMEOUT = "2s"  # another session may read a kept table


@app.command("list")
def show() -> None:
    """List each table that was rebuilt or is being rebuilt, then the tables that were kept."""
    with _connection() as connection:
        states = _read(connection, "rebuilds") if has_states(connection) else []
        kept = _read(connection, "kept")
        unfinished = notices(connection)
    for row in states:
        echo(
            f"{row.table_name}: {row.direction} of {row.revision}, {row.phase}, "
            f"{row.rows_copied:,} rows copied, {row.updated_at:%Y-%m-%d %H:%M} UTC"
        )
    for line in unfinished:
        echo(line)
    for row in kept:
        echo(f"{row.name}: kept, {row.size}; mlb-perf rebuilds drop {row.name}")
    if not states and not kept:
        echo("no table was rebuilt")


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
                f"{table} is not a kept table; the kept tables are {', '.join(kept) or 'none'}"
            )
        for name in [table] if table is not None else list(kept):
            _drop(connection, name, kept[name])
            echo(f"{name} is dropped")


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


def _connection() -> AbstractContextManager[Connection]:
    return connect(migration_engine(target().connect_url(), {"lock_timeout": LOCK_TIMEOUT}))
