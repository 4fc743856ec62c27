"""``mlb-perf info``, ``alembic``, ``adopt``, ``schema``: the schema and its revisions."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from alembic import command
from alembic.config import CommandLine

from mlb_perf.cli import info_page, schema_page
from mlb_perf.cli.shared import connection, echo
from mlb_perf.engine import safe
from mlb_perf.errors import CatalogMismatch
from mlb_perf.migrate.adopt import Comparison, compare_with_baseline
from mlb_perf.migrate.config import (
    BASELINE,
    alembic_config,
    current_revisions,
    ini_path,
    target,
)

PASS_ALL: dict[str, Any] = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}
"""Typer's settings for :func:`alembic`, which passes all options on."""


def alembic(context: typer.Context) -> None:
    """Run Alembic with the package's revisions: mlb-perf alembic upgrade head."""
    arguments = list(context.args)
    if not any(item in ("-c", "--config") or item.startswith("--config=") for item in arguments):
        arguments = ["-c", str(ini_path()), *arguments]
    CommandLine(prog="mlb-perf alembic").main(argv=arguments)


def info() -> None:
    """Print which database is in use, its revision, and its contents."""
    with connection() as opened:
        echo(info_page.render(opened, target().origin))


def schema() -> None:
    """Print the tables, columns and keys with their meaning as Markdown, from the models."""
    echo(schema_page.markdown(), nl=False)


def adopt(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare: list each difference, change nothing.")
    ] = False,
) -> None:
    """Take over an existing database that has the baseline's tables."""
    with connection() as opened:
        name = safe(opened.engine.url)
        if now := current_revisions(opened):
            raise CatalogMismatch(
                f"{name} is already managed: its version table holds {', '.join(now)}; "
                "compare it with `mlb-perf alembic current` and `mlb-perf alembic check`"
            )
        comparison = compare_with_baseline(opened)
    _print_differences(comparison)
    if comparison.blocking:
        raise CatalogMismatch(
            f"{name} is not the baseline (revision {BASELINE}): {len(comparison.blocking)} "
            "differences, listed above; fix them and run `mlb-perf adopt --check` again"
            if comparison.has_tables
            else f"{name} has none of the baseline's tables; create them with `mlb-perf alembic "
            "upgrade head`"
        )
    if check:
        echo(f"{name} is the baseline; next: mlb-perf adopt, or alembic stamp {BASELINE}")
        return
    command.stamp(alembic_config(), BASELINE)
    echo(f"{name} is stamped {BASELINE}; next: mlb-perf alembic upgrade head")


def _print_differences(comparison: Comparison) -> None:
    if not comparison.has_tables:
        return
    groups = {
        "harmless (comments, privileges, other objects):": comparison.remarks,
        "to be fixed:": comparison.blocking,
    }
    for heading, lines in groups.items():
        if lines:
            echo("\n".join([heading, *(f"  {line}" for line in lines)]))
