"""``mlb-perf db``: the embedded PostgreSQL, and the address of the database in use."""

from __future__ import annotations

import getopt
import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import URL

from mlb_perf.cli.shared import AsJson, echo
from mlb_perf.embedded import EmbeddedServer, ServerStatus, Started, find_binaries
from mlb_perf.engine import connect, libpq_url, migration_engine, safe
from mlb_perf.errors import ConfigurationError, DatabaseUnreachable, ServerBinariesNotFound
from mlb_perf.migrate.ini import target
from mlb_perf.settings import Target

_PSQL_OPTIONS = "aAbc:d:eEf:F:h:HlL:no:p:P:qR:sStT:U:v:VwWxXz01?"
_PSQL_LONG_OPTIONS = ["username=", "host=", "port=", "dbname=", "command=", "file=", "output="]
_PLACES = frozenset({"-U", "--username", "-h", "--host", "-p", "--port", "-d", "--dbname"})

AsSuperuser = Annotated[
    bool, typer.Option("--superuser", help="As the superuser of the embedded server.")
]

NOT_RUNNING = 3  # as init scripts report a service that does not run

app = typer.Typer(
    no_args_is_help=True,
    help="The embedded PostgreSQL, and the address of the database in use.",
)


@app.command()
def start() -> None:
    """Start the embedded PostgreSQL, creating it first if absent; it keeps running."""
    server = EmbeddedServer()
    done = server.start()
    echo(_what_was_done(done, server.status()))
    echo(f"url: {libpq_url(server.url())}")
    if (origin := target().origin) != "embedded":
        echo(f"other commands use the database in {origin}, not this one", err=True)


@app.command()
def stop() -> None:
    """Stop the embedded PostgreSQL, ending its sessions."""
    server = EmbeddedServer()
    stopped = server.stop()
    echo(f"{'stopped' if stopped else 'not running'}; the data are in {server.home}")


@app.command()
def status(
    as_json: AsJson = False,
) -> None:
    """Print the database's address and state; exit status 0 if it answers, 3 if not."""
    where = target()
    found = _embedded_status() if where.url is None else _other_status(where.origin, where.url)
    if as_json:
        echo(json.dumps(found, default=str))
    else:
        for name, value in found.items():
            echo(f"{name.replace('_', ' ')}: {_as_text(value)}")
    raise typer.Exit(0 if found["running"] else NOT_RUNNING)


@app.command()
def url(superuser: AsSuperuser = False) -> None:
    """Print the database's URL in libpq's form: psql "$(mlb-perf db url)"."""
    where = _refuse_superuser(target(), superuser=superuser)
    echo(libpq_url(where.url or EmbeddedServer().url(superuser=superuser)))


@app.command(context_settings={"ignore_unknown_options": True})
def psql(
    arguments: Annotated[list[str] | None, typer.Argument(help="Passed to psql unchanged.")] = None,
    superuser: AsSuperuser = False,
) -> None:
    """Open the database in psql; start it first if it is the embedded one."""
    _refuse_places(arguments or [])
    where = _refuse_superuser(target(), superuser=superuser)
    address = where.connect_url(superuser=superuser)
    program = EmbeddedServer().binaries().program("psql") if where.url is None else _any_psql()
    # In the environment, because every user of the machine can read a command line.
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    words = [str(program), f"--dbname={libpq_url(address, password=False)}", *(arguments or [])]
    sys.stdout.flush()
    os.execve(program, words, environment)  # noqa: S606  no shell, and the path is absolute


def _refuse_superuser(where: Target, *, superuser: bool) -> Target:
    if superuser and where.url is not None:
        raise ConfigurationError(
            f"--superuser: {where.origin} says which role connects; the option is for the embedded "
            "server, whose superuser needs no password"
        )
    return where


def _refuse_places(arguments: list[str]) -> None:
    """psql would ignore these options: the URL says where to connect, and as which role."""
    try:
        given, _ = getopt.gnu_getopt(arguments, _PSQL_OPTIONS, _PSQL_LONG_OPTIONS)
    except getopt.GetoptError:
        return  # psql reports it
    for name, value in given:
        if name in _PLACES:
            raise ConfigurationError(
                f"{name} {value}: db psql connects as the URL of the database says; to connect "
                f"otherwise, name that in MLB_PERF_DATABASE_URL, or type psql itself"
            )


def _what_was_done(done: Started, found: ServerStatus) -> str:
    made = f"created a cluster in {found.data_directory}; " if done.created else ""
    how = "was already running"
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
    state: dict[str, Any] = {"origin": origin, "url": safe(address), "running": True}
    try:
        with connect(migration_engine(address, {})) as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
    except DatabaseUnreachable as error:
        return state | {"running": False, "error": str(error)}
    return state | {"version": str(version).split()[0]}


def _any_psql() -> Path:
    """The psql of the embedded server's binaries, or the one on PATH."""
    try:
        return find_binaries().program("psql")
    except ServerBinariesNotFound:
        found = shutil.which("psql")
        if found is None:
            raise
        return Path(found)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
