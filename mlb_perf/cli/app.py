"""``mlb-perf``: all commands."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

import mlb_perf
from mlb_perf.cli.commands import CommandGroup
from mlb_perf.formatting import Printable

app = typer.Typer(
    cls=CommandGroup,
    name="mlb-perf",
    help="The PostgreSQL schema of an MLB betting-odds pipeline: create, migrate, load, monitor.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mlb-perf {mlb_perf.__version__}")
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
    try:
        app(standalone_mode=True)
    except Exception:
        from mlb_perf.cli.shared import reported  # imports SQLAlchemy, which --help does without

        with reported():
            raise
