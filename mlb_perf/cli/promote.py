"""``mlb-perf promote``."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, text

from mlb_perf import sql
from mlb_perf.cli.follow import run_follow
from mlb_perf.engine import connect, migration_engine
from mlb_perf.formatting import plural
from mlb_perf.migrate.config import target
from mlb_perf.pipeline.promote import PromoteReport, promote, queue_games, retry_rejected
from mlb_perf.progress import progress

MAX_WORKERS = 32


def run_promote(
    games: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[GAME]...", help="With --remake: game_id of the games.", show_default=False
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MAX_WORKERS,
            show_default="2, or 1 with --follow",
            help="Sessions that work side by side.",
        ),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try rejected records again: an alias was added.")
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
    """Promote what was loaded: raw_data to staging to curated."""
    if games and not remake:
        raise typer.BadParameter("a game is named for --remake alone", param_hint="GAME")
    if as_json and not follow:
        raise typer.BadParameter("it is the form of the lines of --follow", param_hint="--json")
    url = target().connect_url()
    _prepare(url, retry=retry, remake=remake, games=games or [])
    if follow:
        run_follow(url, workers or 1, as_json=as_json)
    else:
        _promote(url, workers or 2)


def _prepare(url: URL, *, retry: bool, remake: bool, games: list[int]) -> None:
    with connect(migration_engine(url, {"timezone": "UTC"})) as connection:
        if retry:
            typer.echo(f"{retry_rejected(connection):,} rows are tried again")
        if remake:
            typer.echo(f"{plural(queue_games(connection, games), 'game')} to be made again")
        connection.commit()


def _promote(url: URL, workers: int) -> None:
    with connect(migration_engine(url, {"timezone": "UTC"})) as connection:
        hot = _hot_rows(connection)
    with progress("promote") as shown:
        done = Counter[str]()

        def tell(what: str, count: int) -> None:
            done[what] += count
            note = f"{done['rows']:,} of {hot:,} raw rows, {done['games']:,} games"
            shown.update(note, done["rows"], hot)

        report = promote(url, workers=workers, progress=tell)
    typer.echo(_summary(report))
    with connect(migration_engine(url, {})) as connection:
        for line in _rejections(connection):
            typer.echo(line)


def _hot_rows(connection: Connection) -> int:
    return int(connection.execute(text(sql.read("pipeline/promote/hot.sql"))).scalar_one())


def _summary(report: PromoteReport) -> str:
    rate = (report.quotes + report.splits) / report.seconds if report.seconds else 0
    return (
        f"promoted {report.rows:,} raw rows in {report.seconds:.1f} s: {report.quotes:,} quotes "
        f"and {report.splits:,} splits ({rate:,.0f} a second), {report.rejected:,} rejected; "
        f"{report.games:,} games brought up to date"
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
    lines = [f"  {r.records:>7,}  {r.source}: {r.reason_code}, e.g. {r.example}" for r in rows]
    return ["standing rejections (staging.rejected_records):", *lines]
