"""``mlb-perf``: one command a question, errors as sentences."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer
from alembic import command
from alembic.config import CommandLine
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from mlb_perf import __version__
from mlb_perf.cli import (
    alias,
    bench,
    db,
    generate,
    load,
    maintain,
    partitions,
    plan,
    promote,
    rebuilds,
    sample,
    status,
)
from mlb_perf.cli.overview import overview
from mlb_perf.engine import connect, migration_engine, safe
from mlb_perf.errors import CatalogMismatch, MlbPerfError
from mlb_perf.migrate.adopt import Comparison, compare_with_baseline
from mlb_perf.migrate.config import (
    BASELINE,
    alembic_config,
    current_revisions,
    ini_path,
    target,
)
from mlb_perf.pipeline import failures

app = typer.Typer(
    name="mlb-perf",
    help="The PostgreSQL schema of an MLB betting-odds pipeline: make it, change it, watch it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(db.app, name="db")
app.command("load")(load.load)
app.add_typer(partitions.app, name="partitions")
app.add_typer(rebuilds.app, name="rebuilds")
app.add_typer(alias.app, name="alias")
app.command("sample")(sample.sample)
app.command("promote")(promote.run_promote)
app.command("maintain")(maintain.maintain)
app.command("status", cls=status.StatusCommand)(status.status)
app.command("generate")(generate.run_generate)
app.command("bench")(bench.run_bench)
app.command("plan")(plan.run_plan)


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
        name = safe(connection.engine.url)
        if now := current_revisions(connection):
            raise CatalogMismatch(
                f"{name} is managed already: its version table says {', '.join(now)}; "
                "`mlb-perf alembic current` and `mlb-perf alembic check` say where it stands"
            )
        comparison = compare_with_baseline(connection)
    _print_differences(comparison)
    if comparison.blocking:
        raise CatalogMismatch(
            f"{name} is not the baseline (revision {BASELINE}): {len(comparison.blocking)} "
            "differences, listed above; mend them and run `mlb-perf adopt --check` again"
            if comparison.has_tables
            else f"{name} has none of the baseline's tables; `mlb-perf alembic upgrade head` "
            "makes them"
        )
    if check:
        typer.echo(f"{name} is the baseline; next: mlb-perf adopt, or alembic stamp {BASELINE}")
        return
    command.stamp(alembic_config(), BASELINE)
    typer.echo(f"{name} is stamped {BASELINE}; next: mlb-perf alembic upgrade head")


def _print_differences(comparison: Comparison) -> None:
    if not comparison.has_tables:
        return
    groups = {
        "does not matter (comments, privileges, other objects):": comparison.remarks,
        "must be mended:": comparison.blocking,
    }
    for heading, lines in groups.items():
        if lines:
            typer.echo("\n".join([heading, *(f"  {line}" for line in lines)]))


def main() -> None:
    """Run a command; an error is one sentence on standard error and a status that is not 0."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("mlb_perf").setLevel(logging.INFO)
    try:
        app(standalone_mode=True)
    except MlbPerfError as error:
        typer.echo(f"mlb-perf: {error}", err=True)
        sys.exit(error.exit_status)
    except CommandError as error:
        typer.echo(f"mlb-perf: {error}", err=True)
        sys.exit(1)
    except DBAPIError as error:
        typer.echo(f"mlb-perf: {failures.sentence(error)}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("mlb-perf: interrupted; run the same command again to go on", err=True)
        sys.exit(130)
