"""``mlb-perf adopt``: take over a database that has the baseline's tables."""

from __future__ import annotations

from typing import Annotated

import typer
from alembic import command

from mlb_perf.cli.shared import echo, reading
from mlb_perf.engine import safe
from mlb_perf.errors import CatalogMismatch
from mlb_perf.migrate.adopt import Comparison, compare_with_baseline
from mlb_perf.migrate.config import BASELINE, alembic_config, current_revisions

app = typer.Typer()


@app.command()
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
