"""``mlb-perf roles``: a group of rights for each part of the pipeline."""

from __future__ import annotations

import typer
from sqlalchemy import Connection

from mlb_perf import roles
from mlb_perf.cli.shared import administering, echo
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate import version_table
from mlb_perf.migrate.config import alembic_config

app = typer.Typer(
    no_args_is_help=True,
    help="Groups of rights for migrating, loading, promoting, asking, watching and maintaining.",
)


def _state(opened: Connection) -> roles.State:
    return roles.read_state(opened, version_table.options(alembic_config()))


@app.command("plan")
def show() -> None:
    """Print the statements that create the roles and correct their rights; change nothing."""
    with administering() as opened:
        statements = roles.plan(_state(opened))
    for statement in statements or ["-- nothing is lacking"]:
        echo(f"{statement};" if statements else statement)


@app.command("apply")
def make() -> None:
    """Create the roles, and give each exactly the rights of its part."""
    with administering() as opened, opened.begin():
        statements = roles.plan(_state(opened))
        roles.apply(opened, statements)
        # From a role with some right on the table, but not that one, GRANT and REVOKE only warn.
        if left := roles.plan(_state(opened)):
            raise ConfigurationError(
                f"{left[0]} has no effect as this role, and nothing was changed; run it as the "
                "owner of the schemas, or as a superuser"
            )
    echo(f"{len(statements):,} statements; next: GRANT {roles.ROLES[1].name} TO a_login")


@app.command()
def check() -> None:
    """Exit with status 2 unless each role has exactly the rights of its part."""
    with administering() as opened:
        statements = roles.plan(_state(opened))
    if statements:
        raise ConfigurationError(
            f"{len(statements):,} statements are lacking, such as {statements[0]}; "
            "see them with mlb-perf roles plan, and type mlb-perf roles apply"
        )
    echo("each role has exactly its rights")
