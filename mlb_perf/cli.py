"""``mlb-perf``: one command a question, errors as sentences."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer
from alembic import command
from alembic.config import CommandLine
from sqlalchemy.exc import DBAPIError

from mlb_perf import __version__, cli_db, cli_promote
from mlb_perf.engine import connect, migration_engine, safe
from mlb_perf.errors import CatalogMismatch, MlbPerfError
from mlb_perf.migrate.adopt import compare_with_baseline
from mlb_perf.migrate.config import BASELINE, alembic_config, ini_path, target
from mlb_perf.overview import overview

app = typer.Typer(
    name="mlb-perf",
    help="The PostgreSQL schema of an MLB betting-odds pipeline: make it, change it, watch it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_db.app, name="db")
app.command("promote")(cli_promote.run_promote)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mlb-perf {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of all commands."""


@app.command(
    "alembic",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
)
def run_alembic(context: typer.Context) -> None:
    """Run Alembic with the package's revisions: mlb-perf alembic upgrade head."""
    arguments = list(context.args)
    if not any(item in ("-c", "--config") or item.startswith("--config=") for item in arguments):
        arguments = ["-c", str(ini_path()), *arguments]
    CommandLine(prog="mlb-perf alembic").main(argv=arguments)


@app.command()
def info() -> None:
    """Say which database is in use, its revision, and what is in it."""
    where = target()
    with connect(migration_engine(where.connect_url(), {})) as connection:
        typer.echo(overview(connection, where.origin))


@app.command()
def adopt(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; list each difference, change nothing.")
    ] = False,
) -> None:
    """Take over an existing database that has the baseline's tables."""
    with connect(migration_engine(target().connect_url(), {})) as connection:
        comparison = compare_with_baseline(connection)
        name = safe(connection.engine.url)
    for line in (*comparison.remarks, *comparison.blocking):
        typer.echo(line)
    if comparison.blocking:
        raise CatalogMismatch(
            f"{name} is not the baseline (revision {BASELINE}): {len(comparison.blocking)} "
            "differences, listed above; mend them and run `mlb-perf adopt --check` again"
        )
    if check:
        typer.echo(f"{name} is the baseline; next: mlb-perf adopt, or alembic stamp {BASELINE}")
        return
    command.stamp(alembic_config(), BASELINE)
    typer.echo(f"{name} is stamped {BASELINE}; next: mlb-perf alembic upgrade head")


def main() -> None:
    """Run a command; an error is one sentence on standard error and a status that is not 0."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("mlb_perf").setLevel(logging.INFO)
    try:
        app()
    except MlbPerfError as error:
        typer.echo(f"mlb-perf: {error}", err=True)
        sys.exit(error.exit_status)
    except DBAPIError as error:
        typer.echo(f"mlb-perf: the server said: {' '.join(str(error.orig).split())}", err=True)
        sys.exit(1)
