"""A new revision before it is written: its operations, its number, its folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import scripts
from mlb_perf.migrate.own_revisions import folder_for_new, next_number
from mlb_perf.online.environment import indexes_online

_ALEMBICS = re.compile(r"[0-9a-f]{12}|")


def process(
    context_: MigrationContext, heads: Iterable[str | None], directives: list[MigrationScript]
) -> None:
    """Make autogenerate's operations online, and give the revision its number and its folder."""
    indexes_online(context_, heads, directives)
    _number(context_, heads, directives)


def _number(
    _context: MigrationContext, _heads: Iterable[str | None], directives: list[MigrationScript]
) -> None:
    """A new revision takes the next number, and is written into the user's folder if there is one.

    As ``--rev-id`` and ``--version-path`` would do it.
    """
    script = scripts(context.config)
    folder: str | os.PathLike[str] | None
    try:
        folder = folder_for_new(script)
    except ConfigurationError as error:
        folder = _Refused(str(error))
    for directive in directives:
        if not _is_numbered(directive.rev_id):
            directive.rev_id = next_number(script, folder)
        # Alembic's generate_revision takes any path.
        directive.version_path = directive.version_path or folder  # type: ignore[assignment]


class _Refused(os.PathLike[str]):
    """A place that Alembic may not write to; `alembic check` comes here too, and writes nothing."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __fspath__(self) -> str:
        raise CommandError(self.reason)


def _is_numbered(revision: str | None) -> bool:
    """Whether the user gave the number; Alembic's own has 12 hexadecimal digits."""
    given = getattr(context.config.cmd_opts, "rev_id", None)
    return given is not None or _ALEMBICS.fullmatch(revision or "") is None
