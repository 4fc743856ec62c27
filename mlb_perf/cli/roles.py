"""``mlb-perf roles``: a group of rights for each part of the pipeline."""

from __future__ import annotations

import typer

from mlb_perf import roles
from mlb_perf.cli.shared import connection, echo
from mlb_perf.errors import ConfigurationError

app = typer.Typer(
    no_args_is_help=True,
    help="Groups of rights for loading, promoting, asking, watching and maintaining.",
)


@app.command("plan")
def show() -> None:
    """Print the statements that create the roles and correct their rights; change nothing."""
    with connection() as opened:
        statements = roles.plan(roles.read_state(opened))
    for statement in statements or ["-- nothing is lacking"]:
        echo(f"{statement};" if statements else statement)


@app.command("apply")
def make() -> None:
    """Create the roles, and give each exactly the rights of its part."""
    with connection() as opened, opened.begin():
        statements = roles.plan(roles.read_state(opened))
        roles.apply(opened, statements)
    echo(f"{len(statements):,} statements; next: GRANT {roles.ROLES[0].name} TO a_login")


@app.command()
def check() -> None:
    """Exit with status 2 unless each role has exactly the rights of its part."""
    with connection() as opened:
        statements = roles.plan(roles.read_state(opened))
    if statements:
        raise ConfigurationError(
            f"{len(statements):,} statements are lacking, such as {statements[0]}; "
            "see them with mlb-perf roles plan, and type mlb-perf roles apply"
        )
    echo("each role has exactly its rights")
