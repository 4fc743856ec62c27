"""``mlb-perf generate``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from mlb_perf.cli.shared import echo
from mlb_perf.dataset import DatasetReport, generate
from mlb_perf.dataset.run import STAGING_DAYS, UNTIL
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.ini import target
from mlb_perf.progress import progress

app = typer.Typer()

MAX_WORKERS = 32
MAX_SCALE = 20.0


@app.command("generate")
def run_generate(
    scale: Annotated[
        float, typer.Option(min=0.0005, max=MAX_SCALE, help="Seasons of 2,430 games each.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Same seed, same rows.")] = 1,
    until: Annotated[
        str, typer.Option(metavar="DATE", help="The last day of the data, in UTC.")
    ] = UNTIL.isoformat(),
    staging_days: Annotated[
        int, typer.Option(min=0, help="Days of games whose every quote stays in staging.")
    ] = STAGING_DAYS,
    workers: Annotated[
        int, typer.Option(min=1, max=MAX_WORKERS, help="Processes that write side by side.")
    ] = 2,
) -> None:
    """Fill an empty database with seasons of games, as the feeds and the pipeline make them."""
    try:
        day = dt.date.fromisoformat(until)
    except ValueError as error:
        raise ConfigurationError(f"--until {until} is not a date; write 2026-09-25") from error
    url = target().connect_url()
    with progress("games") as shown:
        report = generate(
            url, scale, seed, until=day, staging_days=staging_days, workers=workers,
            progress=lambda what, done, of: shown.update(f"{done:,} of {of:,} {what}", done, of),
        )  # fmt: skip
    echo(_summary(report))


def _summary(report: DatasetReport) -> str:
    return (
        f"{report.games:,} games with {report.raw_rows:,} raw rows in {report.seconds:.1f} s "
        f"({report.raw_rows / report.seconds:,.0f} a second), and what follows from them in "
        "staging, curated, analytics and operational"
    )
