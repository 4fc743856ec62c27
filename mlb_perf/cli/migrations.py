"""``mlb-perf info``, ``alembic``, ``adopt``, ``schema``: the schema and its revisions."""

from __future__ import annotations

from argparse import Namespace
from typing import Annotated, Any

import typer
from alembic import command
from alembic.config import CommandLine, Config
from alembic.script import ScriptDirectory

from mlb_perf.cli import info_page, schema_page
from mlb_perf.cli.shared import reading
from mlb_perf.engine import safe
from mlb_perf.errors import CatalogMismatch
from mlb_perf.migrate.adopt import Comparison, compare_with_baseline
from mlb_perf.migrate.config import (
    BASELINE,
    alembic_config,
    current_revisions,
    ini_path,
    scripts,
    target,
)
from mlb_perf.migrate.own_revisions import folder_for_new, next_number

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
    _CommandLine(prog="mlb-perf alembic").main(argv=arguments)


class _CommandLine(CommandLine):
    """Alembic's, which writes new revisions into the user's folder, under the user's numbers."""

    def run_cmd(self, config: Config, options: Namespace) -> None:
        if options.cmd[0] in (command.init, command.list_templates):
            super().run_cmd(config, options)
            return
        script = scripts(config)  # refuses mistakes in them, also where Alembic does not
        if options.cmd[0] in (command.revision, command.merge):
            self._place(script, options)
        super().run_cmd(config, options)

    def _place(self, script: ScriptDirectory, options: Namespace) -> None:
        if (folder := folder_for_new(script)) is None:
            return
        options.rev_id = options.rev_id or next_number(script, folder)
        options.version_path = getattr(options, "version_path", None) or folder
        if options.cmd[0] is command.merge:  # Alembic writes it beside the first of the revisions
            options.cmd, options.head = _AS_REVISION, options.revisions


_AS_REVISION = (
    command.revision, ["message"], ["head", "splice", "branch_label", "version_path", "rev_id"],
)  # fmt: skip


def info() -> None:
    """Print which database is in use, its revision, and its contents."""
    with reading() as opened:
        typer.echo(info_page.render(opened, target().origin))


def schema() -> None:
    """Print the tables, columns and keys with their meaning as Markdown, from the models."""
    typer.echo(schema_page.markdown(), nl=False)


def adopt(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare: list each difference, change nothing.")
    ] = False,
) -> None:
    """Take over an existing database that has the baseline's tables."""
    with reading() as opened:
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
        typer.echo(f"{name} is the baseline; next: mlb-perf adopt, or alembic stamp {BASELINE}")
        return
    command.stamp(alembic_config(), BASELINE)
    typer.echo(f"{name} is stamped {BASELINE}; next: mlb-perf alembic upgrade head")


def _print_differences(comparison: Comparison) -> None:
    if not comparison.has_tables:
        return
    groups = {
        "harmless (comments, privileges, other objects):": comparison.remarks,
        "to be fixed:": comparison.blocking,
    }
    for heading, lines in groups.items():
        if lines:
            typer.echo("\n".join([heading, *(f"  {line}" for line in lines)]))
