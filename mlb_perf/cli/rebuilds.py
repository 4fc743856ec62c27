"""``mlb-perf rebuilds``: the progress of rebuilds, and the old tables that were kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, Row, text

from mlb_perf import sql
from mlb_perf.cli.shared import echo, reading
from mlb_perf.errors import ConfigurationError
from mlb_perf.journal import JOURNAL
from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.migrate.notices import notices
from mlb_perf.migrate.owner import as_owner
from mlb_perf.online.locks import Patience
from mlb_perf.online.rebuild.state import has_states
from mlb_perf.partitions.rebuild import rebuild
from mlb_perf.partitions.rebuild_command import Kind, command

app = typer.Typer(
    no_args_is_help=True,
    help="Rebuilds of tables: start one, their progress, and the tables that -x keep=yes kept.",
)

RUNNER_SECONDS = 60.0
LOCK_TIMEOUT = "2s"  # another session may read a kept table


@app.command("list")
def show() -> None:
    """List each table that was rebuilt or is being rebuilt, then the tables that were kept."""
    with _connection() as connection:
        states = _read(connection, "rebuilds") if has_states(connection, JOURNAL) else []
        kept = _read(connection, "kept")
        unfinished = notices(connection)
    for row in states:
        echo(
            f"{row.table_name}: {row.direction} of {row.revision}, {row.phase}, "
            f"{row.rows_copied:,} rows copied, {row.updated_at:%Y-%m-%d %H:%M} UTC"
        )
        if row.phase != "finished" and (finish := command(row.revision, row.table_name)):
            echo(f"{row.table_name}: finish it with: {finish}")
    for line in unfinished:
        echo(line)
    for row in kept:
        echo(f"{row.name}: kept, {row.size}; mlb-perf rebuilds drop {row.name}")
    if not states and not kept:
        echo("no table was rebuilt")


@app.command()
def start(
    table: Annotated[str, typer.Argument(help="As in SQL, e.g. curated.betting_lines_unified.")],
    patience: Annotated[
        float, typer.Option("--patience", min=0.1, help="Seconds to retry to acquire a lock.")
    ] = 600.0,
) -> None:
    """Repack a bloated table while others read and write it; or finish an interrupted repack."""
    echo(f"{rebuild_now(table, 'repack', patience)} is repacked")


def rebuild_now(table: str, kind: Kind, patience: float) -> str:
    """Rebuild a table, alone; its qualified name."""
    allowed = Patience(total_seconds=patience, raised_by="use a longer --patience")
    with _connection() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with cancel_on_interrupt(connection), one_runner(connection, RUNNER_SECONDS):
            return rebuild(connection, table, kind, allowed)


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
    return list(connection.execute(JOURNAL.query(f"rebuild/{name}.sql")))


@contextmanager
def _connection() -> Iterator[Connection]:
    with reading(lock_timeout=LOCK_TIMEOUT) as connection, as_owner(connection):
        yield connection
