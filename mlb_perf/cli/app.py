"""``mlb-perf``: all commands."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from mlb_perf import __version__
from mlb_perf.cli import (
    alias,
    bench,
    db,
    generate,
    load,
    migrations,
    monitoring,
    partitions,
    plan,
    promote,
    rebuilds,
)
from mlb_perf.cli.shared import reported
from mlb_perf.progress import Printable

app = typer.Typer(
    name="mlb-perf",
    help="The PostgreSQL schema of an MLB betting-odds pipeline: create, migrate, load, monitor.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("info")(migrations.info)
app.add_typer(db.app, name="db")
app.command("alembic", context_settings=migrations.PASS_ALL)(migrations.alembic)
app.command("adopt")(migrations.adopt)
app.command("plan")(plan.run_plan)
app.add_typer(rebuilds.app, name="rebuilds")
app.command("schema")(migrations.schema)
app.add_typer(partitions.app, name="partitions")
app.command("load")(load.load)
app.command("promote")(promote.promote)
app.add_typer(alias.app, name="alias")
app.command("sample")(promote.sample)
app.command("status", cls=monitoring.StatusCommand)(monitoring.status)
app.command("maintain")(monitoring.maintain)
app.command("generate")(generate.run_generate)
app.add_typer(bench.app, name="bench")


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


def main() -> None:
    """Run a command; an error is one sentence on standard error and a status other than 0."""
    handler = logging.StreamHandler()
    handler.setFormatter(Printable("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("mlb_perf").setLevel(logging.INFO)
    with reported():
        app(standalone_mode=True)
