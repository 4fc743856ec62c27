"""``mlb-perf alembic``: Alembic with the package's alembic.ini."""

from __future__ import annotations

from argparse import Namespace

import typer
from alembic import command
from alembic.config import CommandLine, Config
from alembic.script import ScriptDirectory

from mlb_perf.migrate.config import scripts
from mlb_perf.migrate.ini import ini_path
from mlb_perf.migrate.own_revisions import folder_for_new, next_number

app = typer.Typer()

# How Alembic's command line describes a command: the function and the options that it takes.
_AS_REVISION = (
    command.revision, ["message"], ["head", "splice", "branch_label", "version_path", "rev_id"],
)  # fmt: skip


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
