"""``mlb-perf alembic``: Alembic with the package's alembic.ini."""

from __future__ import annotations

import typer
from alembic.config import CommandLine

from mlb_perf.migrate.config import ini_path

app = typer.Typer()


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def alembic(context: typer.Context) -> None:
    """Run Alembic with the package's revisions: mlb-perf alembic upgrade head."""
    arguments = list(context.args)
    if not any(item in ("-c", "--config") or item.startswith("--config=") for item in arguments):
        arguments = ["-c", str(ini_path()), *arguments]
    CommandLine(prog="mlb-perf alembic").main(argv=arguments)
