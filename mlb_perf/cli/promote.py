"""``mlb-perf promote``."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.engine import connect, migration_engine
from mlb_perf.migrate.config import target
from mlb_perf.pipeline.promote import PromoteReport, promote, retry_rejected
from mlb_perf.pipeline.promote.session import promoting
from mlb_perf.pipeline.promote.unknown import unknown_names
from mlb_perf.progress import progress

MAX_WORKERS = 32


def run_promote(
    workers: Annotated[
        int, typer.Option(min=1, max=MAX_WORKERS, help="Sessions that work side by side.")
    ] = 2,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try rejected records and parked games again.")
    ] = False,
) -> None:
    """Promote what was loaded to staging and curated; exit status 1 if nothing could be."""
    url = target().connect_url()
    with connect(migration_engine(url, {"timezone": "UTC"})) as connection:
        if retry:
            typer.echo(f"{retry_rejected(connection):,} rows are tried again")
            connection.commit()
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
        for line in (*_rejections(connection), *_parked(connection)):
            typer.echo(line)
    if report.rejected:
        with promoting(url) as connection:
            for line in unknown_names(connection):
                typer.echo(line)
    if report.rows and not report.promoted:
        raise typer.Exit(1)


def _hot_rows(connection: Connection) -> int:
    return int(connection.execute(text(sql.read("pipeline/promote/hot.sql"))).scalar_one())


def _summary(report: PromoteReport) -> str:
    rate = (report.quotes + report.splits) / report.seconds if report.seconds else 0
    rows = [
        f"{report.promoted:,} promoted",
        f"{report.rows_rejected:,} rejected",
        f"{report.rows_not_offered:,} with nothing offered",
    ]
    parked = f", {report.parked:,} parked" if report.parked else ""
    return (
        f"{report.rows:,} raw rows in {report.seconds:.1f} s: {', '.join(rows)}\n"
        f"{report.quotes:,} quotes and {report.splits:,} splits written ({rate:,.0f} a second), "
        f"{report.rejected:,} rejected, {report.not_offered:,} not offered; "
        f"{report.games:,} games brought up to date{parked}"
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


def _parked(connection: Connection) -> list[str]:
    rows = connection.execute(text(sql.read("pipeline/promote/parked.sql"))).all()
    if not rows:
        return []
    lines = [f"  game {r.game_id} ({r.away}@{r.home} on {r.game_date}): {r.reason}" for r in rows]
    heading = (
        "parked games (performance_monitoring.parked_games); their next news or "
        "mlb-perf promote --retry tries them again:"
    )
    return [heading, *lines]
