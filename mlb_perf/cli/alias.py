"""``mlb-perf alias``: what the sources call teams and sportsbooks."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import Connection

from mlb_perf.cli import shared
from mlb_perf.cli.shared import echo
from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.promote import aliases
from mlb_perf.pipeline.promote.aliases import Kind

app = typer.Typer(
    help="List, add and remove what the sources call teams and sportsbooks.", no_args_is_help=True
)

_Alias = Annotated[str | None, typer.Argument(help="The spelling; without one, list all.")]
_Source = Annotated[str, typer.Option(help="The source that spells it so.")]
_Remove = Annotated[bool, typer.Option("--remove", help="Remove the alias.")]


@app.command()
def team(
    alias: _Alias = None,
    meant: Annotated[str | None, typer.Argument(help="The team's name or code.")] = None,
    source: _Source = aliases.ANY,
    remove: _Remove = False,
) -> None:
    """Let a spelling mean a team: mlb-perf alias team SDG "San Diego Padres"."""
    _run("team", alias, meant, source, remove)


@app.command()
def book(
    alias: _Alias = None,
    meant: Annotated[str | None, typer.Argument(help="The sportsbook's key or name.")] = None,
    source: _Source = aliases.ANY,
    remove: _Remove = False,
) -> None:
    """Let a key mean a sportsbook: mlb-perf alias book dk draftkings."""
    _run("book", alias, meant, source, remove)


def _run(kind: Kind, alias: str | None, meant: str | None, source: str, remove: bool) -> None:
    with shared.connection() as connection:
        if remove:
            echo(_removed(connection, kind, alias, source))
        elif alias and meant:
            name = aliases.add(connection, kind, alias, meant, source)
            echo(f"{alias} of {source} means {name}; next: mlb-perf promote --retry")
        else:
            for row in aliases.listed(connection, kind, alias):
                echo("\t".join(row))
        connection.commit()


def _removed(connection: Connection, kind: Kind, alias: str | None, source: str) -> str:
    if alias is None or not aliases.remove(connection, kind, alias, source):
        raise LoadFailed(
            f"{source} has no alias {alias or ''}; mlb-perf alias {kind} lists them: name the "
            "source with --source"
        )
    return f"{alias} of {source} is removed"
