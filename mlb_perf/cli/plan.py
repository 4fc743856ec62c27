"""``mlb-perf plan``: the steps of an upgrade or a downgrade, before it runs."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from mlb_perf.cli.shared import echo, reading
from mlb_perf.errors import CatalogMismatch
from mlb_perf.formatting import in_words
from mlb_perf.migrate.forecast import Expected, Forecast, Rates, forecast
from mlb_perf.migrate.notices import notices
from mlb_perf.migrate.position import position

app = typer.Typer()

_DEFAULTS = Rates()


@app.command("plan")
def run_plan(
    destination: Annotated[str, typer.Argument(help="A revision, head or base.")] = "head",
    copied: Annotated[
        float, typer.Option(min=1, help="Rows a second that a rebuild copies here.")
    ] = _DEFAULTS.copied,
    indexed: Annotated[
        float, typer.Option(min=1, help="Rows a second that one index takes in here.")
    ] = _DEFAULTS.indexed,
) -> None:
    """Print the revisions to come: locks, rows, disk space, expected time; change nothing."""
    with reading() as connection:
        now = ", ".join(_known(connection)) or "none"
        rates = Rates(copied=copied, indexed=indexed)
        found = forecast(connection, destination, rates)
        unfinished = notices(connection)
    for line in unfinished:
        echo(line)
    if not found.steps:
        echo(f"nothing to do: the database is at {now}")
        return
    echo(f"from revision {now} to {destination}")
    _print(found)


def _known(connection: Connection) -> tuple[str, ...]:
    """The revisions of the database, from which a plan can begin."""
    found = position(connection)
    if not found.is_plannable:
        raise CatalogMismatch(f"the database is at {', '.join(found.now)}; {found.remedy}")
    return found.now


def _print(found: Forecast) -> None:
    table = Table("revision", "what", "table", "strongest lock", box=None, pad_edge=False)
    for heading in ("rows", "space", "seconds"):
        table.add_column(heading, justify="right")
    for step in found.steps:
        if step.what != "change the catalog":
            table.add_row(*_row(step))
    Console(width=150, highlight=False).print(table)
    echo(
        f"about {found.seconds:,.0f} s in all, and {in_words(found.space, 'bytes')} of disk space "
        "at most, and the WAL that is kept; each attempt at a lock is short"
    )
    moved = [step for step in found.steps if step.moves_columns]
    for step in moved:
        echo(f"{step.revision}: the columns of {step.on} change places")
    if moved:
        echo(
            "before, name the columns in each INSERT, COPY and SELECT of these tables; afterwards, "
            "reconnect sessions with a prepared SELECT * (docs/deployment.md, Before)"
        )


def _row(step: Expected) -> list[str]:
    return [
        step.revision, step.what, step.on, step.lock,
        f"{step.rows:,}", in_words(step.extra_bytes, "bytes"), f"{step.seconds:.1f}",
    ]  # fmt: skip
