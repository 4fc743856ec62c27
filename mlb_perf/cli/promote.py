"""``mlb-perf promote`` and ``sample``: from ``raw_data`` to the curated tables."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, Engine, text

from mlb_perf import sql
from mlb_perf.cli import shared
from mlb_perf.cli.follow import run_follow
from mlb_perf.cli.shared import echo
from mlb_perf.engine import connect, safe
from mlb_perf.formatting import LONGEST_VALUE, plural, printable
from mlb_perf.migrate.ini import target
from mlb_perf.pipeline import promote as promotion
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.promote.session import promoting
from mlb_perf.pipeline.promote.unknown import unknown_names
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from mlb_perf.pipeline.sample.make import make
from mlb_perf.progress import progress

app = typer.Typer()


@app.command()
def promote(
    games: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[GAME]...", show_default=False, help="With --remake: game_id of the games."
        ),
    ] = None,
    workers: shared.Workers = 2,
    retry: Annotated[
        bool, typer.Option("--retry", help="Retry rejected records and parked games.")
    ] = False,
    remake: Annotated[
        bool,
        typer.Option(
            "--remake",
            help="Make the curated rows of the games again from all their "
            "quotes; of every game that has quotes if none is named.",
        ),
    ] = False,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Stay, and promote what is loaded until SIGTERM or Ctrl-C."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --follow: each line is a JSON object.")
    ] = False,
) -> None:
    """Promote loaded rows to staging and curated; exit status 1 if none could be promoted."""
    if games and not remake:
        raise typer.BadParameter("a game is named for --remake alone", param_hint="GAME")
    if as_json and not follow:
        raise typer.BadParameter("it is the form of the lines of --follow", param_hint="--json")
    with shared.connection(timezone="UTC") as connection:
        url = connection.engine.url
        if retry:
            echo(f"{promotion.retry_rejected(connection):,} rows are retried")
        if remake:
            count = promotion.queue_games(connection, games or [])
            echo(f"{plural(count, 'game')} to be made again")
        connection.commit()
        hot = int(connection.execute(text(sql.read("pipeline/promote/hot.sql"))).scalar_one())
    if follow:
        run_follow(url, workers, as_json=as_json)
    else:
        _promote(url, workers, hot)


def _promote(url: URL, workers: int, hot: int) -> None:
    with progress("promote") as shown:
        done = Counter[str]()

        def show(what: str, count: int) -> None:
            done[what] += count
            note = f"{done['rows']:,} of {hot:,} raw rows, {done['games']:,} games"
            shown.update(note, done["rows"], hot)

        report = promotion.promote(url, workers=workers, progress=show)
    echo(_summary(report))
    with shared.connection() as connection:
        for line in (*_rejections(connection), *_parked(connection)):
            echo(line)
    if report.rejected:
        with promoting(url) as session:
            for line in unknown_names(session):
                echo(line)
    if report.rows and not report.promoted:
        raise typer.Exit(1)


def _summary(report: promotion.PromoteReport) -> str:
    rate = (report.quotes + report.splits) / report.seconds if report.seconds else 0
    rows = [
        f"{report.promoted:,} promoted",
        f"{report.rows_rejected:,} rejected",
        f"{report.rows_not_offered:,} with nothing offered",
    ]
    parked = f", {report.parked:,} parked" if report.parked else ""
    return (
        f"{report.rows:,} raw rows in {report.seconds:.1f} s: {', '.join(rows)}\n"
        f"{report.quotes:,} quotes and {report.splits:,} splits written ({rate:,.0f} per second), "
        f"{report.rejected:,} rejected, {report.not_offered:,} not offered; "
        f"{report.games:,} games updated{parked}"
    )


def _rejections(connection: Connection) -> list[str]:
    rows = connection.execute(
        text(
            "SELECT source, reason_code, count(*) AS records, min(reason) AS example"
            " FROM staging.rejected_records WHERE resolved_at IS NULL"
            " GROUP BY source, reason_code ORDER BY count(*) DESC, source, reason_code LIMIT 20"
        )
    ).all()
    if not rows:
        return []
    lines = [
        f"  {r.records:>7,}  {r.source}: {r.reason_code}, "
        f"e.g. {printable(r.example, LONGEST_VALUE)}"
        for r in rows
    ]
    return ["unresolved rejections (staging.rejected_records):", *lines]


def _parked(connection: Connection) -> list[str]:
    rows = connection.execute(text(sql.read("pipeline/promote/parked.sql"))).all()
    if not rows:
        return []
    lines = [
        f"  game {r.game_id} ({r.away}@{r.home} on {r.game_date}): "
        f"{printable(r.reason, LONGEST_VALUE)}"
        for r in rows
    ]
    heading = (
        "parked games (performance_monitoring.parked_games), tried again with their next news "
        "or by mlb-perf promote --retry:"
    )
    return [heading, *lines]


@app.command()
def sample(
    here: Annotated[
        bool, typer.Option("--here", help="Also into a database other than the embedded one.")
    ] = False,
    make_files: Annotated[
        bool, typer.Option("--make", help="Only write the sample's files again, the same bytes.")
    ] = False,
) -> None:
    """Load and promote the package's sample, unless the database already has games."""
    if make_files:
        make()
        echo(f"written: {SCHEDULE}, {ODDS}")
        return
    origin = target().origin
    if origin != "embedded" and not here:
        echo(
            f"the sample's games are invented, so it is not loaded into the database in {origin}; "
            "to load it there: mlb-perf sample --here"
        )
        return
    engine = shared.engine(timezone="UTC")
    if _has_games(engine):
        echo(f"{safe(engine.url)} already has games: the sample is left out")
        return
    read = [ingest(engine, read_file(path)) for path in (SCHEDULE, ODDS)]
    report = promotion.promote(engine.url, workers=2)
    echo(
        f"sample: {sum(part.loaded for part in read):,} raw rows loaded, "
        f"{report.quotes:,} quotes promoted"
    )


def _has_games(engine: Engine) -> bool:
    with connect(engine) as connection:
        found = connection.execute(text("SELECT EXISTS (SELECT FROM curated.enhanced_games)"))
        return bool(found.scalar_one())
