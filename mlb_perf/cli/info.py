"""``mlb-perf info``: the database, its contents, the next commands."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import typer
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.cli.shared import echo, reading
from mlb_perf.engine import safe
from mlb_perf.migrate.ini import target
from mlb_perf.migrate.position import position
from mlb_perf.schemas import SCHEMAS
from mlb_perf.settings import Origin

app = typer.Typer()

_ORIGINS: dict[Origin, str] = {
    "MLB_PERF_DATABASE_URL": "from MLB_PERF_DATABASE_URL",
    "alembic.ini": "from sqlalchemy.url in alembic.ini",
    "embedded": "the embedded PostgreSQL of this machine, which keeps running",
}

_HAS_LINES = text("SELECT to_regclass('curated.betting_lines_unified')")

_NEXT = (
    ("db psql", "open it in psql"),
    ("status", "check its state; each finding comes with its fix"),
    ("alembic history --verbose", "the revisions and the locks that they take"),
    ("alembic upgrade head", "upgrade the schema"),
    ("alembic downgrade base", "remove the schema"),
    ("--help", "the other commands"),
)


@app.command()
def info() -> None:
    """Print which database is in use, its revision, and its contents."""
    with reading() as opened:
        echo(render(opened, target().origin))


def render(connection: Connection, origin: Origin) -> str:
    """The text; the row counts are estimates from the statistics."""
    version = connection.execute(text("SHOW server_version")).scalar_one()
    lines = [
        f"Database  {safe(connection.engine.url)}",
        f"          {_ORIGINS[origin]}; PostgreSQL {version}",
        f"Revision  {_revision(connection)}",
        "",
        *_schemas(connection),
        "",
        "Next:",
        *_next(),
    ]
    return "\n".join(lines) + question_and_answer(connection)


def _next() -> list[str]:
    """Commands to type here: by name if the shell finds it, else by path."""
    program = Path(sys.argv[0])
    if shutil.which(program.name) == str(program) or program.name != "mlb-perf":
        name = "mlb-perf"
    else:
        inside = program.is_relative_to(Path.cwd())
        name = str(program.relative_to(Path.cwd()) if inside else program)
    commands = [(f"{name} {arguments}", meaning) for arguments, meaning in _NEXT]
    width = max(len(command) for command, _ in commands)
    return [f"  {command:<{width}}  {meaning}" for command, meaning in commands]


def _revision(connection: Connection) -> str:
    found = position(connection)
    now, heads = ", ".join(found.now), ", ".join(found.heads)
    is_one = len(found.heads) == 1
    if found.is_newest:
        return f"{now} ({'head' if is_one else 'heads'})"
    return f"{now or 'none'}; {'head is' if is_one else 'heads are'} {heads}; {found.remedy}"


def _schemas(connection: Connection) -> list[str]:
    query = text(sql.read("catalog/overview.sql"))
    rows = connection.execute(query, {"schemas": list(SCHEMAS)})
    return [
        f"  {row.schema_name:<23}{row.tables:>3} tables  about {row.live_rows:,} rows, {row.size}  "
        f"{(row.comment or '').removesuffix(' (mlb_perf)')}"
        for row in rows
    ] or ["  none of the package's schemas exists"]


def question_and_answer(connection: Connection) -> str:
    """An application's question about the latest game with closing lines.

    Empty without such a game or without the schema.
    """
    if connection.execute(_HAS_LINES).scalar_one() is None:
        return ""
    row = connection.execute(text(sql.read("pipeline/example.sql"))).one_or_none()
    if row is None:
        return ""
    return (
        f"\n\nQuestion  What was the best closing price on each side of {row.away} at {row.home}, "
        f"{row.game_date}?\n"
        f"Answer    {row.home} {row.home_price:+d} at {row.home_book}, {row.away} "
        f"{row.away_price:+d} at {row.away_book}; without vig {row.home} had "
        f"{row.home_probability:.1%}{_result(row.home_score, row.away_score)}"
    )


def _result(home_score: int | None, away_score: int | None) -> str:
    if home_score is None or away_score is None:
        return "."
    return f". It ended {home_score} to {away_score}."
