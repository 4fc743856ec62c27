"""``mlb-perf db``: the embedded PostgreSQL, and the address of the database in use."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import URL

from mlb_perf.embedded import EmbeddedServer, ServerStatus, Started, find_binaries
from mlb_perf.embedded.libpq import libpq_url
from mlb_perf.engine import connect, migration_engine, safe
from mlb_perf.errors import ConfigurationError, DatabaseUnreachable, ServerBinariesNotFound
from mlb_perf.migrate.config import target

NOT_RUNNING = 3  # what init scripts answer for a service that does not run

app = typer.Typer(
    no_args_is_help=True,
    help="The embedded PostgreSQL, and the address of the database in use.",
)


@app.command()
def start(
    tcp: Annotated[bool, typer.Option("--tcp", help="Listen on 127.0.0.1 too.")] = False,
    port: Annotated[
        int | None, typer.Option(help="The TCP port; the one of last time, or a free one.")
    ] = None,
) -> None:
    """Start the embedded PostgreSQL, made first if absent; it is left running."""
    server = EmbeddedServer()
    done = server.start(tcp_port=port or 0 if tcp or port is not None else None)
    typer.echo(_what_was_done(done, server.status()))
    typer.echo(f"url: {libpq_url(server.url())}")
    if done.tcp_port is not None:
        typer.echo(
            f"on TCP too: port {done.tcp_port} of 127.0.0.1; mlb-perf db url --tcp prints that "
            "URL, with its password"
        )
    if (origin := target().origin) != "embedded":
        typer.echo(f"other commands use the database that {origin} names, not this", err=True)


@app.command()
def stop() -> None:
    """Stop the embedded PostgreSQL, ending its sessions."""
    server = EmbeddedServer()
    stopped = server.stop()
    typer.echo(f"{'stopped' if stopped else 'not running'}; the data are in {server.home}")


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Say where the database is; exit status 0 if it answers, 3 if not."""
    where = target()
    said = _embedded_status() if where.url is None else _other_status(where.origin, where.url)
    if as_json:
        typer.echo(json.dumps(said, default=str))
    else:
        for name, value in said.items():
            typer.echo(f"{name.replace('_', ' ')}: {_in_words(value)}")
    raise typer.Exit(0 if said["running"] else NOT_RUNNING)


@app.command()
def url(
    tcp: Annotated[bool, typer.Option("--tcp", help="Over 127.0.0.1, with the password.")] = False,
) -> None:
    """Print the database's URL as libpq takes it: psql "$(mlb-perf db url)"."""
    where = target()
    if where.url is not None and tcp:
        raise ConfigurationError(
            f"--tcp is of the embedded server, and {where.origin} names another database; "
            f"leave out --tcp, or unset {where.origin}"
        )
    typer.echo(libpq_url(where.url or EmbeddedServer().url(tcp=tcp)))


@app.command(context_settings={"ignore_unknown_options": True})
def psql(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Given to psql as they are.")
    ] = None,
) -> None:
    """Open the database in psql, started first if it is the embedded one."""
    where = target()
    address = where.connect_url()
    program = EmbeddedServer().binaries().program("psql") if where.url is None else _any_psql()
    # In the environment, because every user of the machine can read a command line.
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    words = [str(program), f"--dbname={libpq_url(address, password=False)}", *(arguments or [])]
    sys.stdout.flush()
    os.execve(program, words, environment)  # noqa: S606  no shell, and the path is absolute


def _what_was_done(done: Started, found: ServerStatus) -> str:
    made = f"made a cluster in {found.data_directory}; " if done.created else ""
    how = "was running already"
    if done.restarted:
        how = f"restarted, because {done.reason}"
    elif done.started:
        how = "started"
    return f"{made}PostgreSQL {found.version} {how} (process {found.pid})"


def _embedded_status() -> dict[str, Any]:
    server = EmbeddedServer()
    found = asdict(server.status())
    return {"origin": "embedded", "url": libpq_url(server.url())} | found


def _other_status(origin: str, address: URL) -> dict[str, Any]:
    said: dict[str, Any] = {"origin": origin, "url": safe(address), "running": True}
    try:
        with connect(migration_engine(address, {})) as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
    except DatabaseUnreachable as error:
        return said | {"running": False, "error": str(error)}
    return said | {"version": str(version).split()[0]}


def _any_psql() -> Path:
    """The psql of the embedded server's binaries, or the one on PATH."""
    try:
        return find_binaries().program("psql")
    except ServerBinariesNotFound:
        found = shutil.which("psql")
        if found is None:
            raise
        return Path(found)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
