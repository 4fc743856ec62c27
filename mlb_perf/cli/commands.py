"""The commands of ``mlb-perf``, each in a module that is imported when the command is called.

Importing all of them takes a second; ``mlb-perf --help`` needs their names and one line each.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Listed(NamedTuple):
    """A command as ``mlb-perf --help`` lists it: its module here, and its one line."""

    module: str
    line: str


COMMANDS = {
    "info": Listed("info", "Print which database is in use, its revision, and its contents."),
    "db": Listed("db", "The embedded PostgreSQL, and the address of the database in use."),
    "alembic": Listed(
        "alembic", "Run Alembic with the package's revisions: mlb-perf alembic upgrade head."
    ),
    "adopt": Listed("adopt", "Take over an existing database that has the baseline's tables."),
    "plan": Listed(
        "plan",
        "Print the revisions to come: locks, rows, disk space, expected time; change nothing.",
    ),
    "rebuilds": Listed(
        "rebuilds",
        "Rebuilds of tables: start one, their progress, and the tables that -x keep=yes kept.",
    ),
    "schema": Listed(
        "schema",
        "Print the tables, columns and keys with their meaning as Markdown, from the models.",
    ),
    "partitions": Listed(
        "partitions",
        "The months, weeks and days of partitioned tables: create ahead, detach, restore, drop.",
    ),
    "citus": Listed(
        "citus", "The tables on a cluster of Citus: plan, distribute, undistribute, status."
    ),
    "load": Listed("load", "Load files of the feeds into raw_data; existing rows stay unchanged."),
    "promote": Listed(
        "promote",
        "Promote loaded rows to staging and curated; exit status 1 if none could be promoted.",
    ),
    "alias": Listed("alias", "List, add and remove what the sources call teams and sportsbooks."),
    "sample": Listed(
        "promote", "Load and promote the package's sample, unless the database already has games."
    ),
    "status": Listed(
        "monitoring",
        "Check the database: exit status 0 all well, 1 warnings, 2 critical, 3 unknown.",
    ),
    "serve": Listed(
        "serve", "Serve the page of status and the metrics for Prometheus, until Ctrl-C."
    ),
    "grafana": Listed("serve", "Print a Grafana dashboard, or alert rules for Prometheus."),
    "maintain": Listed(
        "maintain",
        "Run the maintenance jobs that are due; exit status 1 if one failed or is late.",
    ),
    "roles": Listed(
        "roles",
        "Groups of rights for migrating, loading, promoting, asking, watching and maintaining.",
    ),
    "generate": Listed(
        "generate",
        "Fill an empty database with seasons of games, as the feeds and the pipeline make them.",
    ),
    "docs": Listed(
        "docs",
        "Print a page of the documentation; without a name, list the pages and their folder.",
    ),
    "bench": Listed(
        "bench", "Measure what the package claims, before and after an upgrade or alone."
    ),
}


class CommandGroup(TyperGroup):
    """Lists :data:`COMMANDS`, and imports the one that is called."""

    def list_commands(self, _: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: Any, cmd_name: str) -> Any:
        """The command as ``--help`` lists it: a name and a line."""
        found = COMMANDS.get(cmd_name)
        return TyperCommand(cmd_name, help=found.line) if found else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(str(name)), rest


def load(name: str) -> Any:
    """The command: of its module's ``app``, or that ``app`` if it is a group of this name."""
    module = import_module(f"mlb_perf.cli.{COMMANDS[name].module}")
    group = typer.main.get_group(module.app)
    return group.commands.get(name, group)
