"""``mlb-perf sample``: a few invented days, so that a new database has something to ask."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import Engine, text

from mlb_perf.engine import connect, migration_engine, safe
from mlb_perf.migrate.config import target
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from mlb_perf.pipeline.sample.make import make


def sample(
    here: Annotated[
        bool, typer.Option("--here", help="Also into a database that is not the embedded one.")
    ] = False,
    make_files: Annotated[
        bool, typer.Option("--make", help="Only write the sample's files again, the same bytes.")
    ] = False,
) -> None:
    """Load and promote the package's own sample, unless the database has games already."""
    if make_files:
        make()
        typer.echo(f"written: {SCHEDULE}, {ODDS}")
        return
    where = target()
    if where.origin != "embedded" and not here:
        typer.echo(
            f"{where.origin} names a database of yours, and the sample's games are invented: left "
            "out; to have them there all the same, mlb-perf sample --here"
        )
        return
    engine = migration_engine(where.connect_url(), {"timezone": "UTC"})
    if _has_games(engine):
        typer.echo(f"{safe(engine.url)} has games already: the sample is left out")
    else:
        read = [ingest(engine, read_file(path)) for path in (SCHEDULE, ODDS)]
        report = promote(engine.url, workers=2)
        typer.echo(
            f"sample: {sum(part.loaded for part in read):,} raw rows loaded, "
            f"{report.quotes:,} quotes promoted"
        )


def _has_games(engine: Engine) -> bool:
    with connect(engine) as connection:
        found = connection.execute(text("SELECT EXISTS (SELECT FROM curated.enhanced_games)"))
        return bool(found.scalar_one())
